using System.Net;
using System.Net.NetworkInformation;

namespace Freshet.Network;

/// <summary>Which name servers the system is configured to ask.</summary>
internal static class NameServers
{
    /// <summary>The port of a name server.</summary>
    public const int Port = 53;

    private const string Configured = "/etc/resolv.conf";
    private const string Keyword = "nameserver";

    // What programs on this machine that serve names ask themselves: systemd-resolved, NetworkManager's dnsmasq.
    private static readonly string[] Uplinks = ["/run/systemd/resolve/resolv.conf", "/run/NetworkManager/no-stub-resolv.conf"];

    /// <summary>
    /// The name servers of an interface where the system has some for each (Windows, macOS), otherwise those of the system. A server on
    /// this machine would ask others by any interface, so for a binding those that it asks itself come first, if they are known.
    /// </summary>
    /// <param name="interfaceName">The interface; null for any.</param>
    public static IReadOnlyList<IPAddress> Read(string? interfaceName)
    {
        if (!OperatingSystem.IsLinux())
            return ReadInterfaces(interfaceName);
        IPAddress[] configured = ReadFile(Configured);
        return Array.TrueForAll(configured, IPAddress.IsLoopback) ? [.. Uplinks.SelectMany(ReadFile), .. configured] : configured;
    }

    /// <summary>
    /// The name servers that the system's own resolver asks, by any interface. Only on Linux is it known which these are: elsewhere rules
    /// of the system decide for each name, and each interface has its own.
    /// </summary>
    public static IReadOnlyList<IPAddress> ReadOfSystem() => OperatingSystem.IsLinux() ? ReadFile(Configured) : [];

    /// <summary>The name servers in a file as <c>resolv.conf</c>.</summary>
    public static IPAddress[] Parse(IEnumerable<string> lines) =>
    [
        .. lines.Select(static line => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(static words => words.Length > 1 && words[0] == Keyword)
            .Select(static words => IPAddress.TryParse(words[1], out IPAddress? address) ? address : null)
            .OfType<IPAddress>()
            .Distinct(),
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
                    .Distinct(),
            ];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }
}
