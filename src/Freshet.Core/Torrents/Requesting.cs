using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Torrents;

/// <summary>
/// Keeps every peer's pipeline filled. A block is in a peer's pipeline exactly while the ledger has it as requested of that peer;
/// both change here, or in <see cref="Departures"/>, together.
/// </summary>
internal sealed class Requesting(TorrentContext torrent)
{
    private const int MostPerPick = 256;
    private static readonly TimeSpan RestAfterReject = TimeSpan.FromSeconds(1);

    private readonly List<BlockRef> _blocks = [];
    private readonly List<PeerKey> _holders = [];
    private readonly Endgame _endgame = new(torrent);
    private bool _hasAsked;

    /// <summary>Asks a peer for as much as its pipeline has room for.</summary>
    public void Refill(Peer peer, Timestamp now)
    {
        if (!torrent.IsFetching || !peer.CanBeAsked || now < peer.RestsUntil || peer.Requests.Room == 0)
            return;
        PeerMoment at = torrent.MomentOf(peer, now);
        if (Ask(peer, at) == 0 && torrent.Blame.IsUndecided && torrent.Picker.TryFindHeldUp(ContextOf(peer, at), out PieceIndex piece))
        {
            TakeAway(piece, now);
            Ask(peer, at);
        }
    }

    /// <summary>Asks all peers that have room, since blocks may have become free.</summary>
    public void RefillAll(Timestamp now)
    {
        foreach (Peer peer in torrent.Peers.All)
            Refill(peer, now);
    }

    /// <summary>The peer takes no more requests, and drops those it has.</summary>
    public void OnChoked(Peer peer)
    {
        // With the Fast extension what is dropped is rejected one by one (BEP 6); without it, silently.
        if (!peer.IsFast)
            GiveUpAll(peer);
        torrent.Picker.Abandon(peer.Key);
    }

    /// <summary>The peer will not send a block that we asked for (BEP 6).</summary>
    public void OnRejected(Peer peer, BlockRange range, Timestamp now)
    {
        if (!torrent.Layout.TryGetBlock(range, out BlockRef block))
            return;
        if (!peer.Requests.OnRejected(block))
            return;
        torrent.Ledger.Release(block, peer.Key);
        if (peer.IsChoking)
        {
            peer.DisallowFast(block.Piece);
            return;
        }

        // Asking for the same again at once would be answered alike, as fast as both can talk: it is asked as blocks come, or after a
        // while.
        peer.Requests.OnQueueFull();
        if (peer.Requests.Count == 0)
            peer.RestUntil(now + RestAfterReject);
    }

    /// <summary>We have a block that other peers are asked for too.</summary>
    public void CancelElsewhere(BlockRef block, List<PeerKey> alsoAsked, Timestamp now)
    {
        foreach (PeerKey key in alsoAsked)
        {
            if (torrent.Peers.Find(key) is { } other && other.Requests.Forget(block))
                torrent.Send(other, PeerMessage.Cancel(torrent.Layout.RangeOf(block)), now);
        }
    }

    /// <summary>Takes back everything that is asked of anybody.</summary>
    public void CancelAll(Timestamp now)
    {
        foreach (Peer peer in torrent.Peers.All)
        {
            GiveUpAll(peer);
            foreach (BlockRef block in _blocks)
                torrent.Send(peer, PeerMessage.Cancel(torrent.Layout.RangeOf(block)), now);
            torrent.Picker.Abandon(peer.Key);
        }
    }

    /// <summary>Gives blocks that are overdue back to the others, and fills what is empty.</summary>
    public void Tick(Timestamp now)
    {
        foreach (Peer peer in torrent.Peers.All)
        {
            _blocks.Clear();
            if (peer.Requests.Count == 0)
                continue;
            peer.Requests.OnTick(torrent.MomentOf(peer, now), _blocks);
            Release(peer);

            // Else it sends them once more when it is asked for them again, as it will be if nobody else has them.
            foreach (BlockRef block in _blocks)
                torrent.Send(peer, PeerMessage.Cancel(torrent.Layout.RangeOf(block)), now);
            if (_blocks.Count > 0 && peer.Requests.IsSnubbed)
                torrent.Picker.Abandon(peer.Key);
        }

        _hasAsked = false;
        _endgame.OnTick();
        RefillAll(now);
    }

    /// <summary>
    /// See <see cref="TorrentMachine.NextDue"/>. What one peer was asked for may be what another waited for: with the last free block given
    /// out, endgame begins for those who found nothing before.
    /// </summary>
    public Timestamp NextDue(Timestamp now)
    {
        if (_hasAsked)
            return now;
        Timestamp next = torrent.IsFetching ? torrent.Picker.Deadlines.FirstAfter(now) : Timestamp.Never;
        next = Timestamp.Min(next, _endgame.NextDue(now));
        foreach (Peer peer in torrent.Peers.All)
        {
            if (peer.Requests.Count > 0)
                next = Timestamp.Min(next, peer.Requests.NextDue(torrent.MomentOf(peer, now)));
            if (torrent.IsFetching && peer.RestsUntil > now)
                next = Timestamp.Min(next, peer.RestsUntil);
        }

        return next;
    }

    // Asks for as much as there is room for, and to be had.
    private int Ask(Peer peer, PeerMoment at)
    {
        Span<BlockRef> picked = stackalloc BlockRef[MostPerPick];
        int asked = 0;
        for (int room = peer.Requests.Room; room > 0;)
        {
            int wanted = Math.Min(room, MostPerPick);
            int count = torrent.Picker.Pick(ContextOf(peer, at), picked[..wanted]);
            if (count == 0 && asked == 0)
                count = _endgame.Pick(peer, at, picked[..wanted]);
            for (int i = 0; i < count; i++)
            {
                peer.Requests.OnAsked(picked[i], at);
                torrent.Send(peer, PeerMessage.Request(torrent.Layout.RangeOf(picked[i])), at.Now);
            }

            asked += count;
            room = count < wanted ? 0 : room - count;
        }

        _hasAsked |= asked > 0;
        return asked;
    }

    // Begins a piece anew that was kept for one peer alone: what came of it is thrown away, so that its next sender is its only one.
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

    private void GiveUpAll(Peer peer)
    {
        _blocks.Clear();
        peer.Requests.ForgetAll(_blocks);
        Release(peer);
    }

    private void Release(Peer peer)
    {
        foreach (BlockRef block in _blocks)
            torrent.Ledger.Release(block, peer.Key);
    }

    private PickContext ContextOf(Peer peer, PeerMoment at) => new()
    {
        Peer = peer.Key,
        Has = peer.Has,
        Pace = peer.PaceFor(torrent.Layout.PieceLength),
        IsChoking = peer.IsChoking,
        IsSnubbed = peer.Requests.IsSnubbed,
        IsOnParole = peer.IsOnParole,
        IsAnswering = peer.Requests.IsAnswering(at),
        Outstanding = peer.Requests.Count,
        TimeToDeliver = peer.Requests.TimeFor(peer.Requests.Count),
        AllowedFast = peer.AllowedFast,
        Suggested = peer.Suggested,
        Now = at.Now,
    };
}
