using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>
/// How many blocks to keep requested from a peer: enough that it never runs out between our requests, and no more. That is its rate times
/// the round trip, plus a queue of <see cref="QueueTime"/> at its end, always between <see cref="Least"/> and the peer's own limit.
/// </summary>
/// <remarks>
/// The rate depends on the depth as well as the depth on the rate, so the depth starts like TCP slow start: it grows by one for each block
/// that arrives, doubling with every round trip, until the rate no longer grows with it. The latency is measured only with requests into an
/// empty pipeline; any other request waits behind our own, and a depth derived from that would grow without bound.
/// </remarks>
/// <param name="first">The initial depth.</param>
internal sealed class PipelineDepth(int first = PipelineDepth.First)
{
    /// <summary>The initial depth for a peer.</summary>
    public const int First = 4;

    /// <summary>The queue to keep at the peer beyond the round trip, so that a late batch of ours does not leave it idle.</summary>
    public static readonly TimeSpan QueueTime = TimeSpan.FromSeconds(1.5);

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
        _lastBlock = now;
        if (_ramping && Value < Most)
            Value++;
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
        BytesPerSecond = 0;
        Value = Math.Min(Least, Most);
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
