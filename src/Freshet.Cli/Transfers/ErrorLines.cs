using Freshet.Cli.Consoles;
using Freshet.Cli.Output;

namespace Freshet.Cli.Transfers;

/// <summary>The lines of a run on the error stream. Thread-safe; lines are never mixed.</summary>
internal sealed class ErrorLines(IConsoleStreams streams)
{
    private readonly Lock _lock = new();

    public static string OfWarning(string message) => "freshet: warning: " + Clean(message);

    public static string OfError(string message) => "freshet: " + Clean(message);

    public void Warning(string message) => Write(OfWarning(message));

    public void Error(string message) => Write(OfError(message));

    public void Write(string line)
    {
        lock (_lock)
            streams.Error.WriteLine(line);
    }

    private static string Clean(string message) => SafeText.Of(Secrets.Mask(message));
}
