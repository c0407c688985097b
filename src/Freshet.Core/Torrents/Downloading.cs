using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Torrents;

/// <summary>
/// Takes blocks in and pieces to their end. Every lease that comes in goes out once, to the disk or back to the pool.
/// </summary>
internal sealed class Downloading(TorrentContext torrent, Requesting requesting, Interest interest, Departures departures)
{
    private readonly List<PeerKey> _alsoAsked = [];
    private PeerKey[] _senders = [];

    /// <summary>A block arrived.</summary>
    public void OnBlock(Peer peer, in PeerMessage message, Timestamp now)
    {
        peer.Received.Add(message.Length, now);
        torrent.Download.Add(message.Length, now);
        RequestPipeline.Answer answer = torrent.Layout.TryGetBlock(message.Range, out BlockRef block)
            ? peer.Requests.OnBlock(block, message.Length, torrent.MomentOf(peer, now))
            : RequestPipeline.Answer.Unrequested;
        if (answer == RequestPipeline.Answer.Unrequested)
        {
            Waste(message);
            peer.OnUnrequested();
            if (peer.UnrequestedBlocks > Limits.MaxUnrequestedBlocks)
                departures.Drop(peer, DisconnectReason.ProtocolViolation, now, "sent many blocks that nobody asked for");
            return;
        }

        peer.OnAnswered();
        if (!torrent.IsFetching)
        {
            torrent.Ledger.Release(block, peer.Key);
            Waste(message);
            return;
        }

        if (torrent.Ledger.Receive(block, peer.Key, _alsoAsked) is BlockOutcome.Unwanted or BlockOutcome.Duplicate)
        {
            torrent.Ledger.Release(block, peer.Key);
            Waste(message);
            return;
        }

        peer.OnTaken(now);
        torrent.Effects.WriteBlock(block, message.Lease);
        if (_alsoAsked.Count > 0)
            requesting.CancelElsewhere(block, _alsoAsked, now);
    }

    /// <summary>A block that came when nobody could take it.</summary>
    public void Waste(in PeerMessage message)
    {
        torrent.Wasted += message.Length;
        torrent.Effects.Release(message.Lease);
    }

    /// <summary>A piece has its hash, and is written.</summary>
    public void OnVerified(in PieceVerdict verdict, Timestamp now)
    {
        PieceIndex piece = verdict.Piece;
        IReadOnlyCollection<BlockSender> guilty = torrent.Blame.IsUndecided ? torrent.Blame.OnVerified(verdict, SendersOf(piece)) : [];
        torrent.Ledger.MarkHave(piece);
        torrent.Effects.Report(new TorrentFact.PieceVerified(piece));
        Ban(guilty, piece, now);
        UpdateParole(now);
        foreach (Peer peer in torrent.Peers.All)
        {
            if (!peer.Has[piece] && torrent.Offer.Includes(torrent.Ledger.Have, peer, piece))
                torrent.Send(peer, PeerMessage.Have(piece), now);
            interest.OnVerified(peer, piece, now);
        }
    }

    /// <summary>A piece has not its hash: it comes again, and whose fault it is will show.</summary>
    public void OnFailed(in PieceVerdict verdict, Timestamp now)
    {
        PieceIndex piece = verdict.Piece;
        IReadOnlyCollection<BlockSender> guilty = torrent.Blame.OnFailed(verdict, SendersOf(piece));
        torrent.Wasted += torrent.Layout.LengthOf(piece);
        torrent.Corrupt += torrent.Layout.LengthOf(piece);
        torrent.Ledger.Discard(piece);
        torrent.Effects.DiscardPiece(piece);
        torrent.Effects.Report(new TorrentFact.PieceFailed(piece));
        Ban(guilty, piece, now);
        UpdateParole(now);
        requesting.RefillAll(now);
    }

    private void Ban(IReadOnlyCollection<BlockSender> guilty, PieceIndex piece, Timestamp now)
    {
        foreach (BlockSender sender in guilty)
        {
            if (!torrent.Book.Bans.Contains(sender.Origin))
                departures.Ban(sender, $"sent data of piece {piece} that failed its hash", now);
        }
    }

    // Who sent each block of a piece that is whole.
    private ReadOnlySpan<PeerKey> SendersOf(PieceIndex piece)
    {
        if (!torrent.Ledger.Started.TryGet(piece, out StartedPiece? started))
            return [];
        if (_senders.Length == 0)
            _senders = new PeerKey[torrent.Layout.BlocksPerPiece];
        for (int block = 0; block < started.BlockCount; block++)
            _senders[block] = started.ContributorOf(block);
        return _senders.AsSpan(0, started.BlockCount);
    }

    private void UpdateParole(Timestamp now)
    {
        foreach (Peer peer in torrent.Peers.All)
        {
            bool suspect = torrent.Blame.IsSuspect(peer.Sender.Origin);
            if (peer.IsOnParole == suspect)
                continue;
            peer.IsOnParole = suspect;
            if (!suspect)
                requesting.Refill(peer, now);
        }
    }
}
