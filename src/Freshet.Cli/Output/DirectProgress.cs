namespace Freshet.Cli.Output;

/// <summary>
/// Reports at once, on the thread that has something to report. The framework's <see cref="Progress{T}"/> reports later, in any order.
/// </summary>
internal sealed class DirectProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
