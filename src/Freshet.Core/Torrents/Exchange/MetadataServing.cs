using System.Runtime.InteropServices;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>
/// Serves our metadata to peers (BEP 9), at <see cref="ExchangeLimits.MetadataBytesPerSecond"/> for all of them together; networks take
/// turns. A peer has at most <see cref="ExchangeLimits.MaxMetadataRequestsPerPeer"/> queued requests, and a network no more than leaves
/// room for others; further requests are refused. The bytes stay in memory from the first request until none has arrived for a while.
/// </summary>
internal sealed class MetadataServing(TorrentContext torrent)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(30);

    // After a failed read, nothing is served for this long: strangers cannot make us retry all the time.
    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromMinutes(1);

    // How much a peer may request before it counts as useless, as a multiple of the metadata: all of it, and as much again for what got
    // lost.
    private const int MostOfUse = 2;

    private readonly Dictionary<PeerKey, Asker> _askers = [];
    private readonly Dictionary<Origin, int> _waitingOf = [];
    private TurnQueue<Origin, Waiting> _waiting = new();
    private int _waitingCount;
    private readonly TokenBucket _rate = new(new DataRate(ExchangeLimits.MetadataBytesPerSecond), default);
    private ReadOnlyMemory<byte> _info;
    private bool _isReading;
    private Timestamp _next = Timestamp.Never;
    private Timestamp _refusesUntil = new(long.MinValue);

    /// <summary>When <see cref="Tick"/> has something to do.</summary>
    public Timestamp NextDue => _next;

    /// <summary>A peer requests a piece.</summary>
    public void OnRequest(Peer peer, int piece, IExtensionLine line, Timestamp now)
    {
        // A peer that cannot be answered is ignored.
        if (!line.Takes(peer, ExtensionRows.Metadata))
            return;
        int pieces = torrent.OfferedMetadataSize is { } size ? MetadataMessage.PieceCountOf(size) : 0;
        ref Asker asker = ref CollectionsMarshal.GetValueRefOrAddDefault(_askers, peer.Key, out _);
        if (piece >= pieces || now < _refusesUntil
            || asker.Waiting >= ExchangeLimits.MaxMetadataRequestsPerPeer || !HasRoomFor(peer.Network))
        {
            line.TrySend(peer, ExtensionRows.Metadata, MetadataMessage.Reject(piece), now);
            return;
        }

        asker = new Asker(asker.Waiting + 1, asker.Asked + 1);
        if (asker.Asked <= MostOfUse * pieces)
            peer.OnMetadata(now);
        Enqueue(new Waiting(peer, piece));
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

    /// <summary>The info dictionary has been read; empty if that failed.</summary>
    public void OnRead(ReadOnlyMemory<byte> info, IExtensionLine line, Timestamp now)
    {
        _isReading = false;
        if (_waiting.IsEmpty)
            return;
        if (info.Length == torrent.OfferedMetadataSize)
        {
            _info = info;
            Serve(line, now);
            return;
        }

        _refusesUntil = now + RestAfterFailure;
        while (!_waiting.IsEmpty)
        {
            Waiting waiting = Dequeue();
            line.TrySend(waiting.Peer, ExtensionRows.Metadata, MetadataMessage.Reject(waiting.Piece), now);
        }
    }

    public void OnGone(Peer peer) => _askers.Remove(peer.Key);

    /// <summary>The run is over.</summary>
    public void Reset()
    {
        _waitingOf.Clear();
        _askers.Clear();
        LetGo();
    }

    public void Tick(IExtensionLine line, Timestamp now)
    {
        if (_waiting.IsEmpty)
            LetGo();
        else
            Serve(line, now);
    }

    private bool HasRoomFor(Origin network)
    {
        int room = Math.Min(ExchangeLimits.MaxMetadataRequests - _waitingCount, ExchangeLimits.MaxMetadataRequestsPerNetwork);
        return _waitingOf.GetValueOrDefault(network) < Math.Max(room, ExchangeLimits.MinMetadataRequestsPerNetwork);
    }

    private void Enqueue(Waiting waiting)
    {
        _waiting.Enqueue(waiting.Peer.Network, waiting);
        _waitingCount++;
        CollectionsMarshal.GetValueRefOrAddDefault(_waitingOf, waiting.Peer.Network, out _)++;
    }

    private Waiting Dequeue()
    {
        Waiting waiting = _waiting.Dequeue();
        _waitingCount--;
        if (--_waitingOf[waiting.Peer.Network] == 0)
            _waitingOf.Remove(waiting.Peer.Network);
        if (!waiting.Peer.IsGone && _askers.TryGetValue(waiting.Peer.Key, out Asker asker))
            _askers[waiting.Peer.Key] = asker with { Waiting = asker.Waiting - 1 };
        return waiting;
    }

    private void LetGo()
    {
        _waiting = new();
        _waitingCount = 0;
        _info = default;
        _next = Timestamp.Never;
    }

    private void Serve(IExtensionLine line, Timestamp now)
    {
        while (_waiting.TryPeek(out Waiting waiting))
        {
            // A peer that is gone costs nothing.
            if (!waiting.Peer.IsGone && !_rate.TryTake(MetadataMessage.LengthOf(waiting.Piece, _info.Length), now))
            {
                _next = now + _rate.Wait(now);
                return;
            }

            Dequeue();
            if (waiting.Peer.IsGone)
                continue;
            if (_askers[waiting.Peer.Key].Asked <= MostOfUse * MetadataMessage.PieceCountOf(_info.Length))
                waiting.Peer.OnMetadata(now);
            line.TrySend(waiting.Peer, ExtensionRows.Metadata, MetadataMessage.Data(waiting.Piece, _info.Span), now);
        }

        _next = now + KeptFor;
    }

    private readonly record struct Waiting(Peer Peer, int Piece);

    /// <summary>The state of a requesting peer: how many of its requests are queued, and how many were accepted.</summary>
    private readonly record struct Asker(int Waiting, int Asked);
}
