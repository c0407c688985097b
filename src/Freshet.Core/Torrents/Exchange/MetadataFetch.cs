using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>
/// Fetches a torrent's metadata from its peers (BEP 9). Nothing that a peer sends is trusted before the whole matches the info-hash: each
/// claimed size is attempted, several at once, those claimed by most networks first; a peer that sent wrong bytes is banned once that is
/// proven. A silent, refusing or lying peer only ever delays its own attempt, of which there are never more than
/// <see cref="ExchangeLimits.MaxMetadataAttempts"/> at once, and which gives way when others wait.
/// </summary>
internal sealed class MetadataFetch(TorrentContext torrent, Departures departures)
{
    private const int MostUnrequested = 64;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OverdueAfter = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LostAfter = TimeSpan.FromMinutes(1);

    private readonly Dictionary<PeerKey, MetadataPeer> _peers = [];
    private readonly MetadataAttempts _attempts = new(torrent.Random);
    private readonly MetadataEvidence _evidence = new();
    private bool _isDelivered;
    private Timestamp _nextBeat;

    /// <summary>When <see cref="Tick"/> has something to do.</summary>
    public Timestamp NextDue => IsWanted && _peers.Count > 0 ? _nextBeat : Timestamp.Never;

    /// <summary>The progress so far.</summary>
    public MetadataProgress Progress
    {
        get
        {
            int peers = 0;
            foreach (MetadataPeer peer in _peers.Values)
                peers += peer.Size > 0 ? 1 : 0;
            (int have, int count) = _attempts.Furthest;
            return new MetadataProgress(have, count, peers);
        }
    }

    private bool IsWanted => !_isDelivered && torrent.Phase is TorrentPhase.FetchingMetadata;

    /// <summary>A peer has sent an extension handshake.</summary>
    public void OnHandshake(Peer peer, ExtensionHandshake handshake, IExtensionLine line, Timestamp now)
    {
        if (torrent.HasContent)
            return;
        int claimed = handshake.MetadataSize is { } size and <= ExchangeLimits.MaxMetadataLength ? size : 0;
        bool gives = line.Takes(peer, ExtensionRows.Metadata);
        if (!_peers.TryGetValue(peer.Key, out MetadataPeer? record))
        {
            if (!gives || claimed == 0)
                return;
            _peers[peer.Key] = record = new MetadataPeer(peer);
        }

        // A handshake without a metadata size changes nothing (BEP 10), unless it withdraws the extension.
        claimed = !gives ? 0 : claimed == 0 ? record.Size : claimed;
        if (claimed != record.Size)
            SetSize(record, claimed);
        Proceed(line, now);
    }

    /// <summary>A piece has arrived.</summary>
    public void OnData(Peer peer, in MetadataMessage message, IExtensionLine line, Timestamp now)
    {
        if (!TryTake(peer, message.Piece, now, out MetadataPeer? record, out MetadataAttempt? attempt))
            return;
        bool fits = message.Bytes.Length == MetadataMessage.LengthOf(message.Piece, attempt.Size)
            && (message.TotalSize ?? attempt.Size) == attempt.Size;
        if (!fits)
        {
            string words = $"sent {message.Bytes.Length} bytes for piece {message.Piece} of metadata of {attempt.Size}";
            departures.Drop(peer, DisconnectReason.ProtocolViolation, now, words);
            Proceed(line, now);
            return;
        }

        record.OnGiven();
        peer.OnTaken(now);
        if (!IsWanted)
            return;
        if (_attempts.Contains(attempt))
            attempt.Put(message.Piece, message.Bytes, peer.Sender, now);
        if (attempt.IsWhole && _attempts.Remove(attempt))
            Finish(attempt, line, now);
        else
            Ask(record, line, now);
    }

    /// <summary>A peer refuses to send a piece.</summary>
    public void OnReject(Peer peer, int piece, IExtensionLine line, Timestamp now)
    {
        if (!TryTake(peer, piece, now, out MetadataPeer? record, out _))
            return;
        record.OnRefused(now);
        Proceed(line, now);
    }

    public void OnGone(Peer peer)
    {
        if (!_peers.Remove(peer.Key, out MetadataPeer? record))
            return;
        SetSize(record, 0);

        // The piece is free to be requested from others at the next beat, which is now.
        _nextBeat = new Timestamp(long.MinValue);
    }

    /// <summary>The run is over, or the metadata is complete.</summary>
    public void Reset()
    {
        _isDelivered = false;
        foreach (MetadataPeer record in _peers.Values)
            SetSize(record, 0);
        _peers.Clear();
        _attempts.Clear();
        _evidence.Clear();
    }

    public void Tick(IExtensionLine line, Timestamp now)
    {
        _nextBeat = now + Beat;
        foreach (MetadataPeer record in _peers.Values)
        {
            record.Expire(record.Peer.At(now).Own, OverdueAfter, LostAfter, out bool anyLost);
            if (anyLost)
                record.OnRefused(now);
        }

        _attempts.MakeRoom(_peers.Values, now);
        Proceed(line, now);
    }

    // Whether a message answers one of our requests.
    private bool TryTake(
        Peer peer,
        int piece,
        Timestamp now,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MetadataPeer? record,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MetadataAttempt? attempt)
    {
        attempt = null;
        if (_peers.TryGetValue(peer.Key, out record) && record.TryTake(piece, out MetadataRequest request))
            attempt = request.Attempt;
        else if (record is not null && ++record.Unrequested > MostUnrequested)
            departures.Drop(peer, DisconnectReason.ProtocolViolation, now, "keeps sending unrequested metadata");
        return attempt is not null;
    }

    private void SetSize(MetadataPeer record, int size)
    {
        record.ForgetRequests();
        _attempts.OnClaim(record, size);
    }

    // Starts new attempts and sends new requests where possible.
    private void Proceed(IExtensionLine line, Timestamp now)
    {
        if (!IsWanted)
            return;
        _attempts.StartAll(_peers.Values, now);
        foreach (MetadataPeer record in _peers.Values)
            Ask(record, line, now);
    }

    private void Ask(MetadataPeer record, IExtensionLine line, Timestamp now)
    {
        while (record.CanBeAsked(now) && _attempts.TryPick(record, out MetadataAttempt? attempt, out int piece))
        {
            if (!line.TrySend(record.Peer, ExtensionRows.Metadata, MetadataMessage.Request(piece), now))
                return;
            record.OnAsked(attempt, piece, record.Peer.At(now).Own);
        }
    }

    private void Finish(MetadataAttempt attempt, IExtensionLine line, Timestamp now)
    {
        if (attempt.IsOf(torrent.Identity))
        {
            _isDelivered = true;
            _attempts.Clear();
            IReadOnlyCollection<BlockSender> guilty = _evidence.Convict(attempt);
            _evidence.Clear();
            torrent.Effects.MetadataFetched(attempt.ToArray());
            foreach (BlockSender sender in guilty)
                Ban(sender, now);
            return;
        }

        if (SoleSenderOf(attempt) is { } liar)
        {
            Ban(liar, now);
        }
        else
        {
            _evidence.Add(attempt);
            _attempts.OnMixed(attempt.Size);
        }

        Proceed(line, now);
    }

    private void Ban(BlockSender sender, Timestamp now)
    {
        if (!torrent.Book.Bans.Contains(sender.Origin))
            departures.Ban(sender, "sent metadata that is not the torrent's", now);
    }

    private static BlockSender? SoleSenderOf(MetadataAttempt attempt)
    {
        BlockSender first = attempt.SenderOf(0);
        for (int piece = 1; piece < attempt.PieceCount; piece++)
        {
            if (attempt.SenderOf(piece).Origin != first.Origin)
                return null;
        }

        return first;
    }
}
