using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>The extension <c>lt_donthave</c> (BEP 54): we, or a peer, no longer have a piece.</summary>
internal sealed class LostPieces(TorrentContext torrent, Interest interest, Departures departures) : IExtension
{
    public ExtensionRow Row => ExtensionRows.LostPieces;

    /// <summary>Tells all peers that we no longer have a piece.</summary>
    public static void Send(TorrentContext torrent, IExtensionLine line, PieceIndex piece, Timestamp now)
    {
        byte[] payload = LostPieceMessage.Write(piece);
        foreach (Peer peer in torrent.Peers.All)
            line.TrySend(peer, ExtensionRows.LostPieces, payload, now);
    }

    /// <summary>Tells one peer that we no longer have a piece.</summary>
    public static void Send(Peer peer, IExtensionLine line, PieceIndex piece, Timestamp now) =>
        line.TrySend(peer, ExtensionRows.LostPieces, LostPieceMessage.Write(piece), now);

    public void OnMessage(Peer peer, ReadOnlySpan<byte> payload, IExtensionLine line, Timestamp now)
    {
        if (!LostPieceMessage.TryParse(payload, out PieceIndex piece))
        {
            departures.Drop(peer, DisconnectReason.ProtocolViolation, now, $"sent an lt_donthave message of {payload.Length} bytes");
            return;
        }

        if (!torrent.HasContent)
        {
            torrent.Early.AddLost(peer.Key, piece);
            return;
        }

        if (!torrent.Layout.Contains(piece) || !peer.Has[piece])
            return;

        // A peer that was a seed is counted piece by piece from now on, which costs more than handling a message.
        if (peer.IsSeed && peer.OnPiecesReplaced() > Limits.MaxPieceSetsPerPeer)
        {
            departures.Drop(peer, DisconnectReason.ProtocolViolation, now, "keeps losing pieces and getting them again");
            return;
        }

        torrent.Availability.RemoveHave(peer.Has, piece);
        interest.Update(peer, now);
    }
}
