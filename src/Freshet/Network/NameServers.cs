using System.Net;
using System.Net.NetworkInformation;

namespace Freshet.Network;

/// <summary>Which name servers the system is configured to ask.</summary>
internal static class NameServers
{
    private const string Uplinks = "/run/systemd/resolve/resolv.conf";
    private const string Keyword = "nameserver";

    /// <summary>
    /// The name servers of an interface where the system has some for each (Windows, macOS), otherwise those of the system. A server on
    /// this machine would ask others by any interface, so where systemd-resolved is one, those that it asks itself are taken.
    /// </summary>
    /// <param name="interfaceName">The interface; null for any.</param>
    public static IReadOnlyList<IPAddress> Read(string? interfaceName)
    {
        IPAddress[] configured = OperatingSystem.IsLinux() ? ReadFile("/etc/resolv.conf") : ReadInterfaces(interfaceName);
        return OperatingSystem.IsLinux() && Array.TrueForAll(configured, IPAddress.IsLoopback)
            ? [.. ReadFile(Uplinks), .. configured]
            : configured;
    }

    /// <summary>The name servers in a file as <c>resolv.conf</c>.</summary>
    public static IPAddress[] Parse(IEnumerable<string> lines) =>
    [
        .. lines.Select(static line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(static words => words.Length > 1 && words[0] == Keyword)
            .Select(static words => IPAddress.TryParse(words[1], out IPAddress? address) ? address : null)
            .OfType<IPAddress>()
            .Distinct()
            .Take(NetworkLimits.MaxNameServers),
    ];

    private static IPAddress[] ReadFile(string path)
    {
        try
        {
            return Parse(File.ReadLines(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IPAddress[] ReadInterfaces(string? name)
    {
        try
        {
            return
            [
                .. NetworkInterface.GetAllNetworkInterfaces()
                    .Where(one => one.OperationalStatus == OperationalStatus.Up && (name is null || one.Name == name))
                    .SelectMany(static one => one.GetIPProperties().DnsAddresses)
                    .Distinct()
                    .Take(NetworkLimits.MaxNameServers),
            ];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }
}
