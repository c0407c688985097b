namespace Freshet.Core.Utp;

/// <summary>A received packet. Its spans refer to the datagram.</summary>
internal readonly ref struct UtpPacket
{
    private UtpPacket(UtpHeader header, ReadOnlySpan<byte> selectiveAck, ReadOnlySpan<byte> recentAck, ReadOnlySpan<byte> payload)
    {
        Header = header;
        SelectiveAck = selectiveAck;
        RecentAck = recentAck;
        Payload = payload;
    }

    public UtpHeader Header { get; }

    /// <summary>The bits of <see cref="UtpExtension.SelectiveAck"/>; empty if there is none.</summary>
    public ReadOnlySpan<byte> SelectiveAck { get; }

    /// <summary>The bytes of <see cref="UtpExtension.RecentAck"/>; empty if there is none.</summary>
    public ReadOnlySpan<byte> RecentAck { get; }

    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>
    /// Parses a datagram; false if it is not a packet, or an extension exceeds it. Extensions form a chain: each starts with the type of
    /// the next one and its own length. If a type is repeated, the last one counts.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out UtpPacket packet)
    {
        packet = default;
        if (!UtpHeader.IsPacket(datagram))
            return false;
        ReadOnlySpan<byte> rest = datagram[UtpHeader.Length..];
        ReadOnlySpan<byte> selective = default;
        ReadOnlySpan<byte> recent = default;
        for (byte kind = datagram[1]; kind != (byte)UtpExtension.None;)
        {
            if (rest.Length < 2 || rest.Length - 2 < rest[1])
                return false;
            ReadOnlySpan<byte> content = rest.Slice(2, rest[1]);
            if (kind == (byte)UtpExtension.SelectiveAck)
                selective = content;
            else if (kind == (byte)UtpExtension.RecentAck && content.Length > 2)
                recent = content;
            kind = rest[0];
            rest = rest[(2 + content.Length)..];
        }

        packet = new UtpPacket(UtpHeader.Read(datagram), selective, recent, rest);
        return true;
    }
}
