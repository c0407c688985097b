using Freshet.Core.Rates;

namespace Freshet.Simulation.Lines;

/// <summary>One or more connections that send as fast as possible over one bottleneck.</summary>
internal sealed class LineRun
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    public LineRun(int megabits, TimeSpan roundTrip, double loss, LineHostOptions? receiver = null, int seed = 1)
    {
        World = new LineWorld(seed);
        Sender = World.Add(new LineHostOptions());
        Receiver = World.Add(receiver ?? new LineHostOptions { ClockOffset = TimeSpan.FromHours(3) });
        DataRate rate = new(megabits * 125_000L);
        Bottleneck = World.Lay(new LineOptions { Rate = rate, Latency = roundTrip / 2, Loss = loss }, Sender);
        World.Lay(new LineOptions { Rate = rate, Latency = roundTrip / 2 }, Receiver);
    }

    public LineWorld World { get; }

    public LineHost Sender { get; }

    public LineHost Receiver { get; }

    public Line Bottleneck { get; }

    /// <summary>The sending end of the connection that <see cref="Measure"/> opens.</summary>
    public LineStream Sending { get; private set; } = null!;

    /// <summary>Lets a connection run for a time, and then measures how it uses the line.</summary>
    public LineFigures Measure(TimeSpan warmUp, TimeSpan measured)
    {
        Sending = Sender.Connect(Receiver);
        World.RunUntil(() => Sending.IsConnected, TimeSpan.FromSeconds(5));
        Sending.Send(long.MaxValue / 2);
        World.Run(warmUp);
        return Continue(measured);
    }

    /// <summary>Measures how the first connection uses the line from now on.</summary>
    public LineFigures Continue(TimeSpan measured)
    {
        long received = Receiver.Accepted[0].Received;
        List<TimeSpan> delays = [];
        for (TimeSpan at = TimeSpan.Zero; at < measured; at += Step)
        {
            World.Run(Step);
            delays.Add(Bottleneck.Queueing(World.Now));
        }

        delays.Sort();
        double bytes = Receiver.Accepted[0].Received - received;
        double part = Bottleneck.Options.LongestDatagram / (double)(Bottleneck.Options.LongestDatagram + Line.Headers);
        double possible = Bottleneck.Options.Rate.BytesPerSecond * measured.TotalSeconds * part;
        return new LineFigures(bytes / possible, delays[(int)(delays.Count * 0.98)]);
    }
}
