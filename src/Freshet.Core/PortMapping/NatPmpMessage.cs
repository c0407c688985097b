using System.Buffers.Binary;
using System.Net;

namespace Freshet.Core.PortMapping;

/// <summary>The messages of NAT-PMP (RFC 6886, section 3). Numbers are in network byte order.</summary>
/// <remarks>
/// <code>
/// address:  version 0, opcode 0                             -> version 0, opcode 128, result (2), epoch (4), IPv4 address (4)
/// mapping:  version 0, opcode 1 (UDP) or 2 (TCP), 0 (2),    -> version 0, opcode + 128, result (2), epoch (4),
///           internal port (2), external port (2),              internal port (2), external port (2), lifetime (4)
///           lifetime (4)
/// </code>
/// </remarks>
internal static class NatPmpMessage
{
    public const int MapLength = 12;
    public const int AddressLength = 2;

    private const byte Answer = 128;

    public static byte[] WriteAddress() => new byte[AddressLength];

    /// <param name="protocol">The transport protocol.</param>
    /// <param name="internalPort">Our port.</param>
    /// <param name="externalPort">The requested port; 0 with a lifetime of 0, which removes the mapping.</param>
    /// <param name="lifetimeSeconds">The requested lifetime in seconds.</param>
    public static byte[] WriteMap(MappedProtocol protocol, int internalPort, int externalPort, uint lifetimeSeconds)
    {
        byte[] message = new byte[MapLength];
        message[1] = protocol == MappedProtocol.Udp ? (byte)1 : (byte)2;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), (ushort)internalPort);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), (ushort)externalPort);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), lifetimeSeconds);
        return message;
    }

    /// <summary>Parses a response; false if it is invalid.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out GatewayAnswer answer)
    {
        answer = default;
        if (message.Length < 8 || message[0] != 0 || message[1] is not (>= Answer and <= Answer + 2))
            return false;
        int result = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        uint epoch = BinaryPrimitives.ReadUInt32BigEndian(message[4..]);
        if (message[1] == Answer)
        {
            if (result == 0 && message.Length < 12)
                return false;
            answer = new GatewayAnswer
            {
                Result = result,
                Epoch = epoch,
                ExternalAddress = result == 0 ? new IPAddress(message.Slice(8, 4)) : null,
            };
            return true;
        }

        if (message.Length < 16)
            return false;
        answer = new GatewayAnswer
        {
            Protocol = message[1] == Answer + 1 ? MappedProtocol.Udp : MappedProtocol.Tcp,
            Result = result,
            Epoch = epoch,
            InternalPort = BinaryPrimitives.ReadUInt16BigEndian(message[8..]),
            ExternalPort = BinaryPrimitives.ReadUInt16BigEndian(message[10..]),
            LifetimeSeconds = BinaryPrimitives.ReadUInt32BigEndian(message[12..]),
        };
        return true;
    }
}
