using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Freshet.Core;
using Freshet.Core.Dht;
using Freshet.Core.Peers;
using Freshet.Core.Utp;
using Freshet.Core.Wire.Proxies;

namespace Freshet.Network;

/// <summary>The source or target of a datagram as a value, so that a packet allocates nothing.</summary>
internal readonly record struct UdpAddress : IUtpAddress
{
    // An IPv4 address lies in the last four bytes.
    private readonly Bytes16 _address;
    private readonly uint _scope;

    private UdpAddress(Bytes16 address, uint scope, ushort port, bool isV6)
    {
        _address = address;
        _scope = scope;
        Port = port;
        IsV6 = isV6;
    }

    public ushort Port { get; }

    public bool IsV6 { get; }

    /// <summary>The number of the name that it stands for; 0 if it stands for none.</summary>
    public int StandInNumber => IsV6 ? 0 : StandIn.NumberOf((uint)_address.Low);

    // The Ethernet MTU minus the headers of IP and UDP.
    public int LongestPacket => IsV6 ? 1_452 : 1_472;

    public static UdpAddress From(IPEndPoint endPoint)
    {
        IPAddress address = endPoint.Address.IsIPv4MappedToIPv6 ? endPoint.Address.MapToIPv4() : endPoint.Address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        return length == 4
            ? new UdpAddress(V4(bytes), 0, (ushort)endPoint.Port, isV6: false)
            : new UdpAddress(new Bytes16(bytes), (uint)address.ScopeId, (ushort)endPoint.Port, isV6: true);
    }

    /// <param name="address">4 or 16 bytes in network order.</param>
    /// <param name="port">The port.</param>
    public static UdpAddress From(ReadOnlySpan<byte> address, ushort port) => address.Length == 4
        ? new UdpAddress(V4(address), 0, port, isV6: false)
        : new UdpAddress(new Bytes16(address), 0, port, isV6: true);

    public static UdpAddress From(NodeAddress node)
    {
        Span<byte> compact = stackalloc byte[NodeAddress.V6Length];
        return node.Write(compact) == NodeAddress.V4Length
            ? new UdpAddress(V4(compact), 0, node.Port, isV6: false)
            : new UdpAddress(new Bytes16(compact), 0, node.Port, isV6: true);
    }

    /// <summary>Reads a <c>sockaddr_in</c> or <c>sockaddr_in6</c>, which differ between systems in their first two bytes alone.</summary>
    public static UdpAddress Read(ReadOnlySpan<byte> native, AddressFamily family)
    {
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(native[2..]);
        return family == AddressFamily.InterNetwork
            ? new UdpAddress(V4(native[4..]), 0, port, isV6: false)
            : new UdpAddress(new Bytes16(native[8..]), BitConverter.ToUInt32(native[24..]), port, isV6: true);
    }

    /// <summary>Whether it lies in one of these ranges.</summary>
    public bool IsIn(AddressRanges ranges) => IsV6 ? ranges.Contains(_address) : ranges.Contains((uint)_address.Low);

    /// <summary>Writes its 4 or 16 bytes in network order; returns how many.</summary>
    public int WriteAddress(Span<byte> bytes)
    {
        if (IsV6)
            _address.CopyTo(bytes);
        else
            BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)_address.Low);
        return IsV6 ? 16 : 4;
    }

    /// <summary>Writes what follows the first two bytes of a <c>sockaddr_in</c> (16 bytes) or <c>sockaddr_in6</c> (28).</summary>
    public void Write(Span<byte> native)
    {
        BinaryPrimitives.WriteUInt16BigEndian(native[2..], Port);
        if (IsV6)
        {
            native[4..8].Clear();
            _address.CopyTo(native[8..]);
            BitConverter.TryWriteBytes(native[24..], _scope);
            return;
        }

        BinaryPrimitives.WriteUInt32BigEndian(native[4..], (uint)_address.Low);
        native[8..16].Clear();
    }

    /// <summary>The same as the DHT has it. A node has no scope: those of one link are not used.</summary>
    public NodeAddress ToNode()
    {
        Span<byte> bytes = stackalloc byte[16];
        _address.CopyTo(bytes);
        return NodeAddress.From(IsV6 ? bytes : bytes[12..], Port);
    }

    public IPEndPoint ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        _address.CopyTo(bytes);
        return new IPEndPoint(IsV6 ? new IPAddress(bytes, _scope) : new IPAddress(bytes[12..]), Port);
    }

    private static Bytes16 V4(ReadOnlySpan<byte> address) => new(0, BinaryPrimitives.ReadUInt32BigEndian(address));

    void IUtpAddress.WriteTo(Span<byte> bytes)
    {
        bytes.Clear();
        Write(bytes);
    }

    public override string ToString() => ToEndPoint().ToString();
}
