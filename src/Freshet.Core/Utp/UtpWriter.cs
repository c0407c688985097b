using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>Writes the packets of a connection: each time a packet is sent, its header is brought up to date.</summary>
internal sealed class UtpWriter(UtpIdentity identity, IUtpLine line, UtpReceiver receiver, QueueingDelay delay)
{
    /// <summary>When the last packet was sent.</summary>
    public Timestamp LastSent { get; private set; }

    /// <summary>The receive window that the peer was last told; the answer to a ST_SYN tells the first.</summary>
    public int ToldWindow { get; private set; } = UtpLimits.FirstWindow;

    /// <summary>Sends a packet with a sequence number.</summary>
    /// <param name="number">The sequence number.</param>
    /// <param name="type">The type.</param>
    /// <param name="packet">Room for the header, followed by the payload.</param>
    /// <param name="probedLength">
    /// The length to pad the packet to, which probes whether the path carries it in one piece; 0 for an ordinary packet.
    /// </param>
    /// <param name="now">The current time.</param>
    public bool TrySend(SequenceNumber number, UtpPacketType type, Span<byte> packet, int probedLength, Timestamp now)
    {
        Header(type, identity.Send, number, now).Write(packet);
        receiver.IsAckDue &= receiver.HasGap;
        return probedLength > packet.Length
            ? TrySendPadded(packet, probedLength)
            : line.TrySend(packet, dontFragment: probedLength > 0);
    }

    /// <summary>Sends the packet that opens a connection. It contains the id that the answer must have.</summary>
    public bool TrySendSyn(SequenceNumber number, Timestamp now)
    {
        Span<byte> packet = stackalloc byte[UtpHeader.Length];
        Header(UtpPacketType.Syn, identity.Receive, number, now).Write(packet);
        return line.TrySend(packet);
    }

    /// <summary>Sends a packet without a sequence number of its own: ST_STATE or ST_RESET.</summary>
    public bool TrySendState(UtpPacketType type, SequenceNumber next, Timestamp now)
    {
        Span<byte> packet = stackalloc byte[UtpHeader.Length + SelectiveAck.MaxLength];
        int length = UtpHeader.Length;
        bool hasGap = receiver.HasGap;
        Header(type, identity.Send, next, now).Write(packet, hasGap ? UtpExtension.SelectiveAck : UtpExtension.None);
        if (hasGap)
            length += receiver.DescribeGap(packet[length..]);
        if (!line.TrySend(packet[..length]))
            return false;
        receiver.IsAckDue = false;
        return true;
    }

    /// <summary>Sends an acknowledgement of less than has arrived, as other clients do, so that NAT devices keep the mapping.</summary>
    public void SendKeepAlive(SequenceNumber next, Timestamp now)
    {
        Span<byte> packet = stackalloc byte[UtpHeader.Length];
        UtpHeader header = Header(UtpPacketType.State, identity.Send, next, now);
        (header with { Acknowledged = header.Acknowledged - 1 }).Write(packet);
        line.TrySend(packet);
    }

    private UtpHeader Header(UtpPacketType type, ushort id, SequenceNumber number, Timestamp now)
    {
        LastSent = now;
        ToldWindow = receiver.Window;
        return new UtpHeader(type, id, number, receiver.Acknowledged)
        {
            Timestamp = QueueingDelay.Microseconds(now),
            TimestampDifference = delay.Reply,
            Window = (uint)ToldWindow,
        };
    }

    // An extension takes at least two bytes and at most 257, so the last two share what is left.
    private bool TrySendPadded(ReadOnlySpan<byte> packet, int length)
    {
        Span<byte> padded = stackalloc byte[PacketPool.PacketLength];
        padded.Clear();
        packet[..UtpHeader.Length].CopyTo(padded);
        padded[1] = (byte)UtpExtension.Padding;
        int at = UtpHeader.Length;
        for (int left = length - packet.Length; left > 0;)
        {
            int part = left <= 257 ? left : Math.Min(257, left - 2);
            left -= part;
            padded[at] = (byte)(left > 0 ? UtpExtension.Padding : UtpExtension.None);
            padded[at + 1] = (byte)(part - 2);
            at += part;
        }

        packet[UtpHeader.Length..].CopyTo(padded[at..]);
        return line.TrySend(padded[..(at + packet.Length - UtpHeader.Length)], dontFragment: true);
    }
}
