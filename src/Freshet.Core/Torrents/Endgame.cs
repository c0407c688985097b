using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// Decides what to request from a peer when every available block is requested from others: the blocks that would arrive last, if this peer
/// can send them much sooner.
/// </summary>
/// <remarks>
/// Fast peers owe us many blocks each, so the endgame is long, and requesting everything twice would transfer much of it twice. So a block
/// is taken over: the request is cancelled at the peer that has it far back in its queue. It is not cancelled if that peer has stopped
/// sending, since it may go on, nor if the new peer has yet to prove itself. Peers that finish early thereby relieve those that would
/// finish late, until all finish at about the same time; with good estimates nothing is transferred twice. Duplicates that occur
/// nevertheless are limited by <see cref="EndgameBudget"/>; beyond that, only peers that would take seconds are relieved.
/// </remarks>
internal sealed class Endgame(TorrentContext torrent)
{
    // A smaller gain is not worth a request: it is within the error of the estimates.
    private static readonly TimeSpan LeastGain = TimeSpan.FromMilliseconds(50);

    // The most to request from a peer at once, as the time it needs to send it: others may have less to do by then.
    private static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(250);

    // How often to look for peers that have stopped sending.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // A peer that would take this long, or has been silent this long, is relieved in any case.
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(1);

    private readonly List<PeerKey> _requesters = [];
    private readonly EndgameBudget _budget = new(torrent);
    private bool _isOn;
    private int _turn;

    /// <summary>Runs on every tick, before requests are made.</summary>
    public void OnTick(Timestamp now)
    {
        _isOn = false;
        _budget.OnTick(now);
    }

    /// <summary>A source will not send a block that was requested from it.</summary>
    public void OnRejected(BlockRef block) => _budget.OnRejected(block);

    /// <summary>A block arrived that had been received already.</summary>
    public void OnTwice() => _budget.OnTwice();

    /// <summary>When requests must be reconsidered although nothing has happened; never outside the endgame.</summary>
    public Timestamp NextDue(Timestamp now) => _isOn && torrent.IsFetching ? now + Interval : Timestamp.Never;

    /// <summary>Picks blocks that are requested from others, and records them in the ledger as requested from the source too.</summary>
    public int Pick(BlockSource source, PeerMoment at, Span<BlockRef> into)
    {
        bool isAnswering = source.Requests.IsAnswering(at);
        int most = Math.Min(into.Length, MostOf(source, isAnswering));
        if (most == 0 || source.IsChoking || source.Requests.IsSnubbed || !torrent.Picker.IsEndgame
            || torrent.Blame.IsSuspect(source.Sender.Origin))
            return 0;
        _isOn = true;
        if (FindSlowest(source, at) is not { } slowest)
            return 0;

        PeerMoment itsTime = slowest.At(at.Now);
        bool isSending = slowest.Requests.IsSending(itsTime);
        int last = slowest.Requests.Count - 1;
        int count = 0;
        for (int i = last; i >= 0 && i > last - Limits.EndgameProbes - count && count < most; i--)
        {
            if (isSending && !IsSooner(source, count, slowest.Requests, i, itsTime))
                break;
            BlockRef block = slowest.Requests[i];
            if (!MayAsk(source, block, isAnswering, at.Now))
                continue;
            if (!_budget.HasRoom && !IsLate(slowest, isSending, slowest.Requests.TimeFor(i), at.Now))
                break;
            _budget.OnAskedAgain(block, at.Now);
            into[count++] = block;
            if ((!isSending || !isAnswering) && torrent.Ledger.TryRequestAlso(block, source.Key))
                continue;
            TakeOver(block, slowest, source, at.Now);
        }

        return count;
    }

    // A source that has yet to prove itself gets a few blocks, once.
    private static int MostOf(BlockSource source, bool isAnswering)
    {
        int owed = source.Requests.Count;
        if (!isAnswering)
            return owed == 0 ? PieceLimits.MinEndgameRequests : 0;
        int most = (int)Math.Min(source.Requests.BytesPerSecond * Ahead.TotalSeconds / Limits.BlockLength, source.Requests.Depth);
        return Math.Max(Math.Max(most, PieceLimits.MinEndgameRequests) - owed, 0);
    }

    // Among the sources that owe us a block that this one can take over, the one whose last block is furthest away.
    private BlockSource? FindSlowest(BlockSource source, PeerMoment at)
    {
        IReadOnlyList<BlockSource> all = torrent.Sources.All;
        BlockSource? slowest = null;
        TimeSpan longest = default;
        bool hasRoom = _budget.HasRoom;
        _turn++;
        for (int i = 0; i < all.Count; i++)
        {
            BlockSource other = all[(i + _turn) % all.Count];
            if (ReferenceEquals(other, source) || other.Requests.Count == 0)
                continue;
            PeerMoment itsTime = other.At(at.Now);
            bool isSending = other.Requests.IsSending(itsTime);
            TimeSpan wait = isSending ? other.Requests.TimeFor(other.Requests.Count - 1) : TimeSpan.MaxValue;
            if (wait <= longest || (isSending && !IsSooner(source, 0, other.Requests, other.Requests.Count - 1, itsTime))
                || !(hasRoom || IsLate(other, isSending, wait, at.Now)) || !HasOneFor(source, other, at))
            {
                continue;
            }

            longest = wait;
            slowest = other;
        }

        return slowest;
    }

    // By the rates of both, or because the other has been silent for longer than this source takes when it is asked for a single block.
    private static bool IsSooner(BlockSource source, int taken, RequestPipeline other, int index, PeerMoment itsTime) =>
        other.TimeFor(index) > (2 * source.Requests.TimeFor(source.Requests.Count + taken)) + LeastGain
        || (taken == 0 && source.Requests.TimeWhenIdle is { } time && other.SilentFor(itsTime) > (2 * time) + LeastGain);

    private static bool IsLate(BlockSource other, bool isSending, TimeSpan wait, Timestamp now) =>
        isSending ? wait > Slow : other.Requests.SilentFor(other.At(now)) > Silent;

    private bool HasOneFor(BlockSource source, BlockSource other, PeerMoment at)
    {
        int last = other.Requests.Count - 1;
        for (int i = last; i >= 0 && i > last - Limits.EndgameProbes; i--)
        {
            if (MayAsk(source, other.Requests[i], source.Requests.IsAnswering(at), at.Now))
                return true;
        }

        return false;
    }

    // A block that is already requested from several sources is requested once more only if none of them sends, and only from a proven
    // source.
    private bool MayAsk(BlockSource source, BlockRef block, bool isAnswering, Timestamp now)
    {
        if (!source.Has[block.Piece] || !torrent.Ledger.IsMissing(block.Piece)
            || !torrent.Ledger.Started.TryGet(block.Piece, out StartedPiece? started)
            || started.ReservedFor is not null || started.IsRequestedOf(block.Index, source.Key))
        {
            return false;
        }

        int requesters = started.RequesterCountOf(block.Index);
        if (requesters <= 1)
            return requesters == 1;
        if (!isAnswering)
            return false;
        _requesters.Clear();
        started.CopyRequesters(block.Index, _requesters);
        foreach (PeerKey requester in _requesters)
        {
            if (torrent.Sources.Find(requester) is { } other && other.Requests.IsSending(other.At(now)))
                return false;
        }

        return true;
    }

    private void TakeOver(BlockRef block, BlockSource from, BlockSource to, Timestamp now)
    {
        from.Requests.Forget(block);
        from.Cancel(torrent.Layout.RangeOf(block), now);
        torrent.Ledger.TakeOver(block, from.Key, to.Key);
    }
}
