using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>
/// Measures how long our packets wait in queues on the path. The peer reports the difference between its clock and our timestamp; the
/// excess over its minimum is queueing delay, as long as both clocks run alike. Since clocks drift and jump, the value is checked against
/// two others: when the minimum of the opposite direction falls, the clocks have drifted, and our minimum is raised by the same amount; and
/// the queueing delay cannot exceed the excess of the round trip over the minimum round trip, which only our own clock measures.
/// </summary>
internal sealed class QueueingDelay
{
    // A larger jump is not drift.
    private const uint MostDrift = 10_000;

    private readonly DelayHistory _ours = new();
    private readonly DelayHistory _theirs = new();
    private readonly DelayHistory _roundTrips = new();

    /// <summary>The measured delay of the peer's last packet, to be reported to it.</summary>
    public uint Reply { get; private set; }

    /// <summary>The current queueing delay.</summary>
    public TimeSpan Current { get; private set; }

    /// <summary>The round-trip time without queues; zero while unknown.</summary>
    public TimeSpan LeastRoundTrip => _roundTrips.HasBase ? TimeSpan.FromMicroseconds(_roundTrips.Base) : TimeSpan.Zero;

    /// <summary>A packet arrived with the given timestamp of its sender's clock.</summary>
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

    /// <summary>
    /// An acknowledgement arrived that reports the delay of our last packet; the acknowledged packet took the given round trip.
    /// </summary>
    public void OnAcknowledged(uint difference, TimeSpan roundTrip, Timestamp now)
    {
        _roundTrips.Add((uint)Math.Clamp((long)roundTrip.TotalMicroseconds, 1, int.MaxValue), now);
        uint bound = _roundTrips.Current;
        uint oneWay = bound;

        // Zero is reported by peers that have not received anything from us yet, or do not measure.
        if (difference is not 0 and not int.MaxValue)
        {
            bool had = _ours.HasBase;
            uint before = _ours.Base;
            _ours.Add(difference, now);
            oneWay = _ours.Current;

            // The one-way delay cannot exceed the round trip, nor can its minimum fall by more than that: a clock was set. The present
            // queue is part of this sample, but not of the new minimum.
            bool hasFallen = had && (int)(before - _ours.Base) > roundTrip.TotalMicroseconds;
            if (oneWay > roundTrip.TotalMicroseconds || hasFallen)
            {
                _ours.Reset(difference - bound, now);
                oneWay = bound;
            }
        }

        Current = TimeSpan.FromMicroseconds(Math.Min(oneWay, bound));
    }

    /// <summary>
    /// Nothing was acknowledged for a long time. Packets that are sent again are no samples, and so the queue of long ago would seem to be
    /// there until all are.
    /// </summary>
    public void OnTimeout() => Current = TimeSpan.Zero;

    /// <summary>A moment as a packet timestamp.</summary>
    public static uint Microseconds(Timestamp now) => (uint)(now.Ticks / TimeSpan.TicksPerMicrosecond);
}
