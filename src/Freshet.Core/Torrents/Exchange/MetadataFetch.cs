using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>
/// Gets a torrent's metadata from its peers (BEP 9). Nothing that a peer says is believed before the whole has the info-hash: each size
/// that is claimed is tried, several at once, those that most networks claim first; whoever gave bytes that were not the metadata's is
/// banned once that is proven. A silent, refusing or lying peer only ever holds up its own attempt, never more than
/// <see cref="ExchangeLimits.MaxMetadataAttempts"/> at once, and gives way when others wait.
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

    /// <summary>How far it is.</summary>
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

    /// <summary>A peer said what it offers.</summary>
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

        // A handshake that does not speak of it changes nothing (BEP 10), unless it takes the whole offer back.
        claimed = !gives ? 0 : claimed == 0 ? record.Size : claimed;
        if (claimed != record.Size)
            SetSize(record, claimed);
        Proceed(line, now);
    }

    /// <summary>A piece came.</summary>
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

    /// <summary>A peer does not give a piece.</summary>
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

        // What it was asked for is free for others, who are asked at the next beat; and that is now.
        _nextBeat = new Timestamp(long.MinValue);
    }

    /// <summary>The run is over, or the metadata is there.</summary>
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

    // Whether an answer is to something that was asked.
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
            departures.Drop(peer, DisconnectReason.ProtocolViolation, now, "keeps sending metadata that it is not asked for");
        return attempt is not null;
    }

    private void SetSize(MetadataPeer record, int size)
    {
        record.ForgetRequests();
        _attempts.OnClaim(record, size);
    }

    // Begins what can be begun, and asks whoever can be asked.
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
