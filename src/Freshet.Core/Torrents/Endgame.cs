using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// Decides what to ask of a peer when every block to be had is asked of others: the blocks that would come last of all, if they come much
/// sooner from this one.
/// </summary>
/// <remarks>
/// Fast peers owe us many blocks each, so that endgame is long, and asking for everything twice would have much of it sent twice. So a
/// block is taken over: the peer that has it far back in its queue is told to forget it. Only if that one has stopped sending does it stay
/// asked, since nobody knows whether it goes on; and so it does when a peer is tried that has yet to prove itself. Peers that end early
/// thereby relieve those that would end late, until all end at about the same time, and with a good estimate nothing comes twice. What
/// comes twice all the same is bounded by <see cref="EndgameBudget"/>; beyond that only peers are relieved that would take seconds.
/// </remarks>
internal sealed class Endgame(TorrentContext torrent)
{
    // Less is not worth a request: it is within what estimates err by.
    private static readonly TimeSpan LeastGain = TimeSpan.FromMilliseconds(50);

    // What a peer may be asked for at once: no more than it sends in such a time, since others may have less to do by then.
    private static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(250);

    // How soon it is looked again whether somebody has stopped sending.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // Who takes so long, or has been silent for so long, is relieved in any case.
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(1);

    private readonly List<PeerKey> _requesters = [];
    private readonly EndgameBudget _budget = new(torrent);
    private bool _isOn;
    private int _turn;

    /// <summary>What every tick does before peers are asked.</summary>
    public void OnTick(Timestamp now)
    {
        _isOn = false;
        _budget.OnTick(now);
    }

    /// <summary>A source will not send a block that it was asked for.</summary>
    public void OnRejected(BlockRef block) => _budget.OnRejected(block);

    /// <summary>A block arrived that was there.</summary>
    public void OnTwice() => _budget.OnTwice();

    /// <summary>When peers are to be asked again though nothing has happened; never if it is not endgame.</summary>
    public Timestamp NextDue(Timestamp now) => _isOn && torrent.IsFetching ? now + Interval : Timestamp.Never;

    /// <summary>Picks blocks that others are asked for, and notes in the ledger that the source is asked for them now.</summary>
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

        bool isSending = slowest.Requests.IsSending(slowest.At(at.Now));
        int last = slowest.Requests.Count - 1;
        int count = 0;
        for (int i = last; i >= 0 && i > last - Limits.EndgameProbes - count && count < most; i--)
        {
            if (isSending && !IsSooner(source, count, slowest.Requests.TimeFor(i)))
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

    // A source that has yet to prove itself gets a few, once.
    private static int MostOf(BlockSource source, bool isAnswering)
    {
        int owed = source.Requests.Count;
        if (!isAnswering)
            return owed == 0 ? PieceLimits.MinEndgameRequests : 0;
        int most = (int)Math.Min(source.Requests.BytesPerSecond * Ahead.TotalSeconds / Limits.BlockLength, source.Requests.Depth);
        return Math.Max(Math.Max(most, PieceLimits.MinEndgameRequests) - owed, 0);
    }

    // Of the sources that owe us a block for this one to take, the one whose last block is the furthest away.
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
            bool isSending = other.Requests.IsSending(other.At(at.Now));
            TimeSpan wait = isSending ? other.Requests.TimeFor(other.Requests.Count - 1) : TimeSpan.MaxValue;
            if (wait <= longest || (isSending && !IsSooner(source, 0, wait)) || !(hasRoom || IsLate(other, isSending, wait, at.Now))
                || !HasOneFor(source, other, at))
            {
                continue;
            }

            longest = wait;
            slowest = other;
        }

        return slowest;
    }

    private static bool IsSooner(BlockSource source, int taken, TimeSpan wait) =>
        wait > (2 * source.Requests.TimeFor(source.Requests.Count + taken)) + LeastGain;

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

    // Of a block that several are asked for already, more is asked only when none of them sends, and only of one that has proven itself.
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
