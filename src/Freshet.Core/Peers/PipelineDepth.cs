using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>
/// How many blocks to have asked of a peer at once: enough that it never runs out between our requests, and no more. That is its
/// rate times the way there and back plus a queue of <see cref="QueueTime"/> at its end, always between <see cref="Least"/> and the
/// peer's own limit.
/// </summary>
/// <remarks>
/// The rate follows from the depth as well as the depth from the rate, so it begins as TCP does: one more for each block that
/// arrives, which doubles the depth with every round trip, until the rate no longer grows with it. The latency is taken from
/// requests made into an empty pipeline alone; any other waits behind our own, and a depth made from that would grow without end.
/// </remarks>
/// <param name="first">The depth to begin with.</param>
internal sealed class PipelineDepth(int first = PipelineDepth.First)
{
    /// <summary>The depth to begin with, for a peer.</summary>
    public const int First = 4;

    /// <summary>What the peer should have queued beyond the round trip, so that a late batch of ours does not leave it idle.</summary>
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

    /// <summary>The depth now.</summary>
    public int Value { get; private set; } = first;

    /// <summary>The most the peer takes: what it says (reqq of BEP 10), and no more than it has shown to take.</summary>
    public int Most => Math.Min(_told, _queue);

    /// <summary>Payload bytes per second, over about the last second.</summary>
    public double BytesPerSecond { get; private set; }

    /// <summary>The shortest time from a request to its block.</summary>
    public TimeSpan? Latency { get; private set; }

    /// <summary>The peer told how many requests it queues.</summary>
    public void Limit(int most)
    {
        _told = Math.Clamp(most, 1, PeerLimits.MaxOutstandingRequests);
        Value = Math.Min(Value, Most);
    }

    /// <summary>The peer rejected a request, with so many others taken. It is tried with one more every now and then.</summary>
    public void OnQueueFull(int taken)
    {
        _ramping = false;
        _queue = Math.Clamp(taken, 1, PeerLimits.MaxOutstandingRequests);
        Value = Math.Min(Value, _queue);
    }

    /// <summary>A request into an empty pipeline: after a pause, the time without requests says nothing about the peer.</summary>
    public void OnResumed(Timestamp now)
    {
        if (now - _lastBlock > Window)
            BeginWindow(now);
    }

    /// <summary>The block of a request made into an empty pipeline arrived.</summary>
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
    /// Requests went unanswered for long: asks for less. Until then silence changes nothing, so that it is noticed as such.
    /// </summary>
    public void OnTimeout()
    {
        _ramping = false;
        Value = Math.Max(1, Value / 2);
        BytesPerSecond /= 2;
    }

    /// <summary>The peer answers again after it stopped for long: begins anew.</summary>
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
