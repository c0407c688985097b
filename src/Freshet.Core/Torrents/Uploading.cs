using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Torrents;

/// <summary>Serves peers. With the Fast extension each request is answered exactly once, by the block or by a reject (BEP 6).</summary>
internal sealed class Uploading(TorrentContext torrent, Departures departures, Demands demands, FirstCopy firstCopy)
{
    private readonly Unchoker _unchoker = new();
    // Created for the first choice: most torrents at rest never make one.
    private List<UnchokeCandidate> Candidates => field ??= [];
    private HashSet<PeerKey> Chosen => field ??= [];
    private readonly List<BlockRange> _cancelled = [];
    private bool _wishesChanged;

    /// <summary>Whether data can be read; while not, all peers are choked.</summary>
    public bool CanServe { get; set; } = true;

    public void OnRequest(Peer peer, BlockRange range, Timestamp now)
    {
        if (!torrent.HasContent)
        {
            Refuse(peer, range, now);
            return;
        }

        if (!torrent.Layout.Contains(range) || range.Length > Limits.MaxRequestLength)
        {
            departures.OnViolation(peer, $"requested {range}, which is not within a piece or is too long", now);
            return;
        }

        peer.Uploads.OnRequested(now);
        bool canServe = CanServe
            && torrent.Offer.Includes(torrent.Ledger.Have, peer, range.Piece)
            && peer.Uploads.Queued < Limits.MaxQueuedUploads;
        if (!canServe || (peer.Uploads.IsChoked && !MayHaveWhileChoked(peer, range, now)))
        {
            Refuse(peer, range, now);
            return;
        }

        peer.Uploads.OnQueued();
        firstCopy.OnRequested(peer, range, now);
        torrent.Effects.SendBlock(peer.Key, range);
    }

    public void OnCancel(Peer peer, BlockRange range, Timestamp now)
    {
        if (!torrent.Effects.CancelBlock(peer.Key, range))
            return;
        peer.Uploads.OnUnqueued(1);
        if (peer.IsFast)
            peer.Send(PeerMessage.RejectRequest(range), now);
    }

    /// <summary>A block has been sent.</summary>
    public void OnUploaded(Peer peer, BlockRange range, Timestamp now)
    {
        peer.OnUploaded(range.Length, now);
        torrent.Upload.Add(range.Length, now);
        firstCopy.OnSent(peer, range, now);
        firstCopy.RevealMore(now);
    }

    /// <summary>A block could not be read and will not be sent.</summary>
    public static void OnUploadFailed(Peer peer, BlockRange range, Timestamp now)
    {
        peer.Uploads.OnUnqueued(1);
        if (peer.IsFast)
            peer.Send(PeerMessage.RejectRequest(range), now);
    }

    /// <summary>
    /// Tells a peer which pieces it may request while choked, so that it has something to start with (BEP 6): as many as its origin has not
    /// used up in other connections, since it would ask for them in vain.
    /// </summary>
    public void AllowFast(Peer peer, Timestamp now)
    {
        if (!CanServe || torrent.Settings.UploadSlots == 0 || !peer.IsFast || peer.Uploads.IsAllowedFast
            || peer.Has.Count >= Limits.AllowedFastPieces || torrent.Offer.IsHiddenFrom(peer))
        {
            return;
        }

        // Fewer for a small torrent: otherwise most of it could be requested while choked.
        int most = Math.Min(Limits.AllowedFastPieces, torrent.Layout.PieceCount / Limits.AllowedFastPieces);
        Span<PieceIndex> pieces = stackalloc PieceIndex[most];
        pieces = pieces[..AllowedFastSet.Generate(pieces, peer.EndPoint.Address, torrent.Identity.SwarmHash, torrent.Layout.PieceCount)];
        long bytes = 0;
        foreach (PieceIndex piece in pieces)
            bytes += peer.Has[piece] ? 0 : torrent.Layout.LengthOf(piece);
        long left = bytes - torrent.FastAllowances.UsedBy(peer.Sender.Origin, now);
        List<PieceIndex> allowed = [];
        foreach (PieceIndex piece in pieces)
        {
            if (peer.Has[piece] || left < Limits.BlockLength)
                continue;
            left -= torrent.Layout.LengthOf(piece);
            allowed.Add(piece);
            peer.Send(PeerMessage.AllowedFast(piece), now);
        }

        peer.Uploads.AllowFast([.. allowed], bytes);
    }

    /// <summary>A peer has a further piece.</summary>
    public void OnHave(Peer peer, PieceIndex piece, Timestamp now) => firstCopy.OnHave(peer, piece, now);

    /// <summary>A peer has all of these pieces, some of which are news.</summary>
    public void OnHaves(Bitfield pieces, Timestamp now) => firstCopy.OnHaves(pieces, now);

    /// <summary>A peer has become interested or uninterested.</summary>
    public void OnInterested(Peer peer, bool interested, Timestamp now)
    {
        if (peer.Uploads.IsInterested == interested)
            return;
        _wishesChanged = true;
        peer.Uploads.SetInterest(interested);
        if (!interested)
            firstCopy.OnSatisfied(peer, now);
    }

    /// <summary>
    /// Assigns free slots at once if there are any or a peer's interest is new: once per batch, however often interest changed within it.
    /// </summary>
    public void FillSlots(Timestamp now)
    {
        firstCopy.RevealMore(now);
        if (firstCopy.TakeChanged() || _wishesChanged || departures.SlotIsFree)
            Unchoke(now);
    }

    /// <summary>The session allots more or fewer slots than before.</summary>
    public void OnSlots(Timestamp now)
    {
        firstCopy.OnSlots(now);
        Unchoke(now);
    }

    /// <summary>Assigns the upload slots.</summary>
    public void Unchoke(Timestamp now)
    {
        torrent.UploadSlots.Update(now);
        demands.Update();
        departures.SlotIsFree = _wishesChanged = false;
        if (torrent.Peers.Count == 0)
            return;
        Candidates.Clear();
        bool isRound = now >= _unchoker.NextRound;
        foreach (Peer peer in torrent.Peers.All)
        {
            UploadSide uploads = peer.Uploads;
            double rank = isRound ? UnchokeRank.Of(peer, torrent) : 0;
            if (isRound)
                uploads.OnRound(peer.Received.Total, peer.AmInterested);
            if (!uploads.IsInterested || firstCopy.IsHiddenFrom(peer))
                continue;
            Candidates.Add(new UnchokeCandidate(
                peer.Key, peer.Network, rank, !uploads.IsChoked, now >= uploads.IdleFrom, !uploads.HadSlot, uploads.IsFreeRider,
                uploads.WastedSlots, uploads.LastChange));
        }

        // What is revealed to a peer is what it may request: a slot on top of that would only delay it, and requests that are rejected when
        // it loses the slot come again much later.
        int slots = CanServe ? torrent.UploadSlots.Allowed : 0;
        _unchoker.Choose(Candidates, slots, now, Chosen);
        foreach (Peer peer in torrent.Peers.All)
        {
            bool chokes = firstCopy.IsHiddenFrom(peer) ? slots == 0 : !Chosen.Contains(peer.Key);
            if (peer.Uploads.IsChoked == chokes)
                continue;
            if (chokes)
                Choke(peer, now);
            else
                Unchoke(peer, now);
        }
    }

    public void Tick(Timestamp now)
    {
        firstCopy.Tick(now);
        if (now >= _unchoker.NextRound || now >= NextIdleSlot())
            Unchoke(now);
        else
            FillSlots(now);
    }

    /// <summary>See <see cref="TorrentMachine.NextDue"/>. Without interested peers nothing is due.</summary>
    public Timestamp NextDue(Timestamp now)
    {
        Timestamp next = firstCopy.NextDue(now);
        foreach (Peer peer in torrent.Peers.All)
        {
            if (peer.Uploads.IsInterested || !peer.Uploads.IsChoked)
                return Timestamp.Min(next, Timestamp.Min(_unchoker.NextRound, NextIdleSlot()));
        }

        return next;
    }

    // When a slot that another peer waits for becomes idle. Free-riders wait for the next round.
    private Timestamp NextIdleSlot()
    {
        Timestamp next = Timestamp.Never;
        bool isWaitedFor = false;
        foreach (Peer peer in torrent.Peers.All)
        {
            if (firstCopy.IsHiddenFrom(peer))
                continue;
            isWaitedFor |= peer.Uploads is { IsInterested: true, IsChoked: true, IsFreeRider: false };
            next = Timestamp.Min(next, peer.Uploads.IdleFrom);
        }

        return isWaitedFor ? next : Timestamp.Never;
    }

    // No more than those pieces have, however often it connects, and only while it has little to trade (BEP 6).
    private bool MayHaveWhileChoked(Peer peer, BlockRange range, Timestamp now)
    {
        Origin origin = peer.Sender.Origin;
        if (peer.Has.Count >= Limits.AllowedFastPieces || peer.Has[range.Piece] || !peer.Uploads.MayHaveFast(range.Piece)
            || torrent.FastAllowances.UsedBy(origin, now) + range.Length > peer.Uploads.Allowance)
        {
            return false;
        }

        torrent.FastAllowances.Use(origin, range.Length, now);
        return true;
    }

    private static void Unchoke(Peer peer, Timestamp now)
    {
        peer.Uploads.Unchoke(now);
        peer.Send(PeerMessage.Unchoke, now);
    }

    private void Choke(Peer peer, Timestamp now)
    {
        peer.Uploads.Choke(now);
        peer.Send(PeerMessage.Choke, now);
        _cancelled.Clear();
        torrent.Effects.CancelBlocks(peer.Key, _cancelled);
        peer.Uploads.OnUnqueued(_cancelled.Count);
        if (!peer.IsFast)
            return;
        foreach (BlockRange range in _cancelled)
            peer.Send(PeerMessage.RejectRequest(range), now);
    }

    private void Refuse(Peer peer, BlockRange range, Timestamp now)
    {
        peer.Uploads.OnRefused();
        if (peer.Uploads.Refused > Limits.MaxRefusedRequests)
            departures.OnFlood(peer, "keeps repeating refused requests", now);
        else if (peer.IsFast)
            peer.Send(PeerMessage.RejectRequest(range), now);
    }
}
