using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// Keeps every source's pipeline filled. A block is in a source's pipeline exactly while the ledger has it as requested of that source;
/// both change here, or in <see cref="Sourcing"/>, together.
/// </summary>
internal sealed class Requesting(TorrentContext torrent)
{
    private const int MostPerPick = 256;
    private static readonly TimeSpan RestAfterReject = TimeSpan.FromSeconds(1);

    private readonly List<BlockRef> _blocks = [];
    private readonly List<PeerKey> _holders = [];
    private bool _hasAsked;

    /// <summary>What is asked of two sources at the end.</summary>
    public Endgame Endgame { get; } = new(torrent);

    /// <summary>Asks a source for as much as its pipeline has room for.</summary>
    public void Refill(BlockSource source, Timestamp now)
    {
        if (!torrent.IsFetching || !source.CanBeAsked || now < source.RestsUntil || source.Requests.Room == 0)
            return;
        PeerMoment at = source.At(now);
        if (Ask(source, at) == 0 && torrent.Blame.IsUndecided && torrent.Picker.TryFindHeldUp(ContextOf(source, at), out PieceIndex piece))
        {
            TakeAway(piece, now);
            Ask(source, at);
        }
    }

    /// <summary>Asks all sources that have room, since blocks may have become free.</summary>
    public void RefillAll(Timestamp now)
    {
        foreach (BlockSource source in torrent.Sources.All)
            Refill(source, now);
    }

    /// <summary>A source takes no more requests for a while; others may finish its piece.</summary>
    /// <param name="source">The source.</param>
    /// <param name="hasDropped">Whether it has dropped those it has without saying which.</param>
    public void OnClosed(BlockSource source, bool hasDropped)
    {
        if (hasDropped)
            GiveUpAll(source);
        torrent.Picker.Abandon(source.Key);
    }

    /// <summary>A source will not send a block; false if it was not asked for it.</summary>
    public bool OnRejected(BlockSource source, BlockRange range, Timestamp now)
    {
        if (!torrent.Layout.TryGetBlock(range, out BlockRef block))
            return false;
        Endgame.OnRejected(block);
        if (!source.Requests.OnRejected(block))
            return false;
        torrent.Ledger.Release(block, source.Key);
        if (source.IsChoking)
            return true;

        // Asking for the same again at once would be answered alike, as fast as both can talk: it is asked as blocks come, or after a
        // while.
        source.Requests.OnQueueFull();
        if (source.Requests.Count == 0)
            source.RestUntil(now + RestAfterReject);
        return true;
    }

    /// <summary>We have a block that other sources are asked for too.</summary>
    public void CancelElsewhere(BlockRef block, List<PeerKey> alsoAsked, Timestamp now)
    {
        foreach (PeerKey key in alsoAsked)
        {
            if (torrent.Sources.Find(key) is { } other && other.Requests.Forget(block))
                other.Cancel(torrent.Layout.RangeOf(block), now);
        }
    }

    /// <summary>Takes back what is asked of anybody and wanted no longer.</summary>
    public void CancelUnwanted(Timestamp now)
    {
        foreach (BlockSource source in torrent.Sources.All)
        {
            _blocks.Clear();
            for (int i = 0; i < source.Requests.Count; i++)
            {
                if (!torrent.Ledger.IsMissing(source.Requests[i].Piece))
                    _blocks.Add(source.Requests[i]);
            }

            foreach (BlockRef block in _blocks)
                source.Requests.Forget(block);
            Release(source);
            Cancel(source, now);
        }
    }

    /// <summary>
    /// Somebody waits for something that is not asked for yet: takes back what is not on its way, so that what is awaited does not come
    /// behind it.
    /// </summary>
    public void MakeWay(Timestamp now)
    {
        foreach (BlockSource source in torrent.Sources.All)
        {
            for (int i = source.Requests.Count - 1; i >= source.Requests.OnTheirWay; i--)
            {
                BlockRef block = source.Requests[i];
                if (torrent.Picker.Deadlines.IsAmongFirst(block.Piece))
                    continue;
                source.Requests.Forget(block);
                torrent.Ledger.Release(block, source.Key);
                source.Cancel(torrent.Layout.RangeOf(block), now);
            }

            torrent.Picker.Abandon(source.Key);
        }
    }

    /// <summary>Takes back everything that is asked of anybody.</summary>
    public void CancelAll(Timestamp now)
    {
        foreach (BlockSource source in torrent.Sources.All)
        {
            GiveUpAll(source);
            Cancel(source, now);
            torrent.Picker.Abandon(source.Key);
        }
    }

    /// <summary>Gives blocks that are overdue back to the others, and fills what is empty.</summary>
    public void Tick(Timestamp now)
    {
        foreach (BlockSource source in torrent.Sources.All)
        {
            _blocks.Clear();
            if (source.Requests.Count == 0)
                continue;
            source.Requests.OnTick(source.At(now), _blocks);
            Release(source);

            // Else it sends them once more when it is asked for them again, as it will be if nobody else has them.
            Cancel(source, now);
            if (_blocks.Count > 0 && source.Requests.IsSnubbed)
                torrent.Picker.Abandon(source.Key);
        }

        _hasAsked = false;
        Endgame.OnTick(now);
        RefillAll(now);
    }

    /// <summary>
    /// See <see cref="TorrentMachine.NextDue"/>. What one source was asked for may be what another waited for: with the last free block
    /// given out, endgame begins for those who found nothing before.
    /// </summary>
    public Timestamp NextDue(Timestamp now)
    {
        if (_hasAsked)
            return now;
        Timestamp next = torrent.IsFetching ? torrent.Picker.Deadlines.FirstAfter(now) : Timestamp.Never;
        next = Timestamp.Min(next, Endgame.NextDue(now));
        foreach (BlockSource source in torrent.Sources.All)
        {
            if (source.Requests.Count > 0)
                next = Timestamp.Min(next, source.Requests.NextDue(source.At(now)));
            if (torrent.IsFetching && source.RestsUntil > now)
                next = Timestamp.Min(next, source.RestsUntil);
        }

        return next;
    }

    // Asks for as much as there is room for, and to be had.
    private int Ask(BlockSource source, PeerMoment at)
    {
        Span<BlockRef> picked = stackalloc BlockRef[MostPerPick];
        int asked = 0;
        for (int room = source.Requests.Room; room > 0;)
        {
            int wanted = Math.Min(room, MostPerPick);
            int count = torrent.Picker.Pick(ContextOf(source, at), picked[..wanted]);
            if (count == 0 && asked == 0)
                count = Endgame.Pick(source, at, picked[..wanted]);
            for (int i = 0; i < count; i++)
            {
                source.Requests.OnAsked(picked[i], at);
                source.Request(torrent.Layout.RangeOf(picked[i]), at.Now);
            }

            asked += count;
            room = count < wanted ? 0 : room - count;
        }

        if (asked > 0)
            source.Flush(at.Now);
        _hasAsked |= asked > 0;
        return asked;
    }

    // Begins a piece anew that was kept for one source alone: what came of it is thrown away, so that its next sender is its only one.
    private void TakeAway(PieceIndex piece, Timestamp now)
    {
        if (!torrent.Ledger.Started.TryGet(piece, out StartedPiece? started))
            return;
        for (int i = 0; i < started.BlockCount; i++)
        {
            BlockRef block = new(piece, i);
            if (started.StateOf(i) == BlockState.Received)
                torrent.Wasted += torrent.Layout.LengthOf(block);
            _holders.Clear();
            started.CopyRequesters(i, _holders);
            CancelElsewhere(block, _holders, now);
            foreach (PeerKey holder in _holders)
                torrent.Ledger.Release(block, holder);
        }

        torrent.Ledger.Discard(piece);
        torrent.Effects.DiscardPiece(piece);
    }

    private void GiveUpAll(BlockSource source)
    {
        _blocks.Clear();
        source.Requests.ForgetAll(_blocks);
        Release(source);
    }

    private void Release(BlockSource source)
    {
        foreach (BlockRef block in _blocks)
            torrent.Ledger.Release(block, source.Key);
    }

    private void Cancel(BlockSource source, Timestamp now)
    {
        foreach (BlockRef block in _blocks)
            source.Cancel(torrent.Layout.RangeOf(block), now);
    }

    private PickContext ContextOf(BlockSource source, PeerMoment at) => new()
    {
        Peer = source.Key,
        Has = source.Has,
        Pace = source.PaceFor(torrent.Layout.PieceLength),
        IsChoking = source.IsChoking,
        IsSnubbed = source.Requests.IsSnubbed,
        IsOnParole = torrent.Blame.IsSuspect(source.Sender.Origin),
        IsAnswering = source.Requests.IsAnswering(at),
        Outstanding = source.Requests.Count,
        TakesRuns = source.TakesRuns,
        UrgentDepth = source.Requests.UrgentDepth,
        TimeToDeliver = source.Requests.TimeFor(source.Requests.Count),
        AllowedFast = source.AllowedFast,
        Suggested = source.Suggested,
        Now = at.Now,
    };
}
