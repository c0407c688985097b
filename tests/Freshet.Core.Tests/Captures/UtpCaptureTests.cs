using Freshet.Core.Utp;

namespace Freshet.Core.Tests.Captures;

/// <summary>
/// What two libtorrents sent to each other over uTP on a line that loses and reorders packets (record.py). Every packet is read as it was
/// meant, and we can take the place of the leecher: with what libtorrent sent, the same bytes arrive.
/// </summary>
public class UtpCaptureTests
{
    public static TheoryData<string> Captures => ["utp-seed-dials", "utp-leecher-dials"];

    [Theory]
    [MemberData(nameof(Captures))]
    public void Headers_are_read_and_written_as_they_were(string name)
    {
        foreach (Capture.Part part in Capture.Read(name).Parts)
        {
            Assert.True(UtpHeader.IsPacket(part.Bytes));
            byte[] written = new byte[UtpHeader.Length];
            UtpHeader.Read(part.Bytes).Write(written, (UtpExtension)part.Bytes[1]);
            Assert.Equal(part.Bytes[..UtpHeader.Length], written);
            Assert.True(UtpPacket.TryRead(part.Bytes, out _));
        }
    }

    /// <summary>A capture without any of these would prove little.</summary>
    [Fact]
    public void The_captures_have_loss_and_the_end_of_a_connection()
    {
        Capture.Part[] parts = [.. Captures.SelectMany(static name => Capture.Read(name.Data).Parts)];
        Assert.Contains(parts, static part => part.Who.StartsWith("lost", StringComparison.Ordinal));
        Assert.Contains(parts, static part => part.Bytes[1] == (byte)UtpExtension.SelectiveAck);
        Assert.Contains(parts, static part => UtpHeader.Read(part.Bytes).Type == UtpPacketType.Fin);
        Assert.Contains(parts, static part => part.Bytes[1] is not ((byte)UtpExtension.None or (byte)UtpExtension.SelectiveAck));
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void Selective_acks_name_what_has_arrived(string name)
    {
        Dictionary<string, HashSet<int>> seen = new() { ["dialler"] = [], ["dialled"] = [] };
        int named = 0;
        foreach (Capture.Part part in Capture.Read(name).Parts.Where(part => seen.ContainsKey(part.Who)))
        {
            Assert.True(UtpPacket.TryRead(part.Bytes, out UtpPacket packet));
            SelectiveAck bits = new(packet.Header.Acknowledged + 2, packet.SelectiveAck, new SequenceBits());
            while (bits.MoveNext())
            {
                Assert.Contains(bits.Current.Value, seen[part.Who == "dialler" ? "dialled" : "dialler"]);
                named++;
            }

            if (packet.Header.Type == UtpPacketType.Data)
                seen[part.Who].Add(packet.Header.Sequence.Value);
        }

        Assert.InRange(named, 1, 1_000);
    }

    /// <summary>
    /// We are the side that was dialled, or that dialled, and had little to send; each packet of the other side is sent at its recorded
    /// time.
    /// </summary>
    [Theory]
    [InlineData("utp-seed-dials", "dialled")]
    [InlineData("utp-leecher-dials", "dialler")]
    public void In_the_place_of_the_leecher_the_same_bytes_arrive_and_the_connection_ends(string name, string ours)
    {
        Capture capture = Capture.Read(name);
        UtpReplay replay = new(capture, ours);
        replay.Run();
        Assert.Equal(Stream(capture, ours == "dialler" ? "dialled" : "dialler"), replay.Delivered);
        Assert.Equal(UtpEnd.Closed, replay.End);
        Assert.Equal(0, replay.Connections);
        Assert.True(replay.SelectiveAcks > 0, "there were gaps, and the other side must be told what arrived after them");
    }

    // The payload of one side's packets, in order, each once even if it was sent twice.
    private static byte[] Stream(Capture capture, string who)
    {
        SortedDictionary<int, byte[]> packets = [];
        SequenceNumber? first = null;
        foreach (Capture.Part part in capture.Parts.Where(part => part.Who == who || part.Who == "lost-" + who))
        {
            UtpPacket.TryRead(part.Bytes, out UtpPacket packet);
            if (packet.Header.Type != UtpPacketType.Data)
                continue;
            first ??= packet.Header.Sequence;
            packets[packet.Header.Sequence - first.Value] = packet.Payload.ToArray();
        }

        return [.. packets.Values.SelectMany(static bytes => bytes)];
    }
}
