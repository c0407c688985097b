using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>
/// The blocks asked of one peer. A block is in <c>_asked</c> while the peer owes it to us and the ledger counts it as requested
/// from this peer, and in <c>_forgotten</c> after we gave up on it: the peer may send it all the same, and is not to blame for it.
/// How long a peer lets us wait is measured on its own clock (see <see cref="PeerMoment"/>), how much it sends on ours.
/// </summary>
/// <param name="first">Blocks to have outstanding while nothing is known of the source.</param>
internal sealed class RequestPipeline(int first = PipelineDepth.First)
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan UntilSnubbed = TimeSpan.FromSeconds(30);

    // In endgame a peer counts as one that sends for so long after its last block, or for so many times what a block takes it.
    private static readonly TimeSpan ShortestStall = TimeSpan.FromMilliseconds(250);
    private const int BlocksUntilStall = 8;

    // The first blocks of a peer of which no rate is known yet are waited for so long.
    private static readonly TimeSpan UnknownWait = TimeSpan.FromSeconds(1);

    private const int LeastUrgent = 4;
    private static readonly TimeSpan UrgentQueue = TimeSpan.FromMilliseconds(500);

    private readonly RequestRing _asked = new(PeerLimits.MaxOutstandingRequests);
    private readonly RequestRing _forgotten = new(PeerLimits.MaxOutstandingRequests);
    private readonly PipelineDepth _depth = new(first);
    private readonly ResponseTimes _responses = new();
    private BlockRef? _probe;
    private Timestamp _waitingSince;
    private Timestamp _lastBlock = new(long.MinValue / 2);
    private bool _timedOut;

    /// <summary>Blocks that the peer owes us.</summary>
    public int Count => _asked.Count;

    /// <summary>Blocks to have outstanding at once.</summary>
    public int Depth => IsSnubbed ? 1 : _depth.Value;

    /// <summary>
    /// The time in which a share of the last blocks came, each from the moment when it was asked for; null if none has come.
    /// </summary>
    public TimeSpan? ResponseTime(double share) => _responses.Within(share);

    /// <summary>How long the peer took for the last block that we were waiting for.</summary>
    public TimeSpan LastResponse { get; private set; }

    /// <summary>Payload bytes per second, over about the last second.</summary>
    public double BytesPerSecond => _depth.BytesPerSecond;

    /// <summary>Whether the peer has sent nothing for long, though we wait for it.</summary>
    public bool IsSnubbed { get; private set; }

    /// <summary>
    /// How many to ask for now: none until an eighth of the depth is free, so that requests leave in batches and not one a block.
    /// </summary>
    public int Room
    {
        get
        {
            int free = Depth - Count;
            return free * 8 >= Depth ? free : 0;
        }
    }

    /// <summary>How long a request may stay unanswered: four times what the peer's own rate lets us expect.</summary>
    public TimeSpan Timeout
    {
        get
        {
            if (_depth.BytesPerSecond <= 0)
                return UntilSnubbed;
            double expected = (Count * (double)Limits.BlockLength / _depth.BytesPerSecond) + (_depth.Latency ?? default).TotalSeconds;
            return TimeSpan.FromSeconds(Math.Clamp(4 * expected, ShortestTimeout.TotalSeconds, LongestTimeout.TotalSeconds));
        }
    }

    /// <summary>A block that the peer owes us by its place, the oldest at 0.</summary>
    public BlockRef this[int index] => _asked[index];

    /// <summary>
    /// How long a block is likely to take that comes after so many others, if the peer goes on as it has; a guess where nothing is known.
    /// </summary>
    public TimeSpan TimeFor(int others) => _depth.BytesPerSecond <= 0 ? UnknownWait : (_depth.Latency ?? default) + ((others + 1) * Gap);

    /// <summary>
    /// Blocks to have outstanding while somebody waits for something: enough that the peer does not run out, and few in front of what comes
    /// to be needed next.
    /// </summary>
    public int UrgentDepth => Math.Max(LeastUrgent, BlocksWithin(UrgentQueue));

    /// <summary>Of the blocks that the peer owes us, the oldest so many have probably left it.</summary>
    public int OnTheirWay => Count == 0 ? 0 : Math.Max(1, BlocksWithin(TimeSpan.Zero));

    // What the peer sends in a round trip and some time more.
    private int BlocksWithin(TimeSpan more)
    {
        double seconds = ((_depth.Latency ?? default) + more).TotalSeconds;
        return (int)Math.Min(_depth.BytesPerSecond * seconds / Limits.BlockLength, PeerLimits.MaxOutstandingRequests);
    }

    /// <summary>
    /// Whether the peer sends what it owes us: no longer than is usual for it has passed since its last block, or the first request.
    /// </summary>
    public bool IsSending(PeerMoment at)
    {
        if (IsSnubbed || Count == 0)
            return false;
        TimeSpan patience = _depth.BytesPerSecond <= 0 ? UnknownWait : (_depth.Latency ?? default) + (BlocksUntilStall * Gap);
        return at.Own - _waitingSince < (patience > ShortestStall ? patience : ShortestStall);
    }

    /// <summary>How long it has sent nothing that it owes us.</summary>
    public TimeSpan SilentFor(PeerMoment at) => Count == 0 ? default : at.Own - _waitingSince;

    /// <summary>Whether it has sent a block lately.</summary>
    public bool IsAnswering(PeerMoment at) => at.Own - _lastBlock < ShortestTimeout;

    // What a block takes at the peer's rate, once that is known.
    private TimeSpan Gap => TimeSpan.FromSeconds(Limits.BlockLength / _depth.BytesPerSecond);

    /// <summary>When <see cref="OnTick"/> may have something to do, if nothing comes until then.</summary>
    public Timestamp NextDue(PeerMoment at) => Count == 0 ? Timestamp.Never
        : at.Now + (Timestamp.Min(_waitingSince + UntilSnubbed, _asked.OldestAskedAt + Timeout) - at.Own);

    /// <summary>The peer told how many requests it queues (BEP 10, reqq).</summary>
    public void LimitDepth(int most) => _depth.Limit(most);

    public void OnAsked(BlockRef block, PeerMoment at)
    {
        if (_asked.Count == 0)
        {
            _depth.OnResumed(at.Now);
            _probe = block;
            if (!_timedOut)
                _waitingSince = at.Own;
        }

        _asked.Add(block, at.Own);
    }

    /// <summary>A block arrived.</summary>
    public Answer OnBlock(BlockRef block, int bytes, PeerMoment at)
    {
        Answer answer = _asked.TryRemove(block, out Timestamp askedAt) ? Answer.Awaited
            : _forgotten.TryRemove(block, out _) ? Answer.Late
            : Answer.Unrequested;
        if (answer == Answer.Unrequested)
            return answer;

        if (answer == Answer.Awaited)
            _responses.Add(LastResponse = at.Own - askedAt);
        if (answer == Answer.Awaited && _probe == block)
            _depth.OnLatency(at.Own - askedAt);
        if (_probe == block)
            _probe = null;
        if (IsSnubbed)
            _depth.OnRecovered();
        IsSnubbed = false;
        _timedOut = false;
        _waitingSince = _lastBlock = at.Own;
        _depth.OnBlock(bytes, at.Now);
        return answer;
    }

    /// <summary>The peer says that it will not send a block (BEP 6); false if we were not waiting for it.</summary>
    /// <remarks>
    /// Answers come in the order of the requests, so the first is to the one that we gave up, though we may have asked again.
    /// </remarks>
    public bool OnRejected(BlockRef block)
    {
        if (_forgotten.TryRemove(block, out _) || !_asked.TryRemove(block, out _))
            return false;
        if (_probe == block)
            _probe = null;
        return true;
    }

    /// <summary>The peer rejects, though it does not choke us: its queue is as long as what it has taken, which it did not say.</summary>
    public void OnQueueFull() => _depth.OnQueueFull(Count);

    /// <summary>We no longer want a block that we asked for; false if we were not waiting for it.</summary>
    public bool Forget(BlockRef block)
    {
        if (!_asked.TryRemove(block, out Timestamp askedAt))
            return false;
        _forgotten.Add(block, askedAt);
        return true;
    }

    /// <summary>Gives up on all blocks, and tells which: the peer choked us, or we must ask others.</summary>
    public void ForgetAll(List<BlockRef> given)
    {
        Timestamp askedAt = _asked.OldestAskedAt;
        while (_asked.Count > 0)
        {
            BlockRef block = _asked.RemoveOldest();
            given.Add(block);
            _forgotten.Add(block, askedAt);
        }

        _probe = null;
        _timedOut = false;
    }

    /// <summary>Gives up on what is overdue, and tells which blocks.</summary>
    public void OnTick(PeerMoment at, List<BlockRef> overdue)
    {
        if (_asked.Count == 0)
            return;
        if (at.Own - _waitingSince >= UntilSnubbed)
        {
            ForgetAll(overdue);
            IsSnubbed = true;
            return;
        }

        TimeSpan timeout = Timeout;
        int before = overdue.Count;
        while (_asked.Count > 0 && at.Own - _asked.OldestAskedAt >= timeout)
        {
            Timestamp askedAt = _asked.OldestAskedAt;
            BlockRef block = _asked.RemoveOldest();
            _forgotten.Add(block, askedAt);
            overdue.Add(block);
        }

        if (overdue.Count == before)
            return;
        _timedOut = true;
        _depth.OnTimeout();
    }

    /// <summary>What a block that arrived is to us.</summary>
    public enum Answer
    {
        /// <summary>We were waiting for it.</summary>
        Awaited,

        /// <summary>We had given up on it.</summary>
        Late,

        /// <summary>We never asked for it.</summary>
        Unrequested,
    }
}
