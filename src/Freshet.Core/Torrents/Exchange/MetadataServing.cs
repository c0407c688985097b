using System.Runtime.InteropServices;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>
/// Gives our metadata to peers that ask for it (BEP 9), at <see cref="ExchangeLimits.MetadataBytesPerSecond"/> for all of them together;
/// networks take turns. A peer has at most <see cref="ExchangeLimits.MaxMetadataRequestsPerPeer"/> requests waiting, a network no more than
/// there is room left for others, and what is more is refused. The bytes are in memory from the first request until none has come for a
/// while.
/// </summary>
internal sealed class MetadataServing(TorrentContext torrent)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(30);

    // So long nobody is given anything after the bytes could not be read: strangers cannot make us try all the time.
    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromMinutes(1);

    // What a peer may ask for and not be taken for one of no use: all of it, and as much again for what it did not get.
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

    /// <summary>A peer asks for a piece.</summary>
    public void OnRequest(Peer peer, int piece, IExtensionLine line, Timestamp now)
    {
        // Whoever cannot be answered is not heard, and leaves without a word.
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

    /// <summary>The bytes of the info dictionary were read; none if they could not be.</summary>
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
            // One that is gone costs nothing.
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

    /// <summary>A peer that asks: how many of its requests wait, and how many were taken.</summary>
    private readonly record struct Asker(int Waiting, int Asked);
}
