using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>
/// How long what we send waits in queues on its way. The peer tells the difference between its clock and our timestamp; what that is above
/// its least is queueing, as long as both clocks go alike. Clocks drift and jump, so the value is held against two others: when the other
/// direction's least becomes less, the clocks have drifted, and our least is raised by as much; and nothing waits for longer than its
/// round trip is above the least round trip, which our clock alone measures.
/// </summary>
internal sealed class QueueingDelay
{
    // More at once is no drift.
    private const uint MostDrift = 10_000;

    private readonly DelayHistory _ours = new();
    private readonly DelayHistory _theirs = new();
    private readonly DelayHistory _roundTrips = new();

    /// <summary>How long the last packet of the other side took by both clocks, to be told to it.</summary>
    public uint Reply { get; private set; }

    /// <summary>The delay in queues.</summary>
    public TimeSpan Current { get; private set; }

    /// <summary>The round-trip time without queues; zero before it is known.</summary>
    public TimeSpan LeastRoundTrip => _roundTrips.HasBase ? TimeSpan.FromMicroseconds(_roundTrips.Base) : TimeSpan.Zero;

    /// <summary>A packet came that was sent at that time of its sender's clock.</summary>
    public void OnPacket(uint timestamp, Timestamp now)
    {
        Reply = Microseconds(now) - timestamp;
        bool had = _theirs.HasBase;
        uint before = _theirs.Base;
        _theirs.Add(Reply, now);
        uint fell = before - _theirs.Base;
        if (had && _ours.HasBase && fell is > 0 and <= MostDrift)
            _ours.Shift(fell);
    }

    /// <summary>An acknowledgement came, of a packet that was sent so long ago, and tells how long our last packet took.</summary>
    public void OnAcknowledged(uint difference, TimeSpan roundTrip, Timestamp now)
    {
        _roundTrips.Add((uint)Math.Clamp((long)roundTrip.TotalMicroseconds, 1, int.MaxValue), now);
        uint bound = _roundTrips.Current;
        uint oneWay = bound;

        // Zero is told by those who have not heard of us yet, or do not measure.
        if (difference is not 0 and not int.MaxValue)
        {
            _ours.Add(difference, now);
            oneWay = _ours.Current;

            // It cannot have waited longer than it was under way: a clock was set.
            if (oneWay > roundTrip.TotalMicroseconds)
            {
                _ours.Reset(difference, now);
                oneWay = bound;
            }
        }

        Current = TimeSpan.FromMicroseconds(Math.Min(oneWay, bound));
    }

    /// <summary>A moment as packets tell it.</summary>
    public static uint Microseconds(Timestamp now) => (uint)(now.Ticks / TimeSpan.TicksPerMicrosecond);
}
