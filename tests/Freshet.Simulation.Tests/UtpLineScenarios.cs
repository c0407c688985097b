using Freshet.Core.Rates;
using Freshet.Core.Utp;
using Freshet.Simulation.Lines;

namespace Freshet.Simulation.Tests;

/// <summary>uTP over realistic lines: what arrives is what was sent, the line is used, and its queue stays short.</summary>
public class UtpLineScenarios
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData(10, 20, 0)]
    [InlineData(10, 50, 0)]
    [InlineData(10, 200, 0)]
    [InlineData(10, 20, 0.01)]
    [InlineData(10, 200, 0.01)]
    [InlineData(100, 20, 0)]
    [InlineData(100, 200, 0)]
    [InlineData(100, 20, 0.01)]
    [InlineData(100, 100, 0.005)]
    [InlineData(100, 200, 0.01)]
    [InlineData(1_000, 20, 0)]
    [InlineData(1_000, 200, 0)]
    [InlineData(1_000, 20, 0.01)]
    [InlineData(1_000, 200, 0.001)]
    [InlineData(1_000, 200, 0.01)]
    public void A_line_is_filled_with_a_short_queue(int megabits, int roundTripMilliseconds, double loss)
    {
        LineRun run = new(megabits, TimeSpan.FromMilliseconds(roundTripMilliseconds), loss);
        LineFigures figures = run.Measure(warmUp: TimeSpan.FromSeconds(10), measured: TimeSpan.FromSeconds(10));
        Assert.InRange(figures.Used, 0.9, 1);
        Assert.InRange(figures.Queueing.TotalMilliseconds, 0, 100);
    }

    /// <summary>
    /// Until the first acknowledgements of a queue come back, slow start may fill it; afterwards it is as short as it stays. This looks at
    /// every moment from the first packet on.
    /// </summary>
    [Theory]
    [InlineData(10, 20)]
    [InlineData(10, 200)]
    [InlineData(100, 20)]
    [InlineData(100, 200)]
    [InlineData(1_000, 20)]
    [InlineData(1_000, 200)]
    public void Slow_start_leaves_a_short_queue_soon(int megabits, int roundTripMilliseconds)
    {
        LineRun run = new(megabits, TimeSpan.FromMilliseconds(roundTripMilliseconds), loss: 0);
        run.Sender.Connect(run.Receiver).Send(long.MaxValue / 2);
        int longMilliseconds = 0;
        for (int i = 0; i < 20_000; i++)
        {
            run.World.Run(TimeSpan.FromMilliseconds(1));
            longMilliseconds += run.Bottleneck.Queueing(run.World.Now).TotalMilliseconds > 100 ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{longMilliseconds} ms");
        Assert.InRange(longMilliseconds, 0, 150);
    }

    /// <summary>Loss is no reason to send less unless it grows with the rate, as it does where hardly anything can wait.</summary>
    [Theory]
    [InlineData(10, 20)]
    [InlineData(100, 50)]
    public void A_line_without_a_queue_loses_little(int megabits, int roundTripMilliseconds)
    {
        LineRun run = new(megabits, TimeSpan.FromMilliseconds(roundTripMilliseconds), loss: 0);
        run.Bottleneck.Options = run.Bottleneck.Options with { Queue = TimeSpan.FromMilliseconds(3) };
        run.Measure(warmUp: TimeSpan.FromSeconds(10), measured: TimeSpan.FromSeconds(1));
        (long dropped, long sent) = (run.Bottleneck.Dropped, run.Sender.Sent);
        LineFigures figures = run.Continue(TimeSpan.FromSeconds(20));
        Assert.InRange(figures.Used, 0.3, 1);
        Assert.InRange((run.Bottleneck.Dropped - dropped) / (double)(run.Sender.Sent - sent), 0, 0.05);
    }

    /// <summary>A flow that halves only when the queue overflows and fills it otherwise, as TCP (Reno) does.</summary>
    [Theory]
    [InlineData(10, 20)]
    [InlineData(10, 100)]
    [InlineData(100, 50)]
    public void A_greedy_flow_gets_the_line(int megabits, int roundTripMilliseconds)
    {
        LineRun run = new(megabits, TimeSpan.FromMilliseconds(roundTripMilliseconds), loss: 0);
        LineFigures alone = run.Measure(warmUp: TimeSpan.FromSeconds(5), measured: TimeSpan.FromSeconds(5));
        Assert.InRange(alone.Used, 0.9, 1);
        GreedyFlow greedy = new(run.World, run.Bottleneck);
        greedy.Start();
        run.World.Run(TimeSpan.FromSeconds(5));
        LineFigures beside = run.Continue(TimeSpan.FromSeconds(20));
        Assert.InRange(beside.Used, 0, 0.1);
        greedy.Stop();
        run.World.Run(TimeSpan.FromSeconds(10));
        Assert.InRange(run.Continue(TimeSpan.FromSeconds(5)).Used, 0.85, 1);
    }

    /// <summary>
    /// A queue that is too short for a delay to be seen, or that is managed, reports by losses alone that the line is full. uTP yields to
    /// them at least as much as TCP does.
    /// </summary>
    [Theory]
    [InlineData(10, 20, 3, null)]
    [InlineData(10, 20, 10, null)]
    [InlineData(10, 20, 15, 5)]
    [InlineData(100, 20, 3, null)]
    [InlineData(100, 20, 10, null)]
    [InlineData(100, 20, 15, 5)]
    [InlineData(100, 50, 3, null)]
    [InlineData(100, 50, 10, null)]
    [InlineData(100, 50, 15, 5)]
    public void Where_the_queue_is_short_a_greedy_flow_gets_half_of_the_line(
        int megabits, int roundTripMilliseconds, int queueMilliseconds, int? earlyDropMilliseconds)
    {
        LineRun run = new(megabits, TimeSpan.FromMilliseconds(roundTripMilliseconds), loss: 0);
        run.Bottleneck.Options = run.Bottleneck.Options with
        {
            Queue = TimeSpan.FromMilliseconds(queueMilliseconds),
            EarlyDrop = earlyDropMilliseconds is { } early ? TimeSpan.FromMilliseconds(early) : null,
        };
        run.Measure(warmUp: TimeSpan.FromSeconds(5), measured: TimeSpan.FromSeconds(1));
        GreedyFlow greedy = new(run.World, run.Bottleneck);
        greedy.Start();
        run.World.Run(TimeSpan.FromSeconds(20));
        (long utp, long tcp) = (run.Receiver.Accepted[0].Received, greedy.Received);
        run.World.Run(TimeSpan.FromSeconds(60));
        double ofUtp = run.Receiver.Accepted[0].Received - utp;
        double ofTcp = greedy.Received - tcp;
        Assert.InRange(ofUtp / (ofUtp + ofTcp), 0.02, 0.5);
        Assert.InRange((ofUtp + ofTcp) / (run.Bottleneck.Options.Rate.BytesPerSecond * 60), 0.6, 1);
    }

    /// <summary>
    /// On the longest paths a packet whose loss holds everything up is sent twice, but never all that were lost by a line that was dead.
    /// </summary>
    [Fact]
    public void What_a_dead_line_has_lost_is_sent_again_once()
    {
        LineRun run = new(1_000, TimeSpan.FromMilliseconds(200), loss: 0);
        run.Measure(warmUp: TimeSpan.FromSeconds(5), measured: TimeSpan.FromSeconds(1));
        LineOptions alive = run.Bottleneck.Options;
        run.Bottleneck.Options = alive with { Loss = 1 };
        run.World.Run(TimeSpan.FromSeconds(1));
        run.Bottleneck.Options = alive;
        (long sent, long received) = (run.Sender.Sent, run.Receiver.Accepted[0].Received);
        Assert.True(run.World.RunUntil(
            () => run.Receiver.Accepted[0].Received - received > 10_000 * 1_452L, TimeSpan.FromSeconds(30)));
        double packets = (run.Receiver.Accepted[0].Received - received) / 1_452.0;

        // The last of them are still in flight.
        Assert.InRange((run.Sender.Sent - sent) / packets, 0.9, 1.5);
    }

    [Theory]
    [InlineData(0.05, 0, 0)]
    [InlineData(0, 0.2, 0)]
    [InlineData(0, 0, 0.3)]
    [InlineData(0.1, 0.2, 0.2)]
    [InlineData(0.25, 0, 0)]
    public void What_arrives_is_what_was_sent(double loss, double reordering, double duplication)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            LineOptions options = new()
            {
                Rate = new DataRate(2_000_000),
                Latency = TimeSpan.FromMilliseconds(15),
                Loss = loss,
                Reordering = reordering,
                Duplication = duplication,
            };
            Exchange(seed, options, new LineHostOptions());
        }
    }

    /// <summary>Packets of the first length reach the other end in fragments until it is known how long they may be.</summary>
    [Theory]
    [InlineData(576)]
    [InlineData(1_000)]
    [InlineData(1_232)]
    [InlineData(1_300)]
    [InlineData(1_471)]
    public void A_path_that_carries_only_shorter_packets_is_detected(int longest)
    {
        LineOptions options = new()
        {
            Rate = new DataRate(2_000_000),
            Latency = TimeSpan.FromMilliseconds(15),
            LongestDatagram = longest,
        };
        LineStream sent = Exchange(1, options, new LineHostOptions());
        Assert.InRange(sent.Connection.Path.Mtu.Length, options.LongestDatagram - 16, options.LongestDatagram);
    }

    /// <summary>What is on its way is longer than the path carries then; it is not held up, and the new length is found in time.</summary>
    [Theory]
    [InlineData(1_300)]
    [InlineData(1_000)]
    public void A_path_that_shrinks_in_the_middle_goes_on(int longest)
    {
        LineRun run = new(5, TimeSpan.FromMilliseconds(50), loss: 0);
        run.Measure(warmUp: TimeSpan.FromSeconds(5), measured: TimeSpan.FromSeconds(1));
        UtpPath path = run.Sending.Connection.Path;
        Assert.Equal(1_472, path.Mtu.Length);
        run.Bottleneck.Options = run.Bottleneck.Options with { LongestDatagram = longest };
        long fragmented = run.Bottleneck.Fragmented;
        Assert.InRange(run.Continue(TimeSpan.FromSeconds(5)).Used, 0.8, 1.1);
        Assert.True(run.Bottleneck.Fragmented > fragmented);

        run.World.Run(TimeSpan.FromSeconds(5));
        Assert.InRange(path.Mtu.Length, longest - 16, longest);
        fragmented = run.Bottleneck.Fragmented;
        Assert.InRange(run.Continue(TimeSpan.FromSeconds(5)).Used, 0.9, 1);
        Assert.Equal(fragmented, run.Bottleneck.Fragmented);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(-100)]
    public void Clocks_that_drift_cost_no_rate_and_no_queue(double partsPerMillion)
    {
        LineRun run = new(10, TimeSpan.FromMilliseconds(50), loss: 0, receiver: new LineHostOptions { ClockDrift = partsPerMillion });
        LineFigures figures = run.Measure(warmUp: TimeSpan.FromMinutes(1), measured: TimeSpan.FromSeconds(30));
        Assert.InRange(figures.Used, 0.9, 1);
        Assert.InRange(figures.Queueing.TotalMilliseconds, 0, 100);
    }

    [Fact]
    public void The_microseconds_of_a_clock_may_wrap_around()
    {
        // A day after zero, the 32 bits wrap in 3,802 seconds; the receiver's clock reaches that point in the middle of the run.
        long untilWrap = uint.MaxValue - (TimeSpan.TicksPerDay / TimeSpan.TicksPerMicrosecond % uint.MaxValue);
        LineHostOptions receiver = new() { ClockOffset = TimeSpan.FromMicroseconds(untilWrap) - TimeSpan.FromSeconds(12) };
        LineRun run = new(10, TimeSpan.FromMilliseconds(50), loss: 0, receiver: receiver);
        LineFigures figures = run.Measure(warmUp: TimeSpan.FromSeconds(8), measured: TimeSpan.FromSeconds(20));
        Assert.InRange(figures.Used, 0.9, 1);
        Assert.InRange(figures.Queueing.TotalMilliseconds, 0, 100);
    }

    [Theory]
    [InlineData(3_600_000)]
    [InlineData(-3_600_000)]
    [InlineData(400)]
    [InlineData(-400)]
    public void A_clock_that_is_set_in_the_middle_costs_no_rate_and_no_queue(int milliseconds)
    {
        LineFigures left = Run(TimeSpan.Zero);
        LineFigures set = Run(TimeSpan.FromMilliseconds(milliseconds));
        Assert.InRange(set.Used, 0.9, 1);
        Assert.InRange(set.Queueing.TotalMilliseconds, 0, left.Queueing.TotalMilliseconds + 5);

        static LineFigures Run(TimeSpan ahead)
        {
            LineRun run = new(10, TimeSpan.FromMilliseconds(20), loss: 0);
            run.Measure(warmUp: TimeSpan.FromSeconds(8), measured: TimeSpan.FromSeconds(2));
            run.Receiver.ToldAhead = ahead;
            return run.Continue(TimeSpan.FromSeconds(20));
        }
    }

    [Fact]
    public void A_connection_at_rest_is_kept_open_by_two_packets_a_minute()
    {
        LineRun run = new(10, TimeSpan.FromMilliseconds(50), loss: 0);
        LineStream here = run.Sender.Connect(run.Receiver);
        here.Send(1_000);
        Assert.True(run.World.RunUntil(() => run.Receiver.Accepted is [{ Received: 1_000 }], TimeSpan.FromSeconds(5)));
        run.World.Run(TimeSpan.FromSeconds(5));
        (long near, long far) = (run.Sender.Sent, run.Receiver.Sent);
        run.World.Run(TimeSpan.FromSeconds(290));
        Assert.InRange(run.Sender.Sent - near, 9, 10);
        Assert.InRange(run.Receiver.Sent - far, 9, 10);
        Assert.Null(here.End);
        here.Send(1_000);
        Assert.True(run.World.RunUntil(() => run.Receiver.Accepted[0].Received == 2_000, TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void Two_hundred_connections_at_rest_wake_their_machines_for_their_packets_alone()
    {
        LineRun run = new(100, TimeSpan.FromMilliseconds(50), loss: 0);
        for (int i = 0; i < 200; i++)
        {
            run.Sender.Connect(run.Receiver).Send(1_000);
            run.World.Run(TimeSpan.FromMilliseconds(130));
        }

        run.World.Run(TimeSpan.FromSeconds(5));
        (long sent, long wakes) = (run.Sender.Sent + run.Receiver.Sent, run.Sender.Wakes + run.Receiver.Wakes);
        run.World.Run(TimeSpan.FromSeconds(290));
        sent = run.Sender.Sent + run.Receiver.Sent - sent;
        Assert.InRange(sent, 3_600, 4_000);
        Assert.InRange(run.Sender.Wakes + run.Receiver.Wakes - wakes, 1, 2 * sent);
    }

    [Fact]
    public void Two_hundred_connections_share_one_socket()
    {
        const int Count = 200;
        const int Bytes = 200_000;
        LineRun run = new(100, TimeSpan.FromMilliseconds(40), loss: 0.005);
        LineStream[] streams = [.. Enumerable.Range(0, Count).Select(_ => run.Sender.Connect(run.Receiver))];
        foreach (LineStream stream in streams)
            stream.Send(Bytes);
        Assert.True(run.World.RunUntil(
            () => run.Receiver.Accepted.Count == Count && run.Receiver.Accepted.TrueForAll(stream => stream.Received == Bytes), Patience));
        foreach (LineStream stream in streams)
            stream.Close();
        run.Receiver.Accepted.ForEach(static stream => stream.Close());
        Assert.True(run.World.RunUntil(() => run.Sender.Machine.Count + run.Receiver.Machine.Count == 0, Patience));
        Assert.Equal(0, run.Sender.Machine.PacketsInMemory + run.Receiver.Machine.PacketsInMemory);
        Assert.All(streams, static stream => Assert.Equal(UtpEnd.Closed, stream.End));
    }

    [Fact]
    public void A_connection_that_comes_later_gets_its_share()
    {
        LineRun run = new(20, TimeSpan.FromMilliseconds(40), loss: 0);
        run.Measure(warmUp: TimeSpan.FromSeconds(20), measured: TimeSpan.FromSeconds(1));
        LineStream later = run.Sender.Connect(run.Receiver);
        later.Send(long.MaxValue / 2);
        run.World.Run(TimeSpan.FromSeconds(90));
        long first = run.Receiver.Accepted[0].Received;
        long second = run.Receiver.Accepted[1].Received;
        run.World.Run(TimeSpan.FromSeconds(60));
        double of = run.Receiver.Accepted[1].Received - second;
        double all = of + run.Receiver.Accepted[0].Received - first;
        Assert.InRange(of / all, 0.2, 0.8);
    }

    /// <summary>Both sides send at the same time, close, and forget each other.</summary>
    private static LineStream Exchange(int seed, LineOptions options, LineHostOptions host)
    {
        const int Bytes = 3_000_000;
        LineWorld world = new(seed);
        LineHost near = world.Add(host);
        LineHost far = world.Add(host);
        world.Lay(options, near);
        world.Lay(options, far);
        LineStream here = near.Connect(far);
        here.Send(Bytes);
        Assert.True(world.RunUntil(() => far.Accepted.Count == 1, Patience));
        LineStream there = far.Accepted[0];
        there.Send(Bytes);
        Assert.True(world.RunUntil(() => here.Received == Bytes && there.Received == Bytes, Patience), $"seed {seed}");
        here.Close();
        Assert.True(world.RunUntil(() => there.HasEndOfStream, Patience), $"seed {seed}");
        there.Close();
        Assert.True(world.RunUntil(() => near.Machine.Count + far.Machine.Count == 0, Patience), $"seed {seed}");
        Assert.Equal(0, near.Machine.PacketsInMemory + far.Machine.PacketsInMemory);
        return here;
    }
}
