namespace Freshet.Cli.Output;

/// <summary>Reports synchronously, on the calling thread. The framework's <see cref="Progress{T}"/> reports later, in any order.</summary>
internal sealed class DirectProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
