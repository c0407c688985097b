using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Torrents;

/// <summary>
/// Handles what peers send about their pieces: which they have, which they serve although they choke us, and which they suggest.
/// </summary>
internal sealed class PieceMessages(
    TorrentContext torrent, Interest interest, Connecting connecting, Uploading uploading, Departures departures)
{
    public void OnHave(Peer peer, PieceIndex piece, Timestamp now)
    {
        if (!torrent.Layout.Contains(piece))
        {
            departures.OnViolation(peer, $"has piece {piece} of {torrent.Layout.PieceCount}", now);
            return;
        }

        if (!torrent.Availability.AddHave(peer.Has, piece))
            return;
        interest.OnHave(peer, piece, now);
        if (peer.IsSeed)
            connecting.DropIfBothSeed(peer, now);
    }

    /// <summary>
    /// A bitfield must be the first message (BEP 3), but some clients send it late or repeatedly: the last one counts, as in other clients.
    /// </summary>
    public void OnBitfield(Peer peer, ReadOnlySpan<byte> bits, Timestamp now)
    {
        if (Bitfield.TryParseLoosely(bits, torrent.Layout.PieceCount, out Bitfield has))
        {
            SetPieces(peer, has, now);
            return;
        }

        departures.OnViolation(
            peer, $"sent a bitfield of {bits.Length} bytes that does not fit {torrent.Layout.PieceCount} pieces", now);
    }

    /// <summary>A message of the Fast extension (BEP 6) about the peer's pieces.</summary>
    public void OnFast(Peer peer, in PeerMessage message, Timestamp now)
    {
        if (!departures.MustSpeakFast(peer, message.Id, now))
            return;
        switch (message.Id)
        {
            case MessageId.HaveAll or MessageId.HaveNone:
                Bitfield has = new(torrent.Layout.PieceCount);
                if (message.Id == MessageId.HaveAll)
                    has.AddAll();
                SetPieces(peer, has, now);
                break;
            case MessageId.AllowedFast when torrent.Layout.Contains(message.Piece):
                peer.AllowFast(message.Piece);
                break;
            case MessageId.SuggestPiece when torrent.Layout.Contains(message.Piece):
                peer.Suggest(message.Piece);
                break;
        }
    }

    private void SetPieces(Peer peer, Bitfield has, Timestamp now)
    {
        bool onlyGrows = peer.Has.Count > 0 && peer.Has.FirstNotIn(has, default) is null;
        if (onlyGrows)
        {
            AddPieces(peer, has);
        }
        else if (peer.OnPiecesReplaced() > Limits.MaxPieceSetsPerPeer)
        {
            departures.OnViolation(peer, "keeps replacing its set of pieces", now);
            return;
        }
        else
        {
            torrent.Availability.RemovePeer(peer.Has);
            peer.Has.CopyFrom(has);
            torrent.Availability.AddPeer(peer.Has);
        }

        if (connecting.DropIfBothSeed(peer, now))
            return;
        interest.Update(peer, now);
        uploading.AllowFast(peer, now);
    }

    // aria2 sends a bitfield instead of Have messages whenever that is shorter, however often it completes pieces. Each piece is counted
    // once.
    private void AddPieces(Peer peer, Bitfield has)
    {
        for (PieceIndex? next = has.FirstNotIn(peer.Has, default); next is { } piece; next = has.FirstNotIn(peer.Has, piece))
            torrent.Availability.AddHave(peer.Has, piece);
    }
}
