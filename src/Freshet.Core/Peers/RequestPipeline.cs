using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>
/// The requests to one peer. A block is in <c>_asked</c> while the peer owes it to us and the ledger lists it as requested from this peer,
/// and in <c>_forgotten</c> after we gave up on it: the peer may still send it, and is not to blame if it does. How long a peer makes us
/// wait is measured on its own clock (see <see cref="PeerMoment"/>), how much it sends on ours.
/// </summary>
/// <param name="first">The number of requests to keep outstanding while nothing is known about the source.</param>
internal sealed class RequestPipeline(int first = PipelineDepth.First)
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan UntilSnubbed = TimeSpan.FromSeconds(30);

    // In the endgame a peer counts as sending for at least this long after its last block, or for a multiple of its time per block.
    private static readonly TimeSpan ShortestStall = TimeSpan.FromMilliseconds(250);
    private const int BlocksUntilStall = 8;

    // The time allowed for the first blocks of a peer whose rate is unknown.
    private static readonly TimeSpan UnknownWait = TimeSpan.FromSeconds(1);

    private const int LeastUrgent = 4;
    private static readonly TimeSpan UrgentQueue = TimeSpan.FromMilliseconds(500);

    private readonly RequestRing _asked = new(PeerLimits.MaxOutstandingRequests);
    private readonly RequestRing _forgotten = new(PeerLimits.MaxOutstandingRequests);
    private readonly PipelineDepth _depth = new(first);
    private readonly ResponseTimes _responses = new();
    private BlockRef? _probe;
    private TimeSpan? _lastProbe;
    private Timestamp _waitingSince;
    private Timestamp _lastBlock = new(long.MinValue / 2);
    private bool _timedOut;

    /// <summary>The number of outstanding requests.</summary>
    public int Count => _asked.Count;

    /// <summary>The number of requests to keep outstanding.</summary>
    public int Depth => IsSnubbed ? 1 : _depth.Value;

    /// <summary>
    /// The time within which a share of the most recent blocks arrived, each measured from its request; null if none has arrived.
    /// </summary>
    public TimeSpan? ResponseTime(double share) => _responses.Within(share);

    /// <summary>How long the peer took for the last block that we were waiting for.</summary>
    public TimeSpan LastResponse { get; private set; }

    /// <summary>Payload bytes per second, over about the last second.</summary>
    public double BytesPerSecond => _depth.BytesPerSecond;

    /// <summary>Whether the peer has sent nothing for a long time although we wait for it.</summary>
    public bool IsSnubbed { get; private set; }

    /// <summary>
    /// How many requests to send now: none until an eighth of the depth is free, so that requests are sent in batches rather than one per
    /// block.
    /// </summary>
    public int Room
    {
        get
        {
            int free = Depth - Count;
            return free * 8 >= Depth ? free : 0;
        }
    }

    /// <summary>How long a request may stay unanswered: four times the time expected from the peer's own rate.</summary>
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

    /// <summary>An outstanding request by index, the oldest at 0.</summary>
    public BlockRef this[int index] => _asked[index];

    /// <summary>
    /// The time that a block is likely to take behind the given number of others, if the peer continues at its rate; a guess while the rate
    /// is unknown.
    /// </summary>
    public TimeSpan TimeFor(int others) => _depth.BytesPerSecond <= 0 ? UnknownWait : (_depth.Latency ?? default) + ((others + 1) * Gap);

    /// <summary>
    /// How long the peer took for the last request that it got while it owed us nothing, if it owes us nothing now. A peer from which
    /// little is requested has a low rate, which does not show how soon it answers. Null if its rate is unknown: then it has answered too
    /// little.
    /// </summary>
    public TimeSpan? TimeWhenIdle => Count == 0 && _depth.BytesPerSecond > 0 ? _lastProbe : null;

    /// <summary>
    /// The number of requests to keep outstanding while a reader waits: enough that the peer does not run out, and few ahead of what will
    /// be needed next.
    /// </summary>
    public int UrgentDepth => Math.Max(LeastUrgent, BlocksWithin(UrgentQueue));

    /// <summary>How many of the oldest outstanding blocks have probably been sent already.</summary>
    public int OnTheirWay => Count == 0 ? 0 : Math.Max(1, BlocksWithin(TimeSpan.Zero));

    // The blocks that the peer sends in a round trip plus some more time.
    private int BlocksWithin(TimeSpan more)
    {
        double seconds = ((_depth.Latency ?? default) + more).TotalSeconds;
        return (int)Math.Min(_depth.BytesPerSecond * seconds / Limits.BlockLength, PeerLimits.MaxOutstandingRequests);
    }

    /// <summary>
    /// Whether the peer is sending what it owes us: the time since its last block, or since the first request, is within what is usual for
    /// it.
    /// </summary>
    public bool IsSending(PeerMoment at)
    {
        if (IsSnubbed || Count == 0)
            return false;
        TimeSpan patience = _depth.BytesPerSecond <= 0 ? UnknownWait : (_depth.Latency ?? default) + (BlocksUntilStall * Gap);
        return at.Own - _waitingSince < (patience > ShortestStall ? patience : ShortestStall);
    }

    /// <summary>How long it has not sent any block that it owes us.</summary>
    public TimeSpan SilentFor(PeerMoment at) => Count == 0 ? default : at.Own - _waitingSince;

    /// <summary>Whether it has sent a block recently.</summary>
    public bool IsAnswering(PeerMoment at) => at.Own - _lastBlock < ShortestTimeout;

    // The time per block at the peer's rate, which must be known.
    private TimeSpan Gap => TimeSpan.FromSeconds(Limits.BlockLength / _depth.BytesPerSecond);

    /// <summary>When <see cref="OnTick"/> may have something to do if nothing arrives before.</summary>
    public Timestamp NextDue(PeerMoment at) => Count == 0 ? Timestamp.Never
        : at.Now + (Timestamp.Min(_waitingSince + UntilSnubbed, _asked.OldestAskedAt + Timeout) - at.Own);

    /// <summary>The peer reported how many requests it queues (BEP 10, reqq).</summary>
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

    /// <summary>A block has arrived.</summary>
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
        {
            _lastProbe = LastResponse;
            _depth.OnLatency(LastResponse);
        }

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

    /// <summary>The peer rejected a request (BEP 6); false if we were not waiting for the block.</summary>
    /// <remarks>
    /// Answers come in the order of the requests, so the first answer belongs to the request that we gave up, even if we have repeated it.
    /// </remarks>
    public bool OnRejected(BlockRef block)
    {
        if (_forgotten.TryRemove(block, out _) || !_asked.TryRemove(block, out _))
            return false;
        if (_probe == block)
            _probe = null;
        return true;
    }

    /// <summary>Whether the peer was asked for a block and has not answered, even if we no longer wait for it.</summary>
    public bool WasAsked(BlockRef block) => _asked.Contains(block) || _forgotten.Contains(block);

    /// <summary>
    /// The peer rejects although it does not choke us: its queue is full with what it has accepted, which it did not announce.
    /// </summary>
    public void OnQueueFull() => _depth.OnQueueFull(Count);

    /// <summary>A requested block is no longer wanted; false if we were not waiting for it.</summary>
    public bool Forget(BlockRef block)
    {
        if (!_asked.TryRemove(block, out Timestamp askedAt))
            return false;
        _forgotten.Add(block, askedAt);
        return true;
    }

    /// <summary>
    /// Gives up on all requests and returns them in <paramref name="given"/>: the peer choked us, or others must be asked.
    /// </summary>
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

    /// <summary>Gives up on overdue requests and returns them in <paramref name="overdue"/>.</summary>
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

    /// <summary>How an arrived block relates to our requests.</summary>
    public enum Answer
    {
        /// <summary>It was outstanding.</summary>
        Awaited,

        /// <summary>We had given up on it.</summary>
        Late,

        /// <summary>It was never requested.</summary>
        Unrequested,
    }
}
