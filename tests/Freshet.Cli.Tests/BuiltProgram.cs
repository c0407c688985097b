namespace Freshet.Cli.Tests;

/// <summary>The program to start as a process: the published file if FRESHET names it, otherwise what was built with the tests.</summary>
internal static class BuiltProgram
{
    /// <summary>The first words of the command; the arguments follow.</summary>
    public static IReadOnlyList<string> Command { get; } = Find();

    // artifacts/bin/<project>/<configuration>/
    private static string[] Find()
    {
        if (Environment.GetEnvironmentVariable("FRESHET") is { Length: > 0 } published)
            return [published];
        string here = AppContext.BaseDirectory.TrimEnd('/');
        return ["dotnet", Path.GetFullPath(Path.Combine(here, "..", "..", "Freshet.Cli", Path.GetFileName(here), "Freshet.Cli.dll"))];
    }
}
