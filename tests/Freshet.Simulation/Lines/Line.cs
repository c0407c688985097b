namespace Freshet.Simulation.Lines;

/// <summary>
/// One direction of a line: a bottleneck with a queue in front of it, and then a path that loses, delays and duplicates datagrams.
/// </summary>
internal sealed class Line(LineOptions options, Random random)
{
    /// <summary>Bytes of the IP and UDP headers.</summary>
    public const int Headers = 28;

    private const int FragmentHeader = 20;
    private const double MostEarly = 0.1;
    private static readonly long HoldUp = TimeSpan.FromMilliseconds(3).Ticks;

    private long _busyUntil;

    /// <summary>Its properties, which may change.</summary>
    public LineOptions Options { get; set; } = options;

    /// <summary>Bytes that have passed the bottleneck, including headers.</summary>
    public long Passed { get; private set; }

    /// <summary>Datagrams that have passed in fragments.</summary>
    public long Fragmented { get; private set; }

    /// <summary>Datagrams that found the queue full.</summary>
    public long Dropped { get; private set; }

    /// <summary>How long a datagram that is sent now has to wait.</summary>
    public TimeSpan Queueing(long now) => TimeSpan.FromTicks(Math.Max(_busyUntil - now, 0));

    /// <summary>Forwards a datagram; returns when it arrives, or that it does not.</summary>
    public long? Pass(int length, long now, bool dontFragment = false)
    {
        long begins = Math.Max(_busyUntil, now);
        int fragments = Math.Max((length + Options.LongestDatagram - 1) / Options.LongestDatagram, 1);
        if (fragments > 1 && dontFragment)
            return null;
        if (begins - now > Options.Queue.Ticks || IsDroppedEarly(begins - now))
        {
            Dropped++;
            return null;
        }

        int bytes = length + Headers + ((fragments - 1) * FragmentHeader);
        _busyUntil = begins + (long)(bytes * (double)TimeSpan.TicksPerSecond / Options.Rate.BytesPerSecond);
        Passed += bytes;
        Fragmented += fragments > 1 ? 1 : 0;
        for (int i = 0; i < fragments; i++)
        {
            if (random.NextDouble() < Options.Loss)
                return null;
        }

        long held = random.NextDouble() < Options.Reordering ? random.NextInt64(HoldUp) : 0;
        return _busyUntil + Options.Latency.Ticks + held;
    }

    private bool IsDroppedEarly(long wait) =>
        Options.EarlyDrop is { } from && wait > from.Ticks
        && random.NextDouble() < MostEarly * (wait - from.Ticks) / (Options.Queue - from).Ticks;

    /// <summary>Whether this datagram arrives twice.</summary>
    public bool Doubles() => random.NextDouble() < Options.Duplication;
}
