using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Freshet.Tracker.Swarms;

/// <summary>The address and port of a peer, as a value. An IPv4 address is kept in the lower 32 bits.</summary>
internal readonly record struct PeerAddress(UInt128 Bits, ushort Port, bool IsV6)
{
    public const int CompactV4Length = 6;
    public const int CompactV6Length = 18;

    /// <summary>An IPv4-mapped IPv6 address, as dual-stack sockets report it, is converted to IPv4.</summary>
    public static PeerAddress From(IPAddress address, int port)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        bool isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        address.TryWriteBytes(isV6 ? bytes : bytes[12..], out _);
        return new PeerAddress(BinaryPrimitives.ReadUInt128BigEndian(bytes), checked((ushort)port), isV6);
    }

    /// <summary>Converts the sender's address from a socket, without allocating.</summary>
    public static PeerAddress From(SocketAddress sender)
    {
        ReadOnlySpan<byte> bytes = sender.Buffer.Span;
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (sender.Family == AddressFamily.InterNetwork)
            return new PeerAddress(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port, IsV6: false);
        UInt128 address = BinaryPrimitives.ReadUInt128BigEndian(bytes[8..]);
        return address >> 32 == 0xFFFF ? new PeerAddress((uint)address, port, IsV6: false) : new PeerAddress(address, port, IsV6: true);
    }

    /// <summary>
    /// The holder of the address: each IPv4 address is one holder, and each /64 of IPv6, since everyone has at least that. The numbers are
    /// distinct.
    /// </summary>
    public UInt128 Holder => IsV6 ? (Bits >> 64) | (UInt128.One << 64) : Bits;

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Bits);
        return new IPAddress(IsV6 ? bytes : bytes[12..]);
    }

    /// <summary>Writes address and port in network order (BEP 7, 23), 6 or 18 bytes.</summary>
    public void WriteCompact(Span<byte> destination)
    {
        if (IsV6)
            BinaryPrimitives.WriteUInt128BigEndian(destination, Bits);
        else
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)Bits);
        BinaryPrimitives.WriteUInt16BigEndian(destination[(IsV6 ? 16 : 4)..], Port);
    }
}
