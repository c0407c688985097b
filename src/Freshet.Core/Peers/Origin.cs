using System.Buffers.Binary;
using System.Net;

namespace Freshet.Core.Peers;

/// <summary>
/// Whose a peer is, as far as can be known: an IPv4 address, the first 64 bits of an IPv6 address (what a subscriber is given, who can take
/// any address within), or the host of a web seed. Blame and bans go by it, and so do the shares of an address.
/// </summary>
internal readonly record struct Origin
{
    // Stands for a port where the origin is a whole IPv6 site: its first network has the same bits.
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
    /// The origin to blame for what an end point sent. On loopback, where all peers have one address, the port belongs to it.
    /// </summary>
    public static Origin Of(IPEndPoint endPoint) =>
        new(NetworkBits(endPoint.Address), IPAddress.IsLoopback(endPoint.Address) ? endPoint.Port : 0, null);

    /// <summary>The origin whose connections and slots are counted together, on loopback too.</summary>
    public static Origin OfNetwork(IPAddress address) => new(NetworkBits(address), 0, null);

    /// <summary>The origin of what a web seed sends.</summary>
    public static Origin OfHost(string host) => new(default, 0, host.ToLowerInvariant());

    /// <summary>The host of a web seed; null for an address.</summary>
    public string? Host => _host;

    /// <summary>The IPv6 site that the origin belongs to, its first 48 bits; null for any other origin.</summary>
    public Origin? Site =>
        _host is null && _port != WholeSite && _network.High != 0 ? new(new Bytes16(_network.High >> 16 << 16, 0), WholeSite, null) : null;

    // IPv4 addresses lie below 2^32, where no IPv6 network can be: its low half is clear.
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
