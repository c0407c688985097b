using System.Globalization;

namespace Freshet.Cli.Consoles;

/// <summary>The number of files and connections that the system lets this process have open.</summary>
internal static class HandleLimit
{
    /// <summary>With fewer, the runtime itself fails in obscure ways, since it loads parts of a program when it needs them.</summary>
    public const int Fewest = 128;

    private const string Row = "Max open files";

    /// <summary>What is wrong with this process's limit; null if nothing is, or if the system does not say.</summary>
    public static string? FindTrouble()
    {
        try
        {
            return OperatingSystem.IsLinux() ? FindTrouble(File.ReadLines("/proc/self/limits")) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <param name="limits">The lines of <c>/proc/self/limits</c>: a limit's name, its soft value, its hard one, and the unit.</param>
    /// <inheritdoc cref="FindTrouble()"/>
    public static string? FindTrouble(IEnumerable<string> limits)
    {
        string? row = limits.FirstOrDefault(static line => line.StartsWith(Row, StringComparison.Ordinal));
        string? soft = row?[Row.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return int.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit < Fewest
            ? $"The system allows this process {limit} open files and connections; {Fewest} are needed. "
                + "Raise the limit: ulimit -n 1024, or LimitNOFILE= in a systemd unit."
            : null;
    }
}
