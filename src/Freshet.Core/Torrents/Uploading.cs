using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Torrents;

/// <summary>
/// Serves peers. A peer's <see cref="Peer.QueuedUploads"/> is always the number of blocks in its outbox; with the Fast extension
/// each of its requests is answered once, by the block or by a reject (BEP 6).
/// </summary>
internal sealed class Uploading(TorrentContext torrent, Departures departures)
{
    private const int AllowedFastCount = 10;

    private readonly Unchoker _unchoker = new();
    private readonly List<UnchokeCandidate> _candidates = [];
    private readonly HashSet<PeerKey> _chosen = [];
    private readonly List<BlockRange> _cancelled = [];
    private bool _wishesChanged;

    /// <summary>Whether data can be read; while not, everybody is choked.</summary>
    public bool CanServe { get; set; } = true;

    public void OnRequest(Peer peer, BlockRange range, Timestamp now)
    {
        if (!torrent.Layout.Contains(range) || range.Length > Limits.MaxRequestLength)
        {
            departures.Drop(peer, DisconnectReason.ProtocolViolation, now, $"asked for {range}, which is no part of a piece or too long");
            return;
        }

        bool allowed = CanServe && (!peer.AmChoking || Array.IndexOf(peer.AllowedByUs, range.Piece) >= 0);
        if (!allowed || !torrent.Ledger.Have[range.Piece] || peer.QueuedUploads >= Limits.MaxQueuedUploads)
        {
            Refuse(peer, range, now);
            return;
        }

        peer.RefusedRequests = 0;
        peer.QueuedUploads++;
        torrent.Effects.SendBlock(peer.Key, range);
    }

    public void OnCancel(Peer peer, BlockRange range, Timestamp now)
    {
        if (!torrent.Effects.CancelBlock(peer.Key, range))
            return;
        peer.QueuedUploads--;
        if (peer.IsFast)
            torrent.Send(peer, PeerMessage.RejectRequest(range), now);
    }

    /// <summary>A block has left.</summary>
    public void OnUploaded(Peer peer, BlockRange range, Timestamp now)
    {
        peer.QueuedUploads--;
        peer.LastSent = now;
        peer.Upload.Add(range.Length, now);
        torrent.Upload.Add(range.Length, now);
    }

    /// <summary>A block could not be read, and will not leave.</summary>
    public void OnUploadFailed(Peer peer, BlockRange range, Timestamp now)
    {
        peer.QueuedUploads--;
        if (peer.IsFast)
            torrent.Send(peer, PeerMessage.RejectRequest(range), now);
    }

    /// <summary>Tells a peer which pieces it may have though we choke it, so that it has something to begin with (BEP 6).</summary>
    public void AllowFast(Peer peer, Timestamp now)
    {
        if (!peer.IsFast || peer.IsSeed || peer.AllowedByUs.Length > 0)
            return;
        Span<PieceIndex> pieces = stackalloc PieceIndex[AllowedFastCount];
        int count = AllowedFastSet.Generate(pieces, peer.EndPoint.Address, torrent.Metainfo.SwarmHash, torrent.Layout.PieceCount);
        peer.AllowedByUs = pieces[..count].ToArray();
        foreach (PieceIndex piece in peer.AllowedByUs)
        {
            if (!peer.Has[piece])
                torrent.Send(peer, PeerMessage.AllowedFast(piece), now);
        }
    }

    /// <summary>A peer wants to request, or no more.</summary>
    public void OnInterested(Peer peer, bool interested, Timestamp now)
    {
        if (peer.IsInterested == interested)
            return;
        _wishesChanged = true;
        peer.IsInterested = interested;
        peer.LastOfUse = now;
    }

    /// <summary>Gives free slots away at once, if there are any or somebody's wish is new: once a batch, however often it changed within.</summary>
    public void Settle(Timestamp now)
    {
        if (_wishesChanged || departures.SlotIsFree)
            Unchoke(now);
    }

    /// <summary>Gives slots to those who are to have them.</summary>
    public void Unchoke(Timestamp now)
    {
        departures.SlotIsFree = _wishesChanged = false;
        _candidates.Clear();
        bool seeding = torrent.Ledger.IsFinished;
        foreach (Peer peer in torrent.Peers.All)
        {
            if (!peer.IsInterested)
                continue;
            double rate = (seeding ? peer.Upload : peer.Download).RateAt(now).BytesPerSecond;
            _candidates.Add(new UnchokeCandidate(peer.Key, rate, !peer.AmChoking, peer.LastSlotChange));
        }

        _unchoker.Choose(_candidates, CanServe ? torrent.Settings.UploadSlots : 0, now, _chosen);
        foreach (Peer peer in torrent.Peers.All)
        {
            bool chokes = !_chosen.Contains(peer.Key);
            if (peer.AmChoking == chokes)
                continue;
            peer.LastSlotChange = now;
            if (chokes)
                Choke(peer, now);
            else
                Unchoke(peer, now);
        }
    }

    public void Tick(Timestamp now)
    {
        if (now >= _unchoker.NextRound)
            Unchoke(now);
        else
            Settle(now);
    }

    /// <summary>See <see cref="TorrentMachine.NextDue"/>. Without anybody to choose from there is nothing to choose.</summary>
    public Timestamp NextDue()
    {
        foreach (Peer peer in torrent.Peers.All)
        {
            if (peer.IsInterested || !peer.AmChoking)
                return _unchoker.NextRound;
        }

        return Timestamp.Never;
    }

    private void Unchoke(Peer peer, Timestamp now)
    {
        peer.AmChoking = false;
        torrent.Send(peer, PeerMessage.Unchoke, now);
    }

    private void Choke(Peer peer, Timestamp now)
    {
        peer.AmChoking = true;
        torrent.Send(peer, PeerMessage.Choke, now);
        _cancelled.Clear();
        torrent.Effects.CancelBlocks(peer.Key, _cancelled);
        peer.QueuedUploads -= _cancelled.Count;
        if (!peer.IsFast)
            return;
        foreach (BlockRange range in _cancelled)
            torrent.Send(peer, PeerMessage.RejectRequest(range), now);
    }

    private void Refuse(Peer peer, BlockRange range, Timestamp now)
    {
        if (++peer.RefusedRequests > Limits.MaxRefusedRequests)
            departures.Drop(peer, DisconnectReason.ProtocolViolation, now, "keeps asking for what it is refused");
        else if (peer.IsFast)
            torrent.Send(peer, PeerMessage.RejectRequest(range), now);
    }
}
