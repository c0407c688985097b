using Freshet.Simulation.Lines;

namespace Freshet.Simulation.Tests;

/// <summary>What uTP allocates for packets on bad lines. The simulation itself allocates nothing for a datagram either.</summary>
public class UtpAllocationScenarios
{
    private const int Connections = 100;

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0.01, 0, 0)]
    [InlineData(0, 0.2, 0)]
    [InlineData(0.05, 0.1, 0.05)]
    public void Packets_of_many_connections_allocate_nothing(double loss, double reordering, double duplication)
    {
        LineRun run = new(100, TimeSpan.FromMilliseconds(40), loss);
        run.Bottleneck.Options = run.Bottleneck.Options with { Reordering = reordering, Duplication = duplication };
        for (int i = 0; i < Connections; i++)
            run.Sender.Connect(run.Receiver).Send(long.MaxValue / 2);
        run.World.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(Connections, run.Receiver.Accepted.Count);
        long sent = run.Sender.Sent + run.Receiver.Sent;
        long before = GC.GetAllocatedBytesForCurrentThread();
        run.World.Run(TimeSpan.FromSeconds(10));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        sent = run.Sender.Sent + run.Receiver.Sent - sent;
        TestContext.Current.TestOutputHelper?.WriteLine($"{allocated} bytes allocated for {sent} packets");
        Assert.InRange(sent, 50_000, long.MaxValue);

        // A queue that is longer than any before may double its memory; a single byte for each packet would be more.
        Assert.InRange(allocated, 0, sent / 2);
    }
}
