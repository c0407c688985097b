using Freshet.Api;
using Freshet.Cli.Output;

namespace Freshet.Cli;

/// <summary>Describes failures to people.</summary>
internal static class Failure
{
    /// <summary>Whether the exception is an expected failure and not a bug.</summary>
    public static bool IsExpected(Exception e) =>
        e is CliException or FreshetException or DaemonException or IOException or UnauthorizedAccessException;

    /// <summary>What went wrong and what to do next, on one line.</summary>
    public static string Describe(Exception e) => e is CliException { Advice: { } advice } ? $"{e.Message} {advice}" : e.Message;

    public static void Report(Exception e, TextWriter error)
    {
        error.WriteLine("freshet: " + SafeText.Of(Secrets.Mask(e.Message)));
        foreach (string line in (e as CliException)?.Details ?? [])
            error.WriteLine("  " + SafeText.Of(Secrets.Mask(line)));
        if (e is CliException { Advice: { } advice })
            error.WriteLine(SafeText.Of(Secrets.Mask(advice)));
    }
}
