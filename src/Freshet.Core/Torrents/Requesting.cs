using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// Keeps every source's request pipeline filled. A block is in a source's pipeline exactly while the ledger lists it as requested from that
/// source; both change together, here or in <see cref="Sourcing"/>.
/// </summary>
internal sealed class Requesting(TorrentContext torrent)
{
    private const int MostPerPick = 256;
    private static readonly TimeSpan RestAfterReject = TimeSpan.FromSeconds(1);

    // Reused from call to call.
    private List<BlockRef> Blocks => field ??= [];
    private List<PeerKey> Holders => field ??= [];
    private bool _hasAsked;

    /// <summary>Limits the duplicate requests of the endgame.</summary>
    public Endgame Endgame { get; } = new(torrent);

    /// <summary>Requests as much from a source as its pipeline has room for.</summary>
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

    /// <summary>Sends requests to all sources with room, since blocks may have become available.</summary>
    public void RefillAll(Timestamp now)
    {
        foreach (BlockSource source in torrent.Sources.All)
            Refill(source, now);
    }

    /// <summary>A source takes no more requests for a while; others may finish its piece.</summary>
    /// <param name="source">The source.</param>
    /// <param name="hasDropped">Whether the source has dropped its outstanding requests without saying which.</param>
    public void OnClosed(BlockSource source, bool hasDropped)
    {
        if (hasDropped)
            GiveUpAll(source);
        torrent.Picker.Abandon(source.Key);
    }

    /// <summary>A source will not send a block; false if the block was not requested from it.</summary>
    public bool OnRejected(BlockSource source, BlockRange range, Timestamp now)
    {
        if (!torrent.Layout.TryGetBlock(range, out BlockRef block))
            return false;
        if (source.Requests.WasAsked(block))
            Endgame.OnRejected(block);
        if (!source.Requests.OnRejected(block))
            return false;
        torrent.Ledger.Release(block, source.Key);
        if (source.IsChoking || !source.Has[block.Piece])
            return true;

        // Repeating the request at once would be rejected again, as fast as both sides can talk: it is repeated as blocks arrive, or after
        // a while.
        source.Requests.OnQueueFull();
        if (source.Requests.Count == 0)
            source.RestUntil(now + RestAfterReject);
        return true;
    }

    /// <summary>A block has arrived that is also requested from other sources.</summary>
    public void CancelElsewhere(BlockRef block, List<PeerKey> alsoAsked, Timestamp now)
    {
        foreach (PeerKey key in alsoAsked)
        {
            if (torrent.Sources.Find(key) is { } other && other.Requests.Forget(block))
                other.Cancel(torrent.Layout.RangeOf(block), now);
        }
    }

    /// <summary>Cancels requests for blocks that are no longer wanted.</summary>
    public void CancelUnwanted(Timestamp now)
    {
        foreach (BlockSource source in torrent.Sources.All)
        {
            Blocks.Clear();
            for (int i = 0; i < source.Requests.Count; i++)
            {
                if (!torrent.Ledger.IsMissing(source.Requests[i].Piece))
                    Blocks.Add(source.Requests[i]);
            }

            foreach (BlockRef block in Blocks)
                source.Requests.Forget(block);
            Release(source);
            Cancel(source, now);
        }
    }

    /// <summary>
    /// A reader waits for something that is not requested yet: cancels whatever is not in transit, so that the awaited blocks do not queue
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

    /// <summary>Cancels all requests.</summary>
    public void CancelAll(Timestamp now)
    {
        foreach (BlockSource source in torrent.Sources.All)
        {
            GiveUpAll(source);
            Cancel(source, now);
            torrent.Picker.Abandon(source.Key);
        }
    }

    /// <summary>Releases overdue blocks to other sources, and fills empty pipelines.</summary>
    public void Tick(Timestamp now)
    {
        foreach (BlockSource source in torrent.Sources.All)
        {
            Blocks.Clear();
            if (source.Requests.Count == 0)
                continue;
            source.Requests.OnTick(source.At(now), Blocks);
            Release(source);

            // Otherwise the peer sends them twice when they are requested from it again, as they will be if nobody else has them.
            Cancel(source, now);
            if (Blocks.Count > 0 && source.Requests.IsSnubbed)
                torrent.Picker.Abandon(source.Key);
        }

        _hasAsked = false;
        Endgame.OnTick(now);
        RefillAll(now);
    }

    /// <summary>
    /// See <see cref="TorrentMachine.NextDue"/>. A block just requested from one source may be what another waited for: when the last free
    /// block has been assigned, the endgame begins for sources that found nothing before.
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

    // Requests as much as there is room for and as is available.
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

    // Restarts a piece that was reserved for one source: what has arrived of it is discarded, so that its next sender is its only one.
    private void TakeAway(PieceIndex piece, Timestamp now)
    {
        if (!torrent.Ledger.Started.TryGet(piece, out StartedPiece? started))
            return;
        for (int i = 0; i < started.BlockCount; i++)
        {
            BlockRef block = new(piece, i);
            if (started.StateOf(i) == BlockState.Received)
                torrent.Wasted += torrent.Layout.LengthOf(block);
            Holders.Clear();
            started.CopyRequesters(i, Holders);
            CancelElsewhere(block, Holders, now);
            foreach (PeerKey holder in Holders)
                torrent.Ledger.Release(block, holder);
        }

        torrent.Ledger.Discard(piece);
        torrent.Effects.DiscardPiece(piece);
    }

    private void GiveUpAll(BlockSource source)
    {
        Blocks.Clear();
        source.Requests.ForgetAll(Blocks);
        Release(source);
    }

    private void Release(BlockSource source)
    {
        foreach (BlockRef block in Blocks)
            torrent.Ledger.Release(block, source.Key);
    }

    private void Cancel(BlockSource source, Timestamp now)
    {
        foreach (BlockRef block in Blocks)
            source.Cancel(torrent.Layout.RangeOf(block), now);
    }

    // A newcomer may be slow: the pieces that are needed first are left to those that have shown how fast they are, if there are any.
    private TimeSpan TimeToDeliver(BlockSource source)
    {
        bool mustProve = torrent.Picker.Deadlines.Count > 0 && source.Requests.BytesPerSecond <= 0 && HasProven();
        return mustProve ? PieceLimits.UnprovenTime : source.Requests.TimeFor(source.Requests.Count);
    }

    private bool HasProven()
    {
        foreach (BlockSource source in torrent.Sources.All)
        {
            if (source is { IsChoking: false, Requests: { IsSnubbed: false, BytesPerSecond: > 0 } })
                return true;
        }

        return false;
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
        TimeToDeliver = TimeToDeliver(source),
        AllowedFast = source.AllowedFast,
        Suggested = source.Suggested,
        Now = at.Now,
    };
}
