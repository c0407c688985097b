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
    /// <summary>Returns whether we did not know.</summary>
    public bool OnHave(Peer peer, PieceIndex piece, Timestamp now)
    {
        if (!torrent.Layout.Contains(piece))
        {
            departures.OnViolation(peer, $"has piece {piece} of {torrent.Layout.PieceCount}", now);
            return false;
        }

        if (!torrent.Availability.AddHave(peer.Has, piece))
            return false;
        uploading.OnHave(peer, piece, now);
        interest.OnHave(peer, piece, now);
        if (peer.IsSeed)
            connecting.DropIfBothSeed(peer, now);
        return true;
    }

    /// <summary>
    /// A bitfield must be the first message (BEP 3), but some clients send it late or repeatedly: the last one counts, as in other clients.
    /// Returns whether the peer has pieces that we did not know of.
    /// </summary>
    public bool OnBitfield(Peer peer, ReadOnlySpan<byte> bits, Timestamp now)
    {
        if (Bitfield.TryParseLoosely(bits, torrent.Layout.PieceCount, out Bitfield has))
            return SetPieces(peer, has, now);
        departures.OnViolation(
            peer, $"sent a bitfield of {bits.Length} bytes that does not fit {torrent.Layout.PieceCount} pieces", now);
        return false;
    }

    /// <summary>
    /// A message of the Fast extension (BEP 6) about the peer's pieces. Returns whether we may request something that we could not before.
    /// </summary>
    public bool OnFast(Peer peer, in PeerMessage message, Timestamp now)
    {
        if (!departures.MustSpeakFast(peer, message.Id, now))
            return false;
        switch (message.Id)
        {
            case MessageId.HaveAll or MessageId.HaveNone:
                Bitfield has = new(torrent.Layout.PieceCount);
                if (message.Id == MessageId.HaveAll)
                    has.AddAll();
                return SetPieces(peer, has, now);
            case MessageId.AllowedFast when torrent.Layout.Contains(message.Piece):
                return peer.TryAllowFast(message.Piece);
            case MessageId.SuggestPiece when torrent.Layout.Contains(message.Piece):
                peer.Suggest(message.Piece);
                break;
        }

        return false;
    }

    private bool SetPieces(Peer peer, Bitfield has, Timestamp now)
    {
        int before = peer.Has.Count;
        bool onlyGrows = peer.Has.Count > 0 && peer.Has.FirstNotIn(has, default) is null;
        if (onlyGrows)
        {
            AddPieces(peer, has, now);
        }
        else if (peer.OnPiecesReplaced() > Limits.MaxPieceSetsPerPeer)
        {
            departures.OnViolation(peer, "keeps replacing its set of pieces", now);
            return false;
        }
        else
        {
            torrent.Availability.RemovePeer(peer.Has);
            peer.Has.CopyFrom(has);
            torrent.Availability.AddPeer(peer.Has);
        }

        if (connecting.DropIfBothSeed(peer, now))
            return false;
        interest.Update(peer, now);
        uploading.AllowFast(peer, now);
        return !onlyGrows || peer.Has.Count > before;
    }

    // aria2 sends a bitfield instead of Have messages whenever that is shorter, however often it completes pieces. Each piece is counted
    // once.
    private void AddPieces(Peer peer, Bitfield has, Timestamp now)
    {
        for (PieceIndex? next = has.FirstNotIn(peer.Has, default); next is { } piece; next = has.FirstNotIn(peer.Has, piece))
            torrent.Availability.AddHave(peer.Has, piece);
        uploading.OnHaves(has, now);
    }
}
