using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>
/// How many blocks to keep requested from a peer: enough that it never runs out between our requests, and no more. That is its rate times
/// the round trip, plus a queue of <see cref="QueueTime"/> at its end, always between <see cref="Least"/> and the peer's own limit.
/// </summary>
/// <remarks>
/// The rate depends on the depth as well as the depth on the rate, so the depth starts like TCP slow start: it grows by one for each block
/// that arrives, doubling with every round trip, until the rate no longer grows with it. Blocks that arrive close together show what the
/// line carries before the rate does: while the peer would be done with all that is requested before the next request reaches it, the depth
/// grows by several for each. The latency is measured only with requests into an empty pipeline; any other request waits behind our own,
/// and a depth derived from that would grow without bound.
/// </remarks>
/// <param name="first">The initial depth.</param>
internal sealed class PipelineDepth(int first = PipelineDepth.First)
{
    /// <summary>The initial depth for a peer.</summary>
    public const int First = 4;

    /// <summary>The queue to keep at the peer beyond the round trip, so that a late batch of ours does not leave it idle.</summary>
    public static readonly TimeSpan QueueTime = TimeSpan.FromSeconds(1.5);

    // For each block of a fast peer: a line of 20 MiB/s with a round trip of 300 ms is full after three round trips.
    private const int FastGrowth = 12;

    private const int Least = 2;
    private const double StillGrowing = 1.2;
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestLatency = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan UnknownLatency = TimeSpan.FromMilliseconds(200);

    private bool _ramping = true;
    private int _queue = int.MaxValue;
    private int _told = PeerLimits.DefaultRequestQueue;
    private long _windowBytes;
    private Timestamp _windowStart;
    private Timestamp _lastBlock = new(long.MinValue / 2);

    // The blocks that have arrived without a pause, and how many were requested when the first of them came.
    private Timestamp _burstStart;
    private int _burst;
    private int _requested;
    private bool _hasPaused;

    /// <summary>The current depth.</summary>
    public int Value { get; private set; } = first;

    /// <summary>The most the peer accepts: what it reports (reqq, BEP 10), and no more than it has shown to accept.</summary>
    public int Most => Math.Min(_told, _queue);

    /// <summary>Payload bytes per second, over about the last second.</summary>
    public double BytesPerSecond { get; private set; }

    /// <summary>The shortest time observed from a request to its block.</summary>
    public TimeSpan? Latency { get; private set; }

    /// <summary>The peer reported how many requests it queues.</summary>
    public void Limit(int most)
    {
        _told = Math.Clamp(most, 1, PeerLimits.MaxOutstandingRequests);
        Value = Math.Min(Value, Most);
    }

    /// <summary>
    /// The peer rejected a request while it had accepted the given number of others. From time to time, one more is tried.
    /// </summary>
    public void OnQueueFull(int taken)
    {
        _ramping = false;
        _queue = Math.Clamp(taken, 1, PeerLimits.MaxOutstandingRequests);
        Value = Math.Min(Value, _queue);
    }

    /// <summary>A request was made into an empty pipeline: after a pause, the time without requests says nothing about the peer.</summary>
    public void OnResumed(Timestamp now)
    {
        if (now - _lastBlock > Window)
            BeginWindow(now);
    }

    /// <summary>The block of a request into an empty pipeline has arrived.</summary>
    public void OnLatency(TimeSpan sample)
    {
        if (sample > LongestLatency)
            sample = LongestLatency;
        if (Latency is null || sample < Latency)
            Latency = sample;
    }

    public void OnBlock(int bytes, Timestamp now)
    {
        _windowBytes += bytes;
        bool isFast = IsFast(now);
        _lastBlock = now;
        if (_ramping && Value < Most)
            Value = Math.Min(Value + (isFast ? FastGrowth : 1), Most);
        if (now - _windowStart >= Window)
            EndWindow(now);
    }

    /// <summary>
    /// Requests went unanswered for a long time: lowers the depth. Silence changes nothing before that, so that it is recognized as
    /// silence.
    /// </summary>
    public void OnTimeout()
    {
        _ramping = false;
        Value = Math.Max(1, Value / 2);
        BytesPerSecond /= 2;
    }

    /// <summary>The peer answers again after a long silence: starts over.</summary>
    public void OnRecovered()
    {
        _ramping = true;
        _hasPaused = false;
        _burst = _requested = 0;
        BytesPerSecond = 0;
        Value = Math.Min(Least, Most);
    }

    // Whether the peer, at the pace of the blocks that arrived without a pause, sends all that is requested in less than a round trip. One
    // that paused although much more was requested is slower than its pace.
    private bool IsFast(Timestamp now)
    {
        TimeSpan roundTrip = Latency ?? UnknownLatency;
        if (now - _lastBlock > roundTrip / 2)
        {
            _hasPaused |= 2 * _burst < _requested;
            (_burstStart, _burst, _requested) = (now, 0, Value);
        }

        return _burst++ > 0 && !_hasPaused && (now - _burstStart) * Value < roundTrip * (_burst - 1);
    }

    private void EndWindow(Timestamp now)
    {
        if (_queue < _told)
            _queue++;
        double rate = _windowBytes / (now - _windowStart).TotalSeconds;
        BeginWindow(now);
        double before = BytesPerSecond;
        BytesPerSecond = before == 0 ? rate : (before + rate) / 2;
        double wanted = BytesPerSecond * ((Latency ?? UnknownLatency) + QueueTime).TotalSeconds / Limits.BlockLength;
        if (_ramping && (Value < wanted || rate > before * StillGrowing))
            return;
        _ramping = false;
        Value = (int)Math.Clamp(Math.Ceiling(wanted), Math.Min(Least, Most), Most);
    }

    private void BeginWindow(Timestamp now)
    {
        _windowStart = now;
        _windowBytes = 0;
    }
}
