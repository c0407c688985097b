using Freshet.Core.Utp;
using Freshet.Simulation.Lines;

namespace Freshet.Simulation.Tests;

/// <summary>What others may send to a uTP socket in order to break connections or use up memory.</summary>
public class UtpHostileScenarios
{
    private static readonly LineAddress Stranger = new(77);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_flood_of_syns_costs_no_memory_and_keeps_nobody_out()
    {
        LineRun run = new(100, TimeSpan.FromMilliseconds(20), loss: 0);
        run.World.Lay(run.Bottleneck.Options, run.World.Add(new LineHostOptions()));
        for (int i = 0; i < 5_000; i++)
            run.World.Inject(Packet(UtpPacketType.Syn, (ushort)i, (ushort)(i * 7), 0), new LineAddress(2), run.Receiver);
        run.World.Run(Moment);
        Assert.Equal(0, run.Receiver.Machine.Count);
        Assert.Equal(0, run.Receiver.Machine.PacketsInMemory);
        Assert.Equal(5_000, run.Receiver.Sent);
        Connected(run);
    }

    [Fact]
    public void Guessed_ids_open_no_connection()
    {
        LineRun run = new(100, TimeSpan.FromMilliseconds(20), loss: 0);
        run.World.Lay(run.Bottleneck.Options, run.World.Add(new LineHostOptions()));
        int opened = 0;
        for (int i = 0; i < 2_000; i++)
        {
            run.World.Inject(Packet(UtpPacketType.Data, (ushort)i, 9, (ushort)(i * 31), 1), new LineAddress(2), run.Receiver);
            run.World.Run(TimeSpan.FromMilliseconds(1));
            opened = Math.Max(opened, run.Receiver.Machine.Count);
        }

        // A number of 16 bits can be guessed, but not often: six of them would fit.
        Assert.InRange(opened, 0, 2);
    }

    [Fact]
    public void A_spoofed_reset_ends_nothing()
    {
        LineRun run = new(100, TimeSpan.FromMilliseconds(20), loss: 0);
        (LineStream here, LineStream there) = Connected(run);
        UtpIdentity identity = here.Connection.Identity;
        int before = run.Sender.Machine.Count;
        for (int i = 0; i < 60_000; i += 50)
        {
            // A peer that guesses both numbers ends it; these numbers are behind or far ahead of what is in flight.
            ushort number = (ushort)(Sequence(here) + 5_000 + (i % 50_000));
            run.World.Inject(Packet(UtpPacketType.Reset, identity.Receive, 1, number), run.Receiver.Address, run.Sender);
            run.World.Inject(Packet(UtpPacketType.Reset, identity.Receive, 1, number), Stranger, run.Sender);
        }

        run.World.Run(Moment);
        Assert.Equal(before, run.Sender.Machine.Count);
        Assert.Null(here.End);
        Assert.Null(there.End);
    }

    [Fact]
    public void A_reset_that_acknowledges_what_is_in_flight_ends_it()
    {
        LineRun run = new(100, TimeSpan.FromMilliseconds(20), loss: 0);
        (LineStream here, _) = Connected(run);
        ushort last = (ushort)(Sequence(here) - 1);
        run.World.Inject(Packet(UtpPacketType.Reset, here.Connection.Identity.Send, 1, last), run.Receiver.Address, run.Sender);
        run.World.Run(TimeSpan.FromMilliseconds(1));
        Assert.Equal(UtpEnd.Reset, here.End);
    }

    /// <summary>On a fast path so much is in flight that a quarter of all numbers would do for a guess.</summary>
    [Fact]
    public void A_guessed_reset_does_not_end_a_fast_transfer_and_one_of_the_peer_does()
    {
        LineRun run = new(1_000, TimeSpan.FromMilliseconds(200), loss: 0);
        run.Measure(warmUp: TimeSpan.FromSeconds(5), measured: Moment);
        UtpConnection connection = run.Sending.Connection;
        int packets = connection.BytesInFlight / 1_472;
        Assert.InRange(packets, 15_000, UtpLimits.MaxPacketsUnderWay);
        for (int behind = 1; behind < packets - 1_000; behind += 50)
        {
            ushort number = (connection.NextSequence - behind).Value;
            run.Sender.Machine.OnDatagram(
                Packet(UtpPacketType.Reset, connection.Identity.Receive, 1, number), run.Receiver.Address, run.Sender.Now);
        }

        Assert.Null(run.Sending.End);
        LineStream there = run.Receiver.Accepted[0];
        there.Connection.Abort(run.Receiver.Now);
        run.Receiver.Touch(there.Connection);
        Assert.True(run.World.RunUntil(() => run.Sending.End is not null, Moment));
        Assert.Equal(UtpEnd.Reset, run.Sending.End);
    }

    /// <summary>Its reset is lost, and what it refuses afterwards is far ahead of what it has acknowledged.</summary>
    [Fact]
    public void A_peer_that_has_forgotten_the_connection_ends_it_within_some_round_trips()
    {
        LineRun run = new(1_000, TimeSpan.FromMilliseconds(200), loss: 0);
        run.Measure(warmUp: TimeSpan.FromSeconds(5), measured: Moment);
        LineStream there = run.Receiver.Accepted[0];
        LineOptions back = run.Receiver.Uplink.Options;
        run.Receiver.Uplink.Options = back with { Loss = 1 };
        there.Connection.Abort(run.Receiver.Now);
        run.Receiver.Touch(there.Connection);
        run.World.Run(TimeSpan.FromMilliseconds(50));
        run.Receiver.Uplink.Options = back;
        Assert.True(run.World.RunUntil(() => run.Sending.End is not null, TimeSpan.FromSeconds(3)));
        Assert.Equal(UtpEnd.Reset, run.Sending.End);
    }

    [Fact]
    public void Packets_right_behind_a_reset_leave_nothing_in_memory()
    {
        LineRun run = new(100, TimeSpan.FromMilliseconds(20), loss: 0);
        (LineStream here, LineStream there) = Connected(run);
        UtpMachine<LineAddress> machine = run.Receiver.Machine;
        ushort id = here.Connection.Identity.Send;
        ushort last = (ushort)(there.Connection.NextSequence.Value - 1);
        machine.OnDatagram(Packet(UtpPacketType.Reset, id, 1, last), run.Sender.Address, run.Receiver.Now);
        for (int ahead = 1; ahead < 100; ahead++)
        {
            byte[] data = Packet(UtpPacketType.Data, id, (ushort)(Sequence(here) + ahead), last, payload: 1_000);
            machine.OnDatagram(data, run.Sender.Address, run.Receiver.Now);
        }

        machine.OnBatchEnd(run.Receiver.Now);
        Assert.Equal(UtpEnd.Reset, there.End);
        Assert.Equal((0, 0), (machine.Count, machine.PacketsInMemory));
    }

    /// <summary>Each takes the memory of a long one, so the bytes of the window are not the bound.</summary>
    [Fact]
    public void Tiny_packets_after_a_gap_take_no_more_memory_than_long_ones_and_leave_some_for_other_peers()
    {
        const int Connections = 400;
        const int EachAtMost = UtpLimits.FirstWindow / 1_024;
        LineRun run = new(100, TimeSpan.FromMilliseconds(20), loss: 0);
        (LineStream here, LineStream there) = Connected(run);
        List<LineStream> streams = [.. Enumerable.Range(0, Connections).Select(_ => run.Sender.Connect(run.Receiver))];
        streams.ForEach(static stream => stream.Send(FirstBytes));
        Assert.True(run.World.RunUntil(
            () => run.Receiver.Accepted.Count == Connections + 1
                && run.Receiver.Accepted.TrueForAll(static stream => stream.Received == FirstBytes),
            TimeSpan.FromSeconds(10)));
        run.World.Run(Moment);
        Flood(streams[0]);
        Assert.InRange(run.Receiver.Machine.PacketsInMemory, 1, EachAtMost);
        streams.ForEach(Flood);
        Assert.InRange(run.Receiver.Machine.PacketsInMemory, UtpLimits.MaxPackets / 2, UtpLimits.MaxPackets * 3 / 4);

        there.Send(3_000_000);
        Assert.True(run.World.RunUntil(() => here.Received == 3_000_000, TimeSpan.FromMinutes(1)));

        void Flood(LineStream stream)
        {
            LineStream other = run.Receiver.Accepted.Find(accepted =>
                accepted.Connection.Identity.Receive == stream.Connection.Identity.Send)!;
            ushort last = (ushort)(other.Connection.NextSequence.Value - 1);
            for (int ahead = 1; ahead < 2 * EachAtMost; ahead++)
            {
                byte[] tiny = Packet(
                    UtpPacketType.Data, stream.Connection.Identity.Send, (ushort)(Sequence(stream) + ahead), last, payload: 1);
                run.Receiver.Machine.OnDatagram(tiny, run.Sender.Address, run.Receiver.Now);
            }
        }
    }

    /// <summary>A peer can let packets wait for an acknowledgement, or for a window, for as long as it likes.</summary>
    [Fact]
    public void Peers_that_acknowledge_nothing_leave_packets_to_all_others()
    {
        const int Peers = 6;
        LineRun run = new(100_000, TimeSpan.FromMilliseconds(100), loss: 0);
        List<Line> back = [];
        for (int i = 0; i < Peers; i++)
        {
            LineHost peer = run.World.Add(new LineHostOptions());
            back.Add(run.World.Lay(run.Bottleneck.Options, peer));
            run.Sender.Connect(peer).Send(long.MaxValue / 2);
        }

        run.World.Run(TimeSpan.FromSeconds(3));
        back.ForEach(static line => line.Options = line.Options with { Loss = 1 });
        run.World.Run(TimeSpan.FromMilliseconds(300));
        Assert.InRange(run.Sender.Machine.PacketsInMemory, UtpLimits.MaxPackets / 2, UtpLimits.MaxPackets * 4 / 5);
        LineStream other = run.Sender.Connect(run.Receiver);
        other.Send(3_000_000);
        Assert.True(run.World.RunUntil(
            () => run.Receiver.Accepted is [{ Received: 3_000_000 }], TimeSpan.FromSeconds(3)));
    }

    /// <summary>The windows of a socket are bounded together; who came first does not have them all, nor for ever.</summary>
    [Fact]
    public void Windows_of_the_fastest_leave_some_to_who_comes_later_and_come_back_from_who_rests()
    {
        const int Bytes = 200_000_000;
        LineRun run = new(100_000, TimeSpan.FromMilliseconds(100), loss: 0);
        List<LineStream> streams = [];
        for (int i = 0; i < 4; i++)
        {
            LineHost peer = run.World.Add(new LineHostOptions());
            run.World.Lay(run.Bottleneck.Options, peer);
            LineStream stream = peer.Connect(run.Receiver);
            stream.Send(Bytes);
            streams.Add(stream);

            // With the first window it would take more than a minute.
            Assert.True(run.World.RunUntil(
                () => run.Receiver.Accepted.Count > i && run.Receiver.Accepted[i].Received == Bytes, TimeSpan.FromSeconds(5)));
        }

        Assert.InRange(run.Receiver.Machine.ReservedWindows, UtpLimits.MaxWindows / 3, UtpLimits.MaxWindows * 7 / 8);
        run.World.Run(TimeSpan.FromMinutes(2.5));
        Assert.Equal(0, run.Receiver.Machine.ReservedWindows);
        Assert.All(streams, static stream => Assert.Null(stream.End));
    }

    /// <summary>Longer than any packet of a client, and than the memory of a packet; the system puts it together from fragments.</summary>
    [Theory]
    [InlineData(PacketPool.PacketLength)]
    [InlineData(PacketPool.PacketLength + 1)]
    [InlineData(2_028)]
    public void A_long_packet_after_a_gap_leaves_nothing_in_memory(int payload)
    {
        LineRun run = new(100, TimeSpan.FromMilliseconds(20), loss: 0);
        (LineStream here, LineStream there) = Connected(run);
        UtpMachine<LineAddress> machine = run.Receiver.Machine;
        ushort last = (ushort)(there.Connection.NextSequence.Value - 1);
        for (int i = 0; i < 1_000; i++)
        {
            byte[] data = Packet(UtpPacketType.Data, here.Connection.Identity.Send, (ushort)(Sequence(here) + 2), last, payload);
            machine.OnDatagram(data, run.Sender.Address, run.Receiver.Now);
        }

        machine.OnBatchEnd(run.Receiver.Now);
        Assert.Equal(payload > PacketPool.PacketLength ? 0 : 1, machine.PacketsInMemory);
        Assert.Null(there.End);
    }

    /// <summary>A closed connection waits until its peer has the last bytes, but nobody is kept out for that.</summary>
    [Fact]
    public void Connections_that_are_closing_give_up_their_places()
    {
        const int Most = 20;
        LineWorld world = new(1);
        LineHost near = world.Add(new LineHostOptions { MaxConnections = Most });
        LineHost far = world.Add(new LineHostOptions());
        LineOptions options = new() { Rate = new Core.Rates.DataRate(1_000_000), Latency = TimeSpan.FromMilliseconds(10) };
        world.Lay(options, near);
        Line back = world.Lay(options, far);
        List<LineStream> streams = [.. Enumerable.Range(0, Most).Select(_ => near.Connect(far))];
        Assert.True(world.RunUntil(() => streams.TrueForAll(static stream => stream.IsConnected), Moment));
        Assert.Throws<InvalidOperationException>(() => near.Connect(far));

        // Nobody acknowledges the last packet.
        back.Options = options with { Loss = 1 };
        streams.ForEach(static stream => stream.Close());
        world.Run(TimeSpan.FromMilliseconds(100));
        Assert.Equal(Most, near.Machine.Count);
        back.Options = options;
        LineStream later = near.Connect(far);
        Assert.True(world.RunUntil(() => later.IsConnected, Moment));
        Assert.InRange(near.Machine.Count, 1, Most);
        Assert.Single(streams, static stream => stream.End is not null);
    }

    [Fact]
    public void A_window_that_stays_zero_costs_a_packet_now_and_then()
    {
        LineRun run = new(100, TimeSpan.FromMilliseconds(20), loss: 0);
        (LineStream here, LineStream there) = Connected(run);
        there.IsStalled = true;
        here.Send(10_000_000);
        run.World.Run(TimeSpan.FromMinutes(1));
        Assert.InRange(there.Unread, 1, UtpLimits.MaxWindow);
        long sent = run.Sender.Sent;
        long received = there.Received;
        run.World.Run(TimeSpan.FromMinutes(10));
        Assert.InRange(run.Sender.Sent - sent, 1, 120);
        Assert.Equal(received, there.Received);
        Assert.Null(here.End);

        there.IsStalled = false;
        there.Read();
        Assert.True(run.World.RunUntil(() => there.Received == 10_000_000 + FirstBytes, TimeSpan.FromMinutes(2)));
    }

    /// <summary>A reader that is short of memory, as the block pool is when a disk is slow, gets no more than it can take.</summary>
    [Fact]
    public void A_reader_with_little_room_is_sent_little_and_then_the_rest_as_it_gets_room()
    {
        const int Bytes = 10_000_000;
        const int Little = 20_000;
        LineRun run = new(100, TimeSpan.FromMilliseconds(20), loss: 0);
        (LineStream here, LineStream there) = Connected(run);
        here.Send(Bytes);
        Assert.True(run.World.RunUntil(() => there.Received > Bytes / 2, TimeSpan.FromMinutes(1)));
        there.IsStalled = true;
        there.MostUnread = Little;

        // What it was promised before may be in flight.
        run.World.Run(TimeSpan.FromSeconds(5));
        int before = there.Unread;
        there.Read();
        run.World.Run(TimeSpan.FromSeconds(1));
        Assert.InRange(before, 1, 2 * UtpLimits.FirstWindow);
        Assert.InRange(there.Unread, 1, Little);

        // No packet asks for room: the peer is told about it.
        there.MostUnread = int.MaxValue;
        there.IsStalled = false;
        there.Read();
        Assert.True(run.World.RunUntil(() => there.Received == Bytes + FirstBytes, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void Acks_of_what_was_never_sent_are_ignored()
    {
        LineRun run = new(1, TimeSpan.FromMilliseconds(20), loss: 0);
        (LineStream here, LineStream there) = Connected(run);
        ushort number = (ushort)(Sequence(here) + 10_000);
        here.Send(500_000);
        for (int i = 0; i < 500; i++)
        {
            run.World.Inject(
                Packet(UtpPacketType.State, here.Connection.Identity.Receive, 1, (ushort)(number + i)), run.Receiver.Address, run.Sender);
        }

        Assert.True(run.World.RunUntil(() => there.Received == 500_000 + FirstBytes, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void Selective_acks_of_gigabytes_acknowledge_nothing_that_was_not_sent()
    {
        LineRun run = new(1, TimeSpan.FromMilliseconds(20), loss: 0);
        (LineStream here, LineStream there) = Connected(run);
        UtpIdentity identity = here.Connection.Identity;
        ushort last = (ushort)(Sequence(here) - 1);
        byte[] packet = new byte[UtpHeader.Length + 2 + SelectiveAck.MostBytes];
        packet.AsSpan(UtpHeader.Length + 2).Fill(0xFF);
        packet[UtpHeader.Length + 1] = SelectiveAck.MostBytes;
        new UtpHeader(UtpPacketType.State, identity.Receive, new SequenceNumber(1), new SequenceNumber(last))
        {
            Window = uint.MaxValue,
        }.Write(packet, UtpExtension.SelectiveAck);
        for (int i = 0; i < 200; i++)
            run.World.Inject(packet, run.Receiver.Address, run.Sender);
        run.World.Run(TimeSpan.FromMilliseconds(1));
        Assert.InRange(here.Connection.BytesInFlight, 0, 10_000);
        here.Send(500_000);
        Assert.True(run.World.RunUntil(() => there.Received == 500_000 + FirstBytes, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void A_peer_that_dies_holds_its_place_only_for_a_while()
    {
        LineRun run = new(10, TimeSpan.FromMilliseconds(20), loss: 0);
        (LineStream here, _) = Connected(run);
        run.Bottleneck.Options = run.Bottleneck.Options with { Loss = 1 };
        here.Send(100_000);
        Assert.True(run.World.RunUntil(() => here.End is not null, TimeSpan.FromMinutes(3)));
        Assert.Equal(UtpEnd.TimedOut, here.End);
        Assert.Equal(0, run.Sender.Machine.Count + run.Sender.Machine.PacketsInMemory);
    }

    [Fact]
    public void A_connection_to_nobody_fails_in_time()
    {
        LineRun run = new(10, TimeSpan.FromMilliseconds(20), loss: 1);
        LineStream here = run.Sender.Connect(run.Receiver);
        Assert.True(run.World.RunUntil(() => here.End is not null, TimeSpan.FromSeconds(20)));
        Assert.Equal(UtpEnd.TimedOut, here.End);
    }

    private const int FirstBytes = 100;

    private static (LineStream Here, LineStream There) Connected(LineRun run)
    {
        LineStream here = run.Sender.Connect(run.Receiver);
        here.Send(FirstBytes);
        Assert.True(run.World.RunUntil(() => run.Receiver.Accepted is [{ Received: FirstBytes }], TimeSpan.FromSeconds(5)));
        run.World.Run(Moment);
        return (here, run.Receiver.Accepted[0]);
    }

    // With nothing in flight, everything before it is acknowledged.
    private static ushort Sequence(LineStream here)
    {
        Assert.Equal(0, here.Connection.BytesInFlight);
        return here.Connection.NextSequence.Value;
    }

    private static byte[] Packet(UtpPacketType type, ushort id, ushort sequence, ushort acknowledged, int payload = 0)
    {
        byte[] packet = new byte[UtpHeader.Length + payload];
        new UtpHeader(type, id, new SequenceNumber(sequence), new SequenceNumber(acknowledged)) { Window = 100_000 }.Write(packet);
        return packet;
    }
}
