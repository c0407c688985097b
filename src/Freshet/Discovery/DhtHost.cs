using System.Globalization;
using System.Net;

namespace Freshet.Discovery;

/// <summary>A DHT node as users and torrents name it.</summary>
/// <param name="Name">A host name, or an address.</param>
/// <param name="Port">Its UDP port.</param>
internal readonly record struct DhtHost(string Name, int Port)
{
    /// <summary>Parses <c>host:port</c>; an IPv6 address is in brackets.</summary>
    public static bool TryParse(string text, out DhtHost host)
    {
        host = default;
        int colon = text.LastIndexOf(':');
        if (colon <= 0
            || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            || port == 0)
            return false;
        string name = text[..colon];
        bool isBracketed = name.StartsWith('[') && name.EndsWith(']');
        if (isBracketed)
            name = name[1..^1];
        if (isBracketed ? !IPAddress.TryParse(name, out _) : Uri.CheckHostName(name) is UriHostNameType.Unknown or UriHostNameType.IPv6)
            return false;
        host = new DhtHost(name, port);
        return true;
    }
}
