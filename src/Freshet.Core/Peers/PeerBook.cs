using System.Net;

using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>
/// The addresses that a torrent knows. Each is in it at most once and there are never more than
/// <see cref="Limits.MaxKnownPeers"/>; exactly the ready ones are in <c>_ready</c> and the resting ones in <c>_resting</c>, so that
/// the next to dial is found without looking through them all. A banned address is never in the book.
/// </summary>
internal sealed class PeerBook(Random random)
{
    // An address that failed so often in a row makes room when the book is more than half full.
    private const int HopelessFailures = 4;

    private readonly Dictionary<IPEndPoint, KnownPeer> _peers = [];
    private readonly PriorityQueue<KnownPeer, long> _ready = new();
    private readonly PriorityQueue<KnownPeer, Timestamp> _resting = new();
    private readonly BanList _bans = new();

    /// <summary>All addresses.</summary>
    public int Count => _peers.Count;

    /// <summary>Addresses dialled and without an answer.</summary>
    public int DiallingCount { get; private set; }

    /// <summary>Addresses that may be dialled at once or later.</summary>
    public int IdleCount => _ready.Count + _resting.Count;

    /// <summary>When the next of the resting addresses may be dialled; when asked after <see cref="TryTake"/> found none.</summary>
    public Timestamp NextRested => _ready.Count > 0 ? default : _resting.TryPeek(out _, out Timestamp when) ? when : Timestamp.Never;

    public bool IsBanned(IPEndPoint endPoint) => _bans.Contains(endPoint);

    /// <summary>Adds an address; false if it is known, banned, no address to dial, or the book is full.</summary>
    public bool Add(IPEndPoint endPoint, PeerSource source)
    {
        if (_peers.Count >= Limits.MaxKnownPeers || !AddressScopes.CanBeDialled(endPoint) || _bans.Contains(endPoint))
            return false;
        var peer = new KnownPeer(endPoint, source);
        if (!_peers.TryAdd(endPoint, peer))
            return false;
        MakeReady(peer);
        return true;
    }

    /// <summary>Takes the address most worth dialling: those that never failed first, those the user named before others, else by chance.</summary>
    public bool TryTake(Timestamp now, out IPEndPoint endPoint)
    {
        while (_resting.TryPeek(out KnownPeer? rested, out Timestamp when) && when <= now)
        {
            _resting.Dequeue();
            MakeReady(rested);
        }

        endPoint = null!;
        if (!_ready.TryDequeue(out KnownPeer? peer, out _))
            return false;
        peer.State = KnownPeerState.Dialling;
        DiallingCount++;
        endPoint = peer.EndPoint;
        return true;
    }

    /// <summary>A dialled address answered, or one that we may know connected to us; false if it is not in the book, or ourselves.</summary>
    public bool OnConnected(IPEndPoint endPoint)
    {
        if (!_peers.TryGetValue(endPoint, out KnownPeer? peer) || peer.State == KnownPeerState.Self)
            return false;
        TakeOut(peer);
        peer.State = KnownPeerState.Connected;
        return true;
    }

    /// <summary>A connection ended or could not be made.</summary>
    /// <param name="endPoint">Its address; one not in the book is passed over.</param>
    /// <param name="reason">How it ended.</param>
    /// <param name="wasUseful">Whether the connection gave us payload, which wipes out earlier failures.</param>
    /// <param name="now">The time.</param>
    public void OnEnded(IPEndPoint endPoint, DisconnectReason reason, bool wasUseful, Timestamp now)
    {
        if (!_peers.TryGetValue(endPoint, out KnownPeer? peer) || peer.State == KnownPeerState.Self)
            return;
        TakeOut(peer);
        if (reason == DisconnectReason.SelfConnection)
        {
            peer.State = KnownPeerState.Self;
            return;
        }

        if (wasUseful)
            peer.Failures = 0;
        if (BackOff.IsFailure(reason))
            peer.Failures++;
        if (peer.Failures >= HopelessFailures && peer.Source != PeerSource.Manual && _peers.Count > Limits.MaxKnownPeers / 2)
        {
            _peers.Remove(endPoint);
            return;
        }

        peer.State = KnownPeerState.Resting;
        peer.NotBefore = now + BackOff.After(reason, peer.Failures, random);
        _resting.Enqueue(peer, peer.NotBefore);
    }

    /// <summary>Lets all resting addresses be dialled at once, because there is something new to ask of them.</summary>
    public void WakeAll()
    {
        while (_resting.TryDequeue(out KnownPeer? peer, out _))
            MakeReady(peer);
    }

    /// <summary>The run ends, and with it every dial: the addresses may be dialled in the next.</summary>
    public void ForgetDials()
    {
        foreach (KnownPeer peer in _peers.Values)
        {
            if (peer.State == KnownPeerState.Dialling)
                MakeReady(peer);
        }

        DiallingCount = 0;
    }

    /// <summary>Bans an address for this run, and forgets every known address that the ban covers.</summary>
    public void Ban(IPEndPoint endPoint)
    {
        _bans.Add(endPoint);
        foreach (KnownPeer peer in _peers.Values)
        {
            if (!_bans.Contains(peer.EndPoint))
                continue;
            TakeOut(peer);

            // Dictionary.Remove is allowed while walking it.
            _peers.Remove(peer.EndPoint);
        }
    }

    /// <summary>The addresses worth keeping for the next run, at most so many.</summary>
    public IPEndPoint[] Best(int count) =>
        [.. _peers.Values.Where(peer => peer.State != KnownPeerState.Self).OrderBy(peer => peer.Failures).Take(count).Select(peer => peer.EndPoint)];

    private void MakeReady(KnownPeer peer)
    {
        peer.State = KnownPeerState.Ready;
        long rank = ((long)peer.Failures << 33) | (peer.Source == PeerSource.Manual ? 0 : 1L << 32) | (uint)random.Next();
        _ready.Enqueue(peer, rank);
    }

    private void TakeOut(KnownPeer peer)
    {
        switch (peer.State)
        {
            case KnownPeerState.Ready:
                _ready.Remove(peer, out _, out _);
                break;
            case KnownPeerState.Resting:
                _resting.Remove(peer, out _, out _);
                break;
            case KnownPeerState.Dialling:
                DiallingCount--;
                break;
        }
    }
}
