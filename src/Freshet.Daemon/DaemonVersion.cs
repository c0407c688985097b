using System.Reflection;

namespace Freshet.Daemon;

/// <summary>The version of the program.</summary>
internal static class DaemonVersion
{
    public static string Number { get; } = typeof(DaemonVersion).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
