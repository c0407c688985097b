using Freshet.Core.Rates;
using Freshet.Core.Utp;
using Freshet.Simulation.Lines;

namespace Freshet.Simulation.Tests;

/// <summary>A session's own TCP, limited as <see cref="MixedMode"/> decides each second, and uTP on one line.</summary>
public class UtpMixedModeScenarios
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(10, 50)]
    [InlineData(100, 20)]
    [InlineData(20, 100)]
    public void Tcp_and_utp_share_the_line_evenly_and_fill_it(int megabits, int roundTripMilliseconds)
    {
        LineRun run = new(megabits, TimeSpan.FromMilliseconds(roundTripMilliseconds), loss: 0);
        LineStream utp = run.Sender.Connect(run.Receiver);
        utp.Send(long.MaxValue / 2);
        GreedyFlow tcp = new(run.World, run.Bottleneck);
        tcp.Start();

        // Without a limit it starves.
        (double Tcp, double Utp) starved = Measure(null, seconds: 20, skipped: 10);
        Assert.InRange(starved.Utp / (starved.Tcp + starved.Utp), 0, 0.1);

        (double Tcp, double Utp) shared = Measure(new MixedMode(), seconds: 80, skipped: 20);
        Assert.InRange(shared.Utp / (shared.Tcp + shared.Utp), 0.35, 0.65);
        Assert.InRange((shared.Tcp + shared.Utp) / run.Bottleneck.Options.Rate.BytesPerSecond, 0.85, 1);

        (double Tcp, double Utp) Measure(MixedMode? mode, int seconds, int skipped)
        {
            (double Tcp, double Utp) sum = default;
            for (int second = 0; second < seconds; second++)
            {
                (long tcpBefore, long utpBefore) = (tcp.Received, Received());
                run.World.Run(Second);
                (long tcpRate, long utpRate) = (tcp.Received - tcpBefore, Received() - utpBefore);
                mode?.OnSecond(
                    default(TransportUse).Add(tcpRate),
                    default(TransportUse).Add(utpRate),
                    utp.Connection.Path.Delay.Current >= Ledbat.Target / 2);
                tcp.Limit = mode?.Limit;
                if (second >= skipped)
                    sum = (sum.Tcp + tcpRate, sum.Utp + utpRate);
            }

            return (sum.Tcp / (seconds - skipped), sum.Utp / (seconds - skipped));
        }

        long Received() => run.Receiver.Accepted.Count > 0 ? run.Receiver.Accepted[0].Received : 0;
    }
}
