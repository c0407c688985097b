using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;

namespace Freshet.Core.PortMapping;

/// <summary>
/// The search for UPnP gateways over SSDP (UPnP Device Architecture 1.1, section 1.3). A response is only accepted if the description is on
/// the very host that responded: anybody on the network can respond, and could supply any URL.
/// </summary>
internal static class SsdpAnswer
{
    public const int Port = 1900;

    private const string Device = "urn:schemas-upnp-org:device:InternetGatewayDevice:";

    /// <summary>The search targets, the later version first.</summary>
    public static IReadOnlyList<string> Targets { get; } = [Device + "2", Device + "1"];

    public static IPAddress Group { get; } = new([239, 255, 255, 250]);

    public static byte[] WriteSearch(string target) => Encoding.ASCII.GetBytes(
        $"M-SEARCH * HTTP/1.1\r\nHOST: {Group}:{Port}\r\nMAN: \"ssdp:discover\"\r\nMX: 2\r\nST: {target}\r\n\r\n");

    /// <summary>Parses a response; false if it is invalid or leads to another host.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, IPAddress sender, [NotNullWhen(true)] out Uri? location)
    {
        location = null;
        if (datagram.Length > PortMappingLimits.MaxSsdpLength)
            return false;
        string[] lines = Encoding.Latin1.GetString(datagram).Split('\n');
        if (!lines[0].StartsWith("HTTP/1.", StringComparison.OrdinalIgnoreCase) || !lines[0].Contains(" 200 ", StringComparison.Ordinal))
            return false;
        string? target = Header(lines, "ST");
        return target?.StartsWith(Device, StringComparison.OrdinalIgnoreCase) == true
            && Uri.TryCreate(Header(lines, "LOCATION"), UriKind.Absolute, out location)
            && IsOf(location, sender);
    }

    /// <summary>Whether a URL is plain HTTP to the given address.</summary>
    public static bool IsOf(Uri url, IPAddress host) =>
        url.Scheme == Uri.UriSchemeHttp && url.UserInfo.Length == 0 && url.Port > 0 && host.Equals(AddressOf(url));

    /// <summary>
    /// The address that is the host of a URL; null if it has a name. Names are not even read: to turn one into ASCII throws if it is one
    /// that <see cref="Uri"/> accepts and IDN does not.
    /// </summary>
    public static IPAddress? AddressOf(Uri url) =>
        url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6 && IPAddress.TryParse(url.Host, out IPAddress? address)
            ? address
            : null;

    private static string? Header(string[] lines, string name)
    {
        foreach (string line in lines)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon == name.Length && line.StartsWith(name, StringComparison.OrdinalIgnoreCase))
                return line[(colon + 1)..].Trim();
        }

        return null;
    }
}
