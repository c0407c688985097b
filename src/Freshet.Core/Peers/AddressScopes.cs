using System.Buffers.Binary;
using System.Net;

namespace Freshet.Core.Peers;

/// <summary>
/// Determines the <see cref="AddressScope"/> of an address from its bits. An IPv6 address that embeds an IPv4 address (mapped, compatible,
/// NAT64, 6to4) has the scope of that address, since a translator would deliver to it.
/// </summary>
internal static class AddressScopes
{
    private const int V6Length = 16;

    public static AddressScope Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[V6Length];
        address.TryWriteBytes(bytes, out int length);
        return Of(bytes[..length]);
    }

    /// <param name="address">4 or 16 bytes, in network order.</param>
    public static AddressScope Of(ReadOnlySpan<byte> address)
    {
        if (address.Length == V6Length && Carried(address) is { IsEmpty: false } carried)
            address = carried;
        return address.Length == V6Length ? OfV6(address) : OfV4(BinaryPrimitives.ReadUInt32BigEndian(address));
    }

    /// <summary>
    /// Whether a peer can be dialled at an end point: it has a port, and an address that a host can have. Peers on local networks and on
    /// this machine are dialled like any other.
    /// </summary>
    public static bool CanBeDialled(IPEndPoint endPoint)
    {
        Span<byte> bytes = stackalloc byte[V6Length];
        endPoint.Address.TryWriteBytes(bytes, out int length);
        return CanBeDialled(bytes[..length], endPoint.Port);
    }

    /// <inheritdoc cref="CanBeDialled(IPEndPoint)"/>
    public static bool CanBeDialled(ReadOnlySpan<byte> address, int port) =>
        port is > 0 and <= ushort.MaxValue && !IsUnspecified(address) && Of(address) != AddressScope.Unusable;

    /// <summary>
    /// Whether a peer may be told of an address, or believed if it tells of it: addresses of local networks and of this machine are of no
    /// use to the internet, and no business of its. Link-local addresses of IPv6 are of no use without their interface, which differs from
    /// machine to machine.
    /// </summary>
    public static bool MayBeTold(IPAddress address, IPAddress peer) =>
        !address.IsIPv6LinkLocal && (Of(address) == AddressScope.Public || Of(peer) != AddressScope.Public);

    /// <summary>
    /// Whether an address that looks public belongs to a range that no host on the internet has: for documentation (RFC 5737, 3849, 9637),
    /// for protocols, such as Teredo (RFC 7526, 2928), or not assigned (all of IPv6 outside 2000::/3).
    /// </summary>
    public static bool IsReserved(ReadOnlySpan<byte> address)
    {
        if (address.Length == V6Length && Carried(address) is { IsEmpty: false } carried)
            address = carried;
        return address.Length == V6Length ? IsReservedV6(address) : (address[0], address[1], address[2]) is
            (192, 0, 2) or (198, 51, 100) or (203, 0, 113) or (192, 88, 99);
    }

    private static bool IsReservedV6(ReadOnlySpan<byte> address)
    {
        ushort first = BinaryPrimitives.ReadUInt16BigEndian(address);
        ushort second = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        return first >> 13 != 1 || (first, second) is (0x2001, < 0x200) or (0x2001, 0xDB8) or (0x3FFF, < 0x1000);
    }

    private static AddressScope OfV4(uint bits) => (bits >> 24, (bits >> 16) & 0xFF, (bits >> 8) & 0xFF) switch
    {
        (0 or 127, _, _) => AddressScope.Loopback,
        (10, _, _) or (172, >= 16 and < 32, _) or (192, 168, _) or (100, >= 64 and < 128, _) => AddressScope.Private,
        (192, 0, 0) or (198, 18 or 19, _) => AddressScope.Private,
        (169, 254, _) => AddressScope.LinkLocal,
        (var first, _, _) when first >= 224 => AddressScope.Unusable,
        _ => AddressScope.Public,
    };

    private static AddressScope OfV6(ReadOnlySpan<byte> address) => (address[0], address[1] & 0xC0) switch
    {
        (0, _) when address[..15].IndexOfAnyExcept((byte)0) < 0 && address[15] <= 1 => AddressScope.Loopback,
        (0xFE, 0x80) => AddressScope.LinkLocal,
        (0xFE, 0xC0) or (0xFC or 0xFD, _) => AddressScope.Private,
        (0xFF, _) => AddressScope.Unusable,

        // A local-use translation prefix (RFC 8215).
        (0, _) when address.StartsWith((ReadOnlySpan<byte>)[0, 0x64, 0xFF, 0x9B, 0, 1]) => AddressScope.Private,
        _ => AddressScope.Public,
    };

    // The embedded IPv4 address; empty if there is none.
    private static ReadOnlySpan<byte> Carried(ReadOnlySpan<byte> address)
    {
        if (address[0] == 0x20 && address[1] == 2)
            return address[2..6];
        bool isMapped = address.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]);
        bool isTranslated = address.StartsWith((ReadOnlySpan<byte>)[0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]);
        bool isCompatible = address[..12].IndexOfAnyExcept((byte)0) < 0 && address[12] != 0;
        return isMapped || isTranslated || isCompatible ? address[12..] : default;
    }

    private static bool IsUnspecified(ReadOnlySpan<byte> address)
    {
        if (address.Length == V6Length && Carried(address) is { IsEmpty: false } carried)
            address = carried;
        return address.Length == V6Length ? address.IndexOfAnyExcept((byte)0) < 0 : address[0] == 0;
    }
}
