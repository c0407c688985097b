using System.Buffers.Binary;
using System.Net;

namespace Freshet.Core.Peers;

/// <summary>
/// Who a peer belongs to, as far as can be known: an IPv4 address, the first 64 bits of an IPv6 address (what a subscriber is assigned, any
/// address of which the subscriber can use), or the host of a web seed. Blame and bans apply to origins, and so do limits per network.
/// </summary>
internal readonly record struct Origin
{
    // Marks an origin that is a whole IPv6 site, in place of the port: the site's first network has the same bits.
    private const int WholeSite = -1;

    private readonly Bytes16 _network;
    private readonly int _port;
    private readonly string? _host;

    private Origin(Bytes16 network, int port, string? host)
    {
        _network = network;
        _port = port;
        _host = host;
    }

    /// <summary>
    /// The origin to blame for what an end point sent. On loopback, where all peers share one address, it includes the port.
    /// </summary>
    public static Origin Of(IPEndPoint endPoint) =>
        new(NetworkBits(endPoint.Address), IPAddress.IsLoopback(endPoint.Address) ? endPoint.Port : 0, null);

    /// <summary>The origin whose connections and slots are counted together, on loopback as well.</summary>
    public static Origin OfNetwork(IPAddress address) => new(NetworkBits(address), 0, null);

    /// <summary>The origin to blame for what a web seed sent.</summary>
    public static Origin OfHost(string host) => new(default, 0, host.ToLowerInvariant());

    /// <summary>The host of a web seed; null for an address.</summary>
    public string? Host => _host;

    /// <summary>The IPv6 site of the origin (its first 48 bits); null if there is none.</summary>
    public Origin? Site =>
        _host is null && _port != WholeSite && _network.High != 0 ? new(new Bytes16(_network.High >> 16 << 16, 0), WholeSite, null) : null;

    // IPv4 addresses are below 2^32, where no IPv6 network can be, since its low half is zero.
    private static Bytes16 NetworkBits(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        plain.TryWriteBytes(bytes, out int length);
        return length == 4
            ? new Bytes16(0, BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new Bytes16(BinaryPrimitives.ReadUInt64BigEndian(bytes), 0);
    }
}
