using System.Buffers.Binary;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>The extension <c>lt_donthave</c> (BEP 54): a piece that was had is not there any more, with us or with a peer.</summary>
internal sealed class LostPieces(TorrentContext torrent, Interest interest, Departures departures) : IExtension
{
    public ExtensionRow Row => ExtensionRows.LostPieces;

    /// <summary>Tells peers that we have a piece no more.</summary>
    public static void Tell(TorrentContext torrent, IExtensionLine line, PieceIndex piece, Timestamp now)
    {
        byte[] payload = new byte[ExtensionRows.LostPieces.MaxLength];
        BinaryPrimitives.WriteInt32BigEndian(payload, piece.Value);
        foreach (Peer peer in torrent.Peers.All)
            line.TrySend(peer, ExtensionRows.LostPieces, payload, now);
    }

    /// <summary>Tells one peer that we have a piece no more.</summary>
    public static void Tell(Peer peer, IExtensionLine line, PieceIndex piece, Timestamp now)
    {
        byte[] payload = new byte[ExtensionRows.LostPieces.MaxLength];
        BinaryPrimitives.WriteInt32BigEndian(payload, piece.Value);
        line.TrySend(peer, ExtensionRows.LostPieces, payload, now);
    }

    public void OnMessage(Peer peer, ReadOnlySpan<byte> payload, IExtensionLine line, Timestamp now)
    {
        if (payload.Length != Row.MaxLength)
        {
            departures.Drop(peer, DisconnectReason.ProtocolViolation, now, $"sent a lt_donthave of {payload.Length} bytes");
            return;
        }

        PieceIndex piece = new(BinaryPrimitives.ReadInt32BigEndian(payload));
        if (!torrent.Layout.Contains(piece) || !peer.Has[piece])
            return;

        // Whoever was a seed is counted piece by piece from now on, which costs more than a message does.
        if (peer.IsSeed && peer.OnPiecesReplaced() > Limits.MaxPieceSetsPerPeer)
        {
            departures.Drop(peer, DisconnectReason.ProtocolViolation, now, "keeps losing pieces and getting them again");
            return;
        }

        torrent.Availability.RemoveHave(peer.Has, piece);
        interest.Update(peer, now);
    }
}
