using Freshet.Core.Rates;
using Freshet.Simulation.Lines;

namespace Freshet.Simulation.Tests;

/// <summary>A session's own TCP, limited as <see cref="MixedMode"/> decides each second, and uTP on one line or on two.</summary>
public class UtpMixedModeScenarios
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(10, 50)]
    [InlineData(50, 20)]
    [InlineData(20, 100)]
    public void Tcp_and_utp_share_a_line_and_fill_it(int megabits, int roundTripMilliseconds)
    {
        LineRun run = new(megabits, TimeSpan.FromMilliseconds(roundTripMilliseconds), loss: 0);
        run.Sender.Connect(run.Receiver).Send(long.MaxValue / 2);
        GreedyFlow tcp = new(run.World, run.Bottleneck);
        tcp.Start();

        // Without a limit it starves.
        TransportRates starved = Measure(run, tcp, null, skipped: 10, seconds: 10);
        Assert.InRange(starved.Utp / starved.Sum, 0, 0.1);

        TransportRates shared = Measure(run, tcp, new MixedMode(), skipped: 200, seconds: 200);
        Assert.InRange(shared.Utp / shared.Sum, 0.35, 0.55);
        Assert.InRange(shared.Sum / starved.Sum, 0.93, 1.05);
    }

    [Theory]
    [InlineData(10, 40)]
    [InlineData(20, 20)]
    public void On_two_lines_tcp_loses_hardly_anything(int ofUtp, int ofTcp)
    {
        LineRun run = new(ofUtp, TimeSpan.FromMilliseconds(50), loss: 0.001);
        run.Sender.Connect(run.Receiver).Send(long.MaxValue / 2);
        LineOptions other = run.Bottleneck.Options with { Rate = new DataRate(ofTcp * 125_000L), Loss = 0 };
        GreedyFlow tcp = new(run.World, run.World.Lay(other));
        tcp.Start();
        TransportRates free = Measure(run, tcp, null, skipped: 20, seconds: 60);
        TransportRates mixed = Measure(run, tcp, new MixedMode(), skipped: 0, seconds: 300);
        Assert.InRange(mixed.Sum / free.Sum, 0.95, 1.05);
    }

    private static TransportRates Measure(LineRun run, GreedyFlow tcp, MixedMode? mode, int skipped, int seconds)
    {
        TransportRates sum = default;
        for (int second = 0; second < skipped + seconds; second++)
        {
            (long tcpBefore, long utpBefore) = (tcp.Received, Received());
            run.World.Run(Second);
            TransportRates rates = new(tcp.Received - tcpBefore, Received() - utpBefore);
            mode?.OnSecond(rates, tcp: 1, utp: 1);
            tcp.Limit = mode?.Limit;
            if (second >= skipped)
                sum += rates;
        }

        return sum / seconds;

        long Received() => run.Receiver.Accepted.Count > 0 ? run.Receiver.Accepted[0].Received : 0;
    }
}
