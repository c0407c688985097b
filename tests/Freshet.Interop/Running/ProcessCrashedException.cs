namespace Freshet.Interop.Running;

/// <summary>A program that is not ours died by a signal while a test was waiting for something that needs it.</summary>
public sealed class ProcessCrashedException(string crash, string tail) : Exception($"{crash}:\n{tail}")
{
    /// <summary>Which program, and which signal.</summary>
    public string Crash { get; } = crash;
}
