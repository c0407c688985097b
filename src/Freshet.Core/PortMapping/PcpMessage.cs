using System.Buffers.Binary;
using System.Net;

namespace Freshet.Core.PortMapping;

/// <summary>The messages of PCP that map a port (RFC 6887, sections 7 and 11.1). Numbers are in network byte order.</summary>
/// <remarks>
/// <code>
/// request:  version 2, opcode 1, 0 (2), lifetime (4), our address (16)            24 bytes
/// answer:   version 2, opcode 129, 0 (1), result (1), lifetime (4), epoch (4), 0 (12)
/// mapping:  nonce (12), protocol (1), 0 (3), internal port (2), external port (2), external address (16)
/// </code>
/// </remarks>
internal static class PcpMessage
{
    public const int NonceLength = 12;
    public const int MapLength = HeaderLength + 36;

    private const int HeaderLength = 24;
    private const byte Version = 2;
    private const byte Map = 1;
    private const byte Answer = 128;

    /// <param name="protocol">The transport protocol.</param>
    /// <param name="client">Our address as the gateway sees it.</param>
    /// <param name="nonce">Identifies our mappings to the gateway.</param>
    /// <param name="ports">Our port and the requested one.</param>
    /// <param name="lifetimeSeconds">The requested lifetime in seconds; 0 removes the mapping.</param>
    public static byte[] WriteMap(
        MappedProtocol protocol, IPAddress client, ReadOnlySpan<byte> nonce, (int Internal, int External) ports, uint lifetimeSeconds)
    {
        byte[] message = new byte[MapLength];
        message[0] = Version;
        message[1] = Map;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), lifetimeSeconds);
        client.MapToIPv6().TryWriteBytes(message.AsSpan(8), out _);
        Span<byte> mapping = message.AsSpan(HeaderLength);
        nonce[..NonceLength].CopyTo(mapping);
        mapping[12] = (byte)protocol;
        BinaryPrimitives.WriteUInt16BigEndian(mapping[16..], (ushort)ports.Internal);
        BinaryPrimitives.WriteUInt16BigEndian(mapping[18..], (ushort)ports.External);

        // No particular address is requested, which is expressed by the unspecified address of the family.
        (client.IsIPv4MappedToIPv6 || client.GetAddressBytes().Length == 4 ? IPAddress.Any.MapToIPv6() : IPAddress.IPv6Any)
            .TryWriteBytes(mapping[20..], out _);
        return message;
    }

    /// <summary>Whether a gateway reports that it supports another version; one that only supports NAT-PMP does so in NAT-PMP.</summary>
    public static bool IsOtherVersion(ReadOnlySpan<byte> message) =>
        (message.Length >= 8 && message[0] == 0 && message[1] >= Answer && BinaryPrimitives.ReadUInt16BigEndian(message[2..]) == 1)
        || (message.Length >= HeaderLength && message[0] != 0 && message[1] >= Answer && message[3] == 1);

    /// <summary>Parses the response to a mapping request; false if it is invalid or belongs to somebody else's mapping.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, ReadOnlySpan<byte> nonce, out GatewayAnswer answer)
    {
        answer = default;
        if (message.Length is < MapLength or > PortMappingLimits.MaxPcpLength || message.Length % 4 != 0
            || message[0] != Version || message[1] != (Answer | Map))
            return false;
        ReadOnlySpan<byte> mapping = message[HeaderLength..];
        if (!mapping[..NonceLength].SequenceEqual(nonce) || mapping[12] is not ((byte)MappedProtocol.Tcp or (byte)MappedProtocol.Udp))
            return false;
        IPAddress external = new(mapping.Slice(20, 16));
        answer = new GatewayAnswer
        {
            Protocol = (MappedProtocol)mapping[12],
            Result = message[3],
            LifetimeSeconds = BinaryPrimitives.ReadUInt32BigEndian(message[4..]),
            Epoch = BinaryPrimitives.ReadUInt32BigEndian(message[8..]),
            InternalPort = BinaryPrimitives.ReadUInt16BigEndian(mapping[16..]),
            ExternalPort = BinaryPrimitives.ReadUInt16BigEndian(mapping[18..]),
            ExternalAddress = external.IsIPv4MappedToIPv6 ? external.MapToIPv4() : external,
        };
        return true;
    }
}
