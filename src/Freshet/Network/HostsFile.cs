using System.Net;

namespace Freshet.Network;

/// <summary>The names that this machine knows by itself, of which nobody is asked.</summary>
internal static class HostsFile
{
    private const string Localhost = "localhost";

    private static string Location => OperatingSystem.IsWindows()
        ? Path.Combine(Environment.SystemDirectory, "drivers", "etc", "hosts")
        : "/etc/hosts";

    /// <summary>The addresses of a host; none if it is not there.</summary>
    public static IPAddress[] Find(string host)
    {
        IPAddress[] found;
        try
        {
            found = Find(File.ReadLines(Location), host);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            found = [];
        }

        // RFC 6761, 6.3: these are this machine whatever a file or a server says.
        bool isThisMachine = host.Equals(Localhost, StringComparison.OrdinalIgnoreCase)
            || host.EndsWith("." + Localhost, StringComparison.OrdinalIgnoreCase);
        return found.Length == 0 && isThisMachine ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : found;
    }

    /// <summary>The addresses of a host in the lines of such a file: an address, then names; from '#' on a line is a comment.</summary>
    public static IPAddress[] Find(IEnumerable<string> lines, string host) =>
    [
        .. lines.Select(static line => line.Split('#')[0].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Skip(1).Contains(host, StringComparer.OrdinalIgnoreCase))
            .Select(static words => IPAddress.TryParse(words[0], out IPAddress? address) ? address : null)
            .OfType<IPAddress>()
            .Distinct(),
    ];
}
