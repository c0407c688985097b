using System.Runtime.InteropServices;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>
/// Gives our metadata to peers that ask for it (BEP 9), at <see cref="ExchangeLimits.MetadataBytesPerSecond"/> for all of them together. A
/// peer has at most <see cref="ExchangeLimits.MaxMetadataRequestsPerPeer"/> requests waiting, and what is more is refused. The bytes are in
/// memory from the first request until none has come for a while.
/// </summary>
internal sealed class MetadataServing(TorrentContext torrent)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(30);

    // So long nobody is given anything after the bytes could not be read: strangers cannot make us try all the time.
    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromMinutes(1);

    private readonly Queue<Waiting> _waiting = [];
    private readonly Dictionary<PeerKey, int> _waitingOf = [];
    private readonly TokenBucket _rate = new(new DataRate(ExchangeLimits.MetadataBytesPerSecond), default);
    private ReadOnlyMemory<byte> _info;
    private bool _isReading;
    private Timestamp _next = Timestamp.Never;
    private Timestamp _refusesUntil = new(long.MinValue);

    /// <summary>When <see cref="Tick"/> has something to do.</summary>
    public Timestamp NextDue => _next;

    /// <summary>A peer asks for a piece.</summary>
    public void OnRequest(Peer peer, int piece, IExtensionLine line, Timestamp now)
    {
        // Whoever cannot be answered is not heard, and leaves without a word.
        if (!line.Takes(peer, ExtensionRows.Metadata))
            return;
        bool exists = torrent.OfferedMetadataSize is { } size && piece < MetadataMessage.PieceCountOf(size);
        ref int waiting = ref CollectionsMarshal.GetValueRefOrAddDefault(_waitingOf, peer.Key, out _);
        if (!exists || now < _refusesUntil
            || waiting >= ExchangeLimits.MaxMetadataRequestsPerPeer || _waiting.Count >= ExchangeLimits.MaxMetadataRequests)
        {
            line.TrySend(peer, ExtensionRows.Metadata, MetadataMessage.Reject(piece), now);
            return;
        }

        waiting++;
        _waiting.Enqueue(new Waiting(peer, piece));
        if (!_info.IsEmpty)
        {
            Serve(line, now);
        }
        else if (!_isReading)
        {
            _isReading = true;
            torrent.Effects.ReadMetadata();
        }
    }

    /// <summary>The bytes of the info dictionary were read; none if they could not be.</summary>
    public void OnRead(ReadOnlyMemory<byte> info, IExtensionLine line, Timestamp now)
    {
        _isReading = false;
        if (_waiting.Count == 0)
            return;
        if (info.Length == torrent.OfferedMetadataSize)
        {
            _info = info;
            Serve(line, now);
            return;
        }

        _refusesUntil = now + RestAfterFailure;
        while (_waiting.TryDequeue(out Waiting waiting))
            line.TrySend(waiting.Peer, ExtensionRows.Metadata, MetadataMessage.Reject(waiting.Piece), now);
        _waitingOf.Clear();
    }

    public void OnGone(Peer peer) => _waitingOf.Remove(peer.Key);

    /// <summary>The run is over.</summary>
    public void Reset()
    {
        _waiting.Clear();
        _waitingOf.Clear();
        _info = default;
        _next = Timestamp.Never;
    }

    public void Tick(IExtensionLine line, Timestamp now)
    {
        if (_waiting.Count > 0)
        {
            Serve(line, now);
            return;
        }

        _info = default;
        _next = Timestamp.Never;
    }

    private void Serve(IExtensionLine line, Timestamp now)
    {
        while (_waiting.TryPeek(out Waiting waiting))
        {
            // One that is gone costs nothing.
            if (!waiting.Peer.IsGone && !_rate.TryTake(MetadataMessage.LengthOf(waiting.Piece, _info.Length), now))
            {
                _next = now + _rate.Wait(now);
                return;
            }

            _waiting.Dequeue();
            if (waiting.Peer.IsGone)
                continue;
            _waitingOf[waiting.Peer.Key]--;
            line.TrySend(waiting.Peer, ExtensionRows.Metadata, MetadataMessage.Data(waiting.Piece, _info.Span), now);
        }

        _next = now + KeptFor;
    }

    private readonly record struct Waiting(Peer Peer, int Piece);
}
