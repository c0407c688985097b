using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Torrents;

/// <summary>Receives blocks and completes pieces. Every lease that comes in leaves exactly once, to the disk or back to the pool.</summary>
internal sealed class Downloading(TorrentContext torrent, Requesting requesting, Interest interest, Departures departures)
{
    private readonly List<PeerKey> _alsoAsked = [];
    private PeerKey[] _senders = [];

    /// <summary>A block arrived; false if it was not requested from its source.</summary>
    public bool OnBlock(BlockSource source, BlockRange range, BlockLease lease, Timestamp now)
    {
        source.Received.Add(range.Length, now);
        torrent.Download.Add(range.Length, now);
        RequestPipeline.Answer answer = torrent.Layout.TryGetBlock(range, out BlockRef block)
            ? source.Requests.OnBlock(block, range.Length, source.At(now))
            : RequestPipeline.Answer.Unrequested;
        if (answer == RequestPipeline.Answer.Awaited && source is Peer { Way: var way })
            torrent.Effects.ReportResponse(way.Transport, source.Requests.LastResponse);
        if (answer == RequestPipeline.Answer.Unrequested)
        {
            Waste(range, lease);
            return false;
        }

        if (!torrent.IsFetching
            || torrent.Ledger.Receive(block, source.Key, _alsoAsked) is BlockOutcome.Unwanted or BlockOutcome.Duplicate)
        {
            torrent.Ledger.Release(block, source.Key);
            requesting.Endgame.OnTwice();
            Waste(range, lease);
            return true;
        }

        source.OnTaken(now);
        torrent.Effects.WriteBlock(block, lease);
        if (_alsoAsked.Count > 0)
            requesting.CancelElsewhere(block, _alsoAsked, now);
        return true;
    }

    /// <summary>Discards a block that arrived when it could not be used.</summary>
    public void Waste(BlockRange range, BlockLease lease)
    {
        torrent.Wasted += range.Length;
        torrent.Effects.Release(lease);
    }

    /// <summary>A piece has passed its hash check and is written.</summary>
    public void OnVerified(in PieceVerdict verdict, Timestamp now)
    {
        PieceIndex piece = verdict.Piece;
        int suspects = torrent.Blame.SuspectCount;
        IReadOnlyCollection<BlockSender> guilty = torrent.Blame.IsUndecided ? torrent.Blame.OnVerified(verdict, SendersOf(piece)) : [];
        torrent.Ledger.MarkHave(piece);
        torrent.FailedInARow = 0;
        torrent.Effects.Report(new TorrentFact.PieceVerified(piece));
        Ban(guilty, piece, now);

        // A peer cleared of suspicion may now be asked for more than one piece of its own.
        if (torrent.Blame.SuspectCount < suspects)
            requesting.RefillAll(now);
        foreach (Peer peer in torrent.Peers.All)
        {
            if (!peer.Has[piece] && torrent.Offer.Includes(torrent.Ledger.Have, peer, piece))
                peer.Send(PeerMessage.Have(piece), now);
            interest.OnVerified(peer, piece, now);
        }
    }

    /// <summary>A piece failed its hash check: it is downloaded again, which will show who sent the bad data.</summary>
    public void OnFailed(in PieceVerdict verdict, Timestamp now)
    {
        PieceIndex piece = verdict.Piece;
        IReadOnlyCollection<BlockSender> guilty = torrent.Blame.OnFailed(verdict, SendersOf(piece));
        torrent.Wasted += torrent.Layout.LengthOf(piece);
        torrent.Corrupt += torrent.Layout.LengthOf(piece);
        torrent.FailedPieces++;
        torrent.FailedInARow++;
        torrent.Ledger.Discard(piece);
        torrent.Effects.DiscardPiece(piece);
        torrent.Effects.Report(new TorrentFact.PieceFailed(piece));
        Ban(guilty, piece, now);
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

    // The sender of each block of a complete piece.
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
}
