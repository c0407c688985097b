using System.Buffers.Binary;

namespace Freshet.Core.Utp;

/// <summary>The fields of a packet header (BEP 29), without the extensions that follow it.</summary>
/// <param name="Type">The type of the packet.</param>
/// <param name="ConnectionId">The connection, among those between the two addresses.</param>
/// <param name="Sequence">The sequence number or, for ST_STATE, that of the next packet.</param>
/// <param name="Acknowledged">The last packet that the sender has received without a gap.</param>
internal readonly record struct UtpHeader(
    UtpPacketType Type, ushort ConnectionId, SequenceNumber Sequence, SequenceNumber Acknowledged)
{
    /// <summary>The length of the header in bytes.</summary>
    public const int Length = 20;

    private const int TimestampAt = 4;
    private const int VersionAndType = 0x01;

    /// <summary>When the packet was sent: microseconds of the sender's clock, which wrap around after 71 minutes.</summary>
    public uint Timestamp { get; init; }

    /// <summary>The delay of the last packet in the other direction, as the difference of both clocks, in microseconds.</summary>
    public uint TimestampDifference { get; init; }

    /// <summary>The sender's receive window in bytes.</summary>
    public uint Window { get; init; }

    /// <summary>Whether a datagram may be a packet of version 1, judging by its first byte and its length.</summary>
    public static bool IsPacket(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= Length && (datagram[0] & 0x0F) == VersionAndType && datagram[0] >> 4 <= (int)UtpPacketType.Syn;

    /// <summary>Parses the header of a datagram for which <see cref="IsPacket"/> is true.</summary>
    public static UtpHeader Read(ReadOnlySpan<byte> packet) => new(
        (UtpPacketType)(packet[0] >> 4),
        BinaryPrimitives.ReadUInt16BigEndian(packet[2..]),
        new SequenceNumber(BinaryPrimitives.ReadUInt16BigEndian(packet[16..])),
        new SequenceNumber(BinaryPrimitives.ReadUInt16BigEndian(packet[18..])))
    {
        Timestamp = BinaryPrimitives.ReadUInt32BigEndian(packet[TimestampAt..]),
        TimestampDifference = BinaryPrimitives.ReadUInt32BigEndian(packet[8..]),
        Window = BinaryPrimitives.ReadUInt32BigEndian(packet[12..]),
    };

    /// <summary>Writes the header, to be followed by an extension of the given type.</summary>
    public void Write(Span<byte> packet, UtpExtension extension = UtpExtension.None)
    {
        packet[0] = (byte)(((int)Type << 4) | VersionAndType);
        packet[1] = (byte)extension;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], ConnectionId);
        BinaryPrimitives.WriteUInt32BigEndian(packet[TimestampAt..], Timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], TimestampDifference);
        BinaryPrimitives.WriteUInt32BigEndian(packet[12..], Window);
        BinaryPrimitives.WriteUInt16BigEndian(packet[16..], Sequence.Value);
        BinaryPrimitives.WriteUInt16BigEndian(packet[18..], Acknowledged.Value);
    }
}
