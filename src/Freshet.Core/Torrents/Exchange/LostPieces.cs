using System.Buffers.Binary;
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
    public static void Tell(TorrentContext torrent, IExtensionLine line, PieceIndex piece, Timestamp now)
    {
        byte[] payload = new byte[ExtensionRows.LostPieces.MaxLength];
        BinaryPrimitives.WriteInt32BigEndian(payload, piece.Value);
        foreach (Peer peer in torrent.Peers.All)
            line.TrySend(peer, ExtensionRows.LostPieces, payload, now);
    }

    /// <summary>Tells one peer that we no longer have a piece.</summary>
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
            departures.Drop(peer, DisconnectReason.ProtocolViolation, now, $"sent an lt_donthave message of {payload.Length} bytes");
            return;
        }

        PieceIndex piece = new(BinaryPrimitives.ReadInt32BigEndian(payload));
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
