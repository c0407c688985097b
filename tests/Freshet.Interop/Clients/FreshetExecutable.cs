using System.Diagnostics;

namespace Freshet.Interop.Clients;

/// <summary>
/// The freshet to drive: the program that the variable FRESHET names (for example a published one), or else the one that was built beside
/// this assembly, which the project of this assembly ensures.
/// </summary>
public static class FreshetExecutable
{
    /// <summary>The first words of the command; the arguments follow.</summary>
    public static IReadOnlyList<string> Command { get; } = Find();

    /// <summary>Whether a command line runs Freshet.</summary>
    public static bool IsFreshet(string commandLine) => commandLine.Contains(Command[^1], StringComparison.Ordinal);

    /// <summary>Null if it runs and has the required commands; otherwise a line that says what is wrong.</summary>
    public static string? ReasonMissing()
    {
        if (!File.Exists(Command[^1]))
            return $"freshet was not built: there is no {Command[^1]}";
        string help = Help();
        string[] missing = [.. new[] { "download", "seed", "create", "verify", "tracker" }
            .Where(command => !help.Contains($" {command} ", StringComparison.Ordinal))];
        return missing is [] ? null : $"this build of freshet has no command {string.Join(", ", missing)}";
    }

    private static string[] Find()
    {
        if (Environment.GetEnvironmentVariable("FRESHET") is { Length: > 0 } named)
            return [Path.GetFullPath(named)];

        // artifacts/bin/<project>/<configuration>/
        string here = AppContext.BaseDirectory.TrimEnd('/');
        string program = Path.GetFullPath(Path.Combine(here, "..", "..", "Freshet.Cli", Path.GetFileName(here), "Freshet.Cli.dll"));
        return [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", program];
    }

    private static string Help()
    {
        using Process process = Process.Start(new ProcessStartInfo(Command[0], [.. Command.Skip(1), "--help"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string help = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return help;
    }
}
