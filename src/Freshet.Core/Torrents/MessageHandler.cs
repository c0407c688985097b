using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents;

/// <summary>
/// What each peer message does. A peer that breaks the protocol is dropped with words, and the rest of its batch passed over.
/// </summary>
internal sealed class MessageHandler(TorrentContext torrent, TorrentParts parts)
{
    /// <summary>Handles a receive batch, then asks the peer for more, once.</summary>
    public void OnMessages(Peer peer, ReadOnlySpan<PeerMessage> batch, Timestamp now)
    {
        peer.OnReceived(now);
        bool mayAsk = false;
        foreach (ref readonly PeerMessage message in batch)
        {
            mayAsk |= MakesRoom(message.Id);
            if (!peer.IsGone)
                Handle(peer, message, now);
            else if (message.Id == MessageId.Piece)
                parts.Downloading.Waste(message.Range, message.Lease);
        }

        parts.Uploading.Settle(now);
        if (mayAsk && !peer.IsGone)
            parts.Requesting.Refill(peer, now);
    }

    // After which messages there may be more to ask of their sender. A search costs more than sending a keep-alive does.
    private static bool MakesRoom(MessageId id) => id is MessageId.Piece or MessageId.Unchoke or MessageId.Have or MessageId.Bitfield
        or MessageId.HaveAll or MessageId.RejectRequest or MessageId.AllowedFast;

    /// <summary>A batch from a peer that is gone.</summary>
    public void Discard(ReadOnlySpan<PeerMessage> batch)
    {
        foreach (ref readonly PeerMessage message in batch)
        {
            if (message.Id == MessageId.Piece)
                parts.Downloading.Waste(message.Range, message.Lease);
        }
    }

    /// <summary>The metadata is known: what peers said before is judged now. Whoever said what cannot be is dropped.</summary>
    public void OnMetadata(Timestamp now)
    {
        parts.Sourcing.OnMetadata();
        for (int i = torrent.Peers.Count - 1; i >= 0; i--)
        {
            Peer peer = torrent.Peers.All[i];
            foreach (PeerMessage message in torrent.Early.Take(peer.Key))
            {
                if (!peer.IsGone)
                    Handle(peer, message, now);
            }
        }
    }

    private void Handle(Peer peer, in PeerMessage message, Timestamp now)
    {
        if (!torrent.HasContent && EarlyMessages.IsEarly(message.Id))
        {
            torrent.Early.Add(peer.Key, message);
            return;
        }

        switch (message.Id)
        {
            case MessageId.Piece:
                OnBlock(peer, message, now);
                break;
            case MessageId.Request:
                parts.Uploading.OnRequest(peer, message.Range, now);
                break;
            case MessageId.Cancel:
                parts.Uploading.OnCancel(peer, message.Range, now);
                break;
            case MessageId.Have:
                OnHave(peer, message.Piece, now);
                break;
            case MessageId.Choke:
                peer.OnChoke(true);

                // With the Fast extension what it drops is rejected one by one (BEP 6); without it, silently.
                parts.Requesting.OnClosed(peer, hasDropped: !peer.IsFast);
                break;
            case MessageId.Unchoke:
                peer.OnChoke(false);
                break;
            case MessageId.Interested:
                parts.Uploading.OnInterested(peer, true);
                break;
            case MessageId.NotInterested:
                parts.Uploading.OnInterested(peer, false);
                break;
            case MessageId.Bitfield:
                OnBitfield(peer, message.Payload.Span, now);
                break;
            case MessageId.Extended:
                if (message.Number == ExtensionHandshake.MessageNumber)
                    OnExtensionHandshake(peer, message.Payload.Span, now);
                else
                    parts.Extensions.OnMessage(peer, message.Number, message.Payload.Span, now);
                break;
            case MessageId.HaveAll or MessageId.HaveNone or MessageId.SuggestPiece or MessageId.RejectRequest or MessageId.AllowedFast:
                OnFastMessage(peer, message, now);
                break;
            case MessageId.KeepAlive or MessageId.Port or MessageId.Unknown:
                break;
        }
    }

    private void OnBlock(Peer peer, in PeerMessage message, Timestamp now)
    {
        if (parts.Downloading.OnBlock(peer, message.Range, message.Lease, now))
        {
            peer.OnAnswered();
            return;
        }

        peer.OnUnrequested();
        if (peer.UnrequestedBlocks > Limits.MaxUnrequestedBlocks)
            Violation(peer, "sent many blocks that nobody asked for", now);
    }

    private void OnHave(Peer peer, PieceIndex piece, Timestamp now)
    {
        if (!torrent.Layout.Contains(piece))
        {
            Violation(peer, $"has piece {piece} of {torrent.Layout.PieceCount}", now);
            return;
        }

        if (!torrent.Availability.AddHave(peer.Has, piece))
            return;
        parts.Interest.OnHave(peer, piece, now);
        if (peer.IsSeed)
            parts.Connecting.DropIfBothSeed(peer, now);
    }

    // A bitfield may only come first (BEP 3), but some send it late or again: the last one counts, as with other clients.
    private void OnBitfield(Peer peer, ReadOnlySpan<byte> bits, Timestamp now)
    {
        if (Bitfield.TryParseLoosely(bits, torrent.Layout.PieceCount, out Bitfield has))
            SetPieces(peer, has, now);
        else
            Violation(peer, $"sent a bitfield of {bits.Length} bytes that does not fit {torrent.Layout.PieceCount} pieces", now);
    }

    private void SetPieces(Peer peer, Bitfield has, Timestamp now)
    {
        // Counting a whole set anew costs more than sending one.
        peer.OnBitfield();
        if (peer.Bitfields > Limits.MaxBitfieldsPerPeer)
        {
            Violation(peer, "keeps sending all its pieces anew", now);
            return;
        }

        torrent.Availability.RemovePeer(peer.Has);
        peer.Has.CopyFrom(has);
        torrent.Availability.AddPeer(peer.Has);
        if (parts.Connecting.DropIfBothSeed(peer, now))
            return;
        parts.Interest.Update(peer, now);
        parts.Uploading.AllowFast(peer, now);
    }

    private void OnFastMessage(Peer peer, in PeerMessage message, Timestamp now)
    {
        if (!peer.IsFast)
        {
            Violation(peer, $"sent {message.Id} without the Fast extension", now);
            return;
        }

        switch (message.Id)
        {
            case MessageId.HaveAll or MessageId.HaveNone:
                Bitfield has = new(torrent.Layout.PieceCount);
                if (message.Id == MessageId.HaveAll)
                    has.AddAll();
                SetPieces(peer, has, now);
                break;
            case MessageId.RejectRequest:
                if (parts.Requesting.OnRejected(peer, message.Range, now) && peer.IsChoking)
                    peer.DisallowFast(message.Piece);
                break;
            case MessageId.AllowedFast:
                if (torrent.Layout.Contains(message.Piece))
                    peer.AllowFast(message.Piece);
                break;
            case MessageId.SuggestPiece when torrent.Layout.Contains(message.Piece):
                peer.Suggest(message.Piece);
                break;
        }
    }

    private void OnExtensionHandshake(Peer peer, ReadOnlySpan<byte> payload, Timestamp now)
    {
        // One that is no dictionary says nothing, and is no reason to do without the peer.
        if (!ExtensionHandshake.TryParse(payload, out ExtensionHandshake handshake))
            return;
        if (handshake.UploadOnly is { } uploadOnly)
            peer.OnUploadOnly(uploadOnly);
        if (handshake.RequestQueue is { } most)
            peer.Requests.LimitDepth(most);
        if (handshake.Port is { } port)
            parts.Connecting.OnListenPort(peer, port);
        if (handshake.YourIp is { } address)
            parts.Connecting.OnOwnAddress(peer, address);
        parts.Extensions.OnHandshake(peer, handshake, now);
        parts.Connecting.DropIfBothSeed(peer, now);
    }

    private void Violation(Peer peer, string words, Timestamp now) =>
        parts.Departures.Drop(peer, DisconnectReason.ProtocolViolation, now, words);
}
