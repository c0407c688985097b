using System.Reflection;

namespace Freshet.Cli;

/// <summary>The version of this program.</summary>
internal static class ProgramVersion
{
    /// <summary>The version as <c>0.1.0</c>, without the build metadata.</summary>
    public static string Number { get; } = Read();

    private static string Read()
    {
        string version = typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? "0";
        int plus = version.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 ? version : version[..plus];
    }
}
