using System.Buffers.Binary;
using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Wire.Proxies;

namespace Freshet.Core.Dht;

/// <summary>The address of a node or a peer, as a value: an IP address and a port.</summary>
internal readonly record struct NodeAddress
{
    /// <summary>Bytes of the compact format (BEP 5, BEP 32).</summary>
    public const int V4Length = 6;

    /// <inheritdoc cref="V4Length"/>
    public const int V6Length = 18;

    // An IPv4 address is in the last four bytes.
    private readonly Bytes16 _address;

    private NodeAddress(Bytes16 address, ushort port, bool isV6)
    {
        _address = address;
        Port = port;
        IsV6 = isV6;
    }

    public ushort Port { get; }

    public bool IsV6 { get; }

    public int CompactLength => IsV6 ? V6Length : V4Length;

    /// <summary>Whether it stands in for a host whose address only a proxy knows.</summary>
    public bool IsStandIn => !IsV6 && StandIn.NumberOf((uint)_address.Low) != 0;

    /// <summary>The scope of the address.</summary>
    public AddressScope Scope
    {
        get
        {
            Span<byte> compact = stackalloc byte[V6Length];
            return AddressScopes.Of(compact[..(Write(compact) - 2)]);
        }
    }

    /// <summary>
    /// What counts as one host: an IPv4 address or an IPv6 /64, whatever the port. On loopback, where all nodes share an address, each port
    /// counts as a host.
    /// </summary>
    public NodeAddress Host => Scope == AddressScope.Loopback ? this : new(IsV6 ? new Bytes16(_address.High, 0) : _address, 0, IsV6);

    /// <summary>
    /// What one owner is likely to have whole, so that a lookup counts it once: an IPv4 /24 or an IPv6 /48 of the internet, elsewhere a
    /// <see cref="Host"/>.
    /// </summary>
    public NodeAddress Network => Scope != AddressScope.Public ? Host
        : new(IsV6 ? new Bytes16(_address.High & ~0xFFFFUL, 0) : new Bytes16(0, _address.Low & ~0xFFUL), 0, IsV6);

    public static NodeAddress From(IPEndPoint endPoint)
    {
        IPAddress address = endPoint.Address.IsIPv4MappedToIPv6 ? endPoint.Address.MapToIPv4() : endPoint.Address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        return From(bytes[..length], (ushort)endPoint.Port);
    }

    /// <param name="address">4 or 16 bytes in network order.</param>
    /// <param name="port">The port.</param>
    public static NodeAddress From(ReadOnlySpan<byte> address, ushort port) => address.Length == 4
        ? new NodeAddress(new Bytes16(0, BinaryPrimitives.ReadUInt32BigEndian(address)), port, isV6: false)
        : new NodeAddress(new Bytes16(address), port, isV6: true);

    /// <summary>Parses the compact format: 6 or 18 bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> compact, out NodeAddress address)
    {
        bool fits = compact.Length is V4Length or V6Length;
        address = fits ? From(compact[..^2], BinaryPrimitives.ReadUInt16BigEndian(compact[^2..])) : default;
        return fits;
    }

    /// <summary>The same IP address with another port.</summary>
    public NodeAddress At(ushort port) => new(_address, port, IsV6);

    /// <summary>Writes the compact format, and returns its length.</summary>
    public int Write(Span<byte> destination)
    {
        if (IsV6)
            _address.CopyTo(destination);
        else
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_address.Low);
        BinaryPrimitives.WriteUInt16BigEndian(destination[(CompactLength - 2)..], Port);
        return CompactLength;
    }

    public IPEndPoint ToEndPoint()
    {
        Span<byte> compact = stackalloc byte[V6Length];
        return new IPEndPoint(new IPAddress(compact[..(Write(compact) - 2)]), Port);
    }

    /// <summary>Whether we may send to the address, and a host can have it.</summary>
    /// <param name="allowsLocal">Whether private networks, this machine and reserved ranges are allowed.</param>
    public bool IsReachable(bool allowsLocal)
    {
        Span<byte> compact = stackalloc byte[V6Length];
        ReadOnlySpan<byte> address = compact[..(Write(compact) - 2)];
        if (!AddressScopes.CanBeDialled(address, Port) || (IsV6 && _address.High == 0 && _address.Low >> 32 == 0xFFFF))
            return false;
        return AddressScopes.Of(address) switch
        {
            AddressScope.Public => allowsLocal || !AddressScopes.IsReserved(address),
            AddressScope.Private or AddressScope.Loopback => allowsLocal,
            _ => false,
        };
    }

    public override string ToString() => ToEndPoint().ToString();
}
