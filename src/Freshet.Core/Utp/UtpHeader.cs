using System.Buffers.Binary;

namespace Freshet.Core.Utp;

/// <summary>The fields of a packet's header (BEP 29), without what extensions follow it.</summary>
/// <param name="Type">What the packet is for.</param>
/// <param name="ConnectionId">Which connection of the two addresses it belongs to.</param>
/// <param name="Sequence">Its number, or for ST_STATE that of the next packet.</param>
/// <param name="Acknowledged">The last packet that its sender has received without a gap.</param>
internal readonly record struct UtpHeader(
    UtpPacketType Type, ushort ConnectionId, SequenceNumber Sequence, SequenceNumber Acknowledged)
{
    /// <summary>Bytes of the header.</summary>
    public const int Length = 20;

    private const int TimestampAt = 4;
    private const int VersionAndType = 0x01;

    /// <summary>When it was sent: microseconds of its sender's clock, which wrap around after 71 minutes.</summary>
    public uint Timestamp { get; init; }

    /// <summary>How long the last packet of the other side took, by the difference of both clocks, in microseconds.</summary>
    public uint TimestampDifference { get; init; }

    /// <summary>Bytes that its sender has room for.</summary>
    public uint Window { get; init; }

    /// <summary>Whether a datagram is a packet of version 1, as far as its first byte and its length say.</summary>
    public static bool IsPacket(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= Length && (datagram[0] & 0x0F) == VersionAndType && datagram[0] >> 4 <= (int)UtpPacketType.Syn;

    /// <summary>Reads the header of what <see cref="IsPacket"/>.</summary>
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

    /// <summary>Writes the header, followed by the extension of that kind.</summary>
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
