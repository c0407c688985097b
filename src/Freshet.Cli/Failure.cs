using Freshet.Api;
using Freshet.Cli.Output;

namespace Freshet.Cli;

/// <summary>Puts failures into words.</summary>
internal static class Failure
{
    /// <summary>Whether this is something that happens, rather than a bug of ours.</summary>
    public static bool IsExpected(Exception e) =>
        e is CliException or FreshetException or DaemonException or IOException or UnauthorizedAccessException;

    /// <summary>What went wrong and what to do next, in a line.</summary>
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
