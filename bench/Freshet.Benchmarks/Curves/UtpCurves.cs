using Freshet.Simulation.Lines;

namespace Freshet.Benchmarks.Curves;

/// <summary>
/// Draws how uTP uses a line: rate and queueing delay over time (<c>curves FOLDER</c>). The lines are those of the simulation, with a
/// virtual clock and a fixed seed, so that the same code draws the same pictures on every machine.
/// </summary>
internal static class UtpCurves
{
    public const string Verb = "curves";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    public static int Run(string[] args)
    {
        if (args is not [string folder])
        {
            Console.Error.WriteLine($"usage: {Verb} FOLDER");
            return 2;
        }

        Directory.CreateDirectory(folder);
        Draw(folder, "utp-yields", BesideTcp());
        Draw(folder, "utp-latecomer", Latecomer());
        Draw(folder, "utp-loss", WithLoss(100, 20));
        Draw(folder, "utp-long-loss", WithLoss(1_000, 200));
        return 0;
    }

    // TCP comes after 20 s and leaves after 50 s.
    private static LineChart BesideTcp()
    {
        LineRun run = Begin(10, 50, loss: 0);
        GreedyFlow tcp = new(run.World, run.Bottleneck);
        List<LineSample> samples = [];
        Sample(run, samples, 20, () => tcp.Received);
        tcp.Start();
        Sample(run, samples, 50, () => tcp.Received);
        tcp.Stop();
        Sample(run, samples, 80, () => tcp.Received);
        return new LineChart("uTP and TCP on 10 Mbit/s, round trip 50 ms", 10, samples) { First = "uTP", Second = "TCP" };
    }

    // A second uTP connection starts after 20 s, when the first has filled the line for a while.
    private static LineChart Latecomer()
    {
        LineRun run = Begin(20, 40, loss: 0);
        List<LineSample> samples = [];
        Sample(run, samples, 20, static () => 0);
        run.Sender.Connect(run.Receiver).Send(long.MaxValue / 2);
        Sample(run, samples, 120, () => run.Receiver.Accepted.Count > 1 ? run.Receiver.Accepted[1].Received : 0);
        return new LineChart("Two uTP connections on 20 Mbit/s, round trip 40 ms", 20, samples) { First = "first", Second = "second" };
    }

    private static LineChart WithLoss(int megabits, int roundTripMilliseconds)
    {
        LineRun run = Begin(megabits, roundTripMilliseconds, loss: 0.01);
        List<LineSample> samples = [];
        Sample(run, samples, 40, static () => 0);
        string title = $"uTP on {megabits} Mbit/s, round trip {roundTripMilliseconds} ms, 1 % of datagrams lost";
        return new LineChart(title, megabits, samples) { First = "uTP" };
    }

    private static LineRun Begin(int megabits, int roundTripMilliseconds, double loss)
    {
        LineRun run = new(megabits, TimeSpan.FromMilliseconds(roundTripMilliseconds), loss);
        LineStream stream = run.Sender.Connect(run.Receiver);
        stream.Send(long.MaxValue / 2);
        return run;
    }

    private static void Sample(LineRun run, List<LineSample> samples, int untilSeconds, Func<long> second)
    {
        double seconds = samples.Count > 0 ? samples[^1].Seconds : 0;
        while (seconds < untilSeconds - (Interval.TotalSeconds / 2))
        {
            (long firstBefore, long secondBefore) = (Received(run), second());
            TimeSpan queue = TimeSpan.Zero;
            for (TimeSpan passed = TimeSpan.Zero; passed < Interval; passed += Look)
            {
                run.World.Run(Look);
                TimeSpan now = run.Bottleneck.Queueing(run.World.Now);
                queue = now > queue ? now : queue;
            }

            seconds += Interval.TotalSeconds;
            samples.Add(new LineSample(
                seconds, Megabits(Received(run) - firstBefore), Megabits(second() - secondBefore), queue.TotalMilliseconds));
        }
    }

    private static long Received(LineRun run) => run.Receiver.Accepted.Count > 0 ? run.Receiver.Accepted[0].Received : 0;

    private static double Megabits(long bytes) => bytes * 8 / 1e6 / Interval.TotalSeconds;

    private static void Draw(string folder, string name, LineChart chart)
    {
        string path = Path.Combine(folder, name + ".svg");
        File.WriteAllText(path, chart.ToSvg());
        Console.WriteLine(path);
    }
}
