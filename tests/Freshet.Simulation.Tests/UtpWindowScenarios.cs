using Freshet.Core.Utp;
using Freshet.Simulation.Lines;

namespace Freshet.Simulation.Tests;

/// <summary>A receive window that was shut because the reader had no room opens again, whatever happens on the way.</summary>
public class UtpWindowScenarios
{
    private const int Bytes = 10_000_000;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    /// <summary>After this time the sender asks only twice a minute whether there is room.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_lost_packet_that_opens_the_window_is_sent_again_soon(int lost)
    {
        LineRun run = new(100, TimeSpan.FromMilliseconds(20), loss: 0);
        LineStream here = run.Sender.Connect(run.Receiver);
        here.Send(Bytes);
        Assert.True(run.World.RunUntil(() => run.Receiver.Accepted is [{ Received: > Bytes / 2 }], Long));
        LineStream there = run.Receiver.Accepted[0];
        there.IsStalled = true;
        there.MostUnread = 0;
        run.World.Run(Long);
        Assert.InRange(there.Received, Bytes / 2, Bytes - 1_000_000);

        LineOptions options = run.Receiver.Uplink.Options;
        run.Receiver.Uplink.Options = options with { Loss = 1 };
        long sent = run.Receiver.Sent;
        there.MostUnread = int.MaxValue;
        there.IsStalled = false;
        there.Read();
        Assert.True(run.World.RunUntil(() => run.Receiver.Sent == sent + lost, Soon));
        run.Receiver.Uplink.Options = options;
        Assert.True(run.World.RunUntil(() => there.Received == Bytes, 2 * Soon));
    }

    [Fact]
    public void A_peer_that_has_nothing_to_send_is_reminded_of_an_open_window_only_a_few_times()
    {
        LineRun run = new(100, TimeSpan.FromMilliseconds(20), loss: 0);
        LineStream here = run.Sender.Connect(run.Receiver);
        here.Send(1_000);
        Assert.True(run.World.RunUntil(() => run.Receiver.Accepted is [{ Received: 1_000 }], Soon));
        run.World.Run(Soon);
        LineStream there = run.Receiver.Accepted[0];
        there.MostUnread = 0;

        // Something that arrived before causes the peer to be told about the window.
        byte[] again = new byte[UtpHeader.Length + 1];
        new UtpHeader(
            UtpPacketType.Data,
            there.Connection.Identity.Receive,
            here.Connection.NextSequence - 1,
            there.Connection.NextSequence - 1).Write(again);
        run.World.Inject(again, run.Sender.Address, run.Receiver);
        run.World.Run(Soon);
        long sent = run.Receiver.Sent;
        there.MostUnread = int.MaxValue;
        there.Read();
        run.World.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(4, run.Receiver.Sent - sent);
    }

    /// <summary>
    /// A reader makes room while a packet is being written. It sees that the peer was promised more than there is now, so it has no news
    /// for the loop, and the packet tells the peer that there is no room.
    /// </summary>
    [Fact]
    public void Room_that_is_made_while_a_packet_is_written_is_announced()
    {
        const int OnePacket = 1_500;
        LineRun run = new(100, TimeSpan.FromMilliseconds(20), loss: 0);
        LineStream here = run.Sender.Connect(run.Receiver);
        here.Send(Bytes);
        Assert.True(run.World.RunUntil(() => run.Receiver.Accepted is [{ Received: > 10_000 }], Soon));
        LineStream there = run.Receiver.Accepted[0];
        there.MostUnread = OnePacket;
        run.World.Run(Soon);
        long received = there.Received;
        bool? hadNews = null;
        there.MostUnread = 0;
        there.OnAsked = () =>
        {
            there.OnAsked = null;
            there.MostUnread = OnePacket;
            hadNews = there.Connection.IsWindowNews;
        };
        Assert.True(run.World.RunUntil(() => hadNews is not null, Soon));
        Assert.False(hadNews);

        // Before the peer asks whether there is room.
        Assert.True(run.World.RunUntil(() => there.Received > received + (3 * OnePacket), TimeSpan.FromMilliseconds(300)));
    }
}
