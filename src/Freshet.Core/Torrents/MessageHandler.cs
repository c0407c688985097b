using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Torrents;

/// <summary>
/// Dispatches each peer message to its part of the machine. A peer that violates the protocol is disconnected with the reason, and the rest
/// of its batch is skipped.
/// </summary>
internal sealed class MessageHandler(
    TorrentContext torrent, BlockMessages blocks, PieceMessages pieces, Uploading uploading, ExtendedMessages extended, DhtAsking dht)
{
    /// <summary>Handles a receive batch, then sends new requests to the peer once.</summary>
    public void OnMessages(Peer peer, ReadOnlySpan<PeerMessage> batch, Timestamp now)
    {
        peer.OnReceived(now);
        bool mayAsk = false;
        foreach (ref readonly PeerMessage message in batch)
        {
            if (peer.IsGone)
                blocks.Discard(message);
            else
                mayAsk |= Handle(peer, message, now);
        }

        uploading.FillSlots(now);
        if (mayAsk && !peer.IsGone)
            blocks.AskForMore(peer, now);
    }

    /// <summary>Discards a batch from a peer that is gone.</summary>
    public void Discard(ReadOnlySpan<PeerMessage> batch)
    {
        foreach (ref readonly PeerMessage message in batch)
            blocks.Discard(message);
    }

    /// <summary>
    /// The metadata is known: what peers sent before is evaluated now. A peer that sent something impossible is disconnected.
    /// </summary>
    public void OnMetadata(Timestamp now)
    {
        for (int i = torrent.Peers.Count - 1; i >= 0; i--)
        {
            Peer peer = torrent.Peers.All[i];
            foreach (PeerMessage message in torrent.Early.Take(peer.Key))
            {
                if (!peer.IsGone)
                    _ = Handle(peer, message, now);
            }
        }
    }

    // Returns whether more may be requested from the sender now: a search costs more than handling a message that changes nothing.
    private bool Handle(Peer peer, in PeerMessage message, Timestamp now)
    {
        if (!torrent.HasContent && EarlyMessages.IsEarly(message.Id))
        {
            torrent.Early.Add(peer.Key, message);
            return false;
        }

        switch (message.Id)
        {
            case MessageId.Piece:
                blocks.OnBlock(peer, message, now);
                return true;
            case MessageId.RejectRequest:
                return blocks.OnReject(peer, message, now);
            case MessageId.Choke:
                blocks.OnChoke(peer);
                break;
            case MessageId.Unchoke:
                bool wasChoking = peer.IsChoking;
                peer.OnChoke(false);
                return wasChoking;
            case MessageId.Have:
                return pieces.OnHave(peer, message.Piece, now);
            case MessageId.Bitfield:
                return pieces.OnBitfield(peer, message.Payload.Span, now);
            case MessageId.HaveAll or MessageId.HaveNone or MessageId.SuggestPiece or MessageId.AllowedFast:
                return pieces.OnFast(peer, message, now);
            case MessageId.Request:
                uploading.OnRequest(peer, message.Range, now);
                break;
            case MessageId.Cancel:
                uploading.OnCancel(peer, message.Range, now);
                break;
            case MessageId.Interested or MessageId.NotInterested:
                uploading.OnInterested(peer, message.Id == MessageId.Interested, now);
                break;
            case MessageId.Extended:
                extended.On(peer, message, now);
                break;
            case MessageId.Port:
                dht.OnPort(peer, message.Number);
                break;
            case MessageId.KeepAlive or MessageId.Unknown:
                break;
        }

        return false;
    }
}
