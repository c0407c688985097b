using System.Net;
using System.Runtime.InteropServices;

using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Peers;

/// <summary>
/// The addresses that a torrent knows. Each appears at most once, and there are never more than <see cref="PeerLimits.MaxKnownPeers"/>.
/// Exactly the ready ones are in <c>_ready</c> and the resting ones in <c>_resting</c>, so that the next address to dial is found without
/// scanning all. A banned address is never in the book. While we seed, known seeds are left alone and dead addresses are removed, so that
/// the book is eventually exhausted.
/// </summary>
internal sealed class PeerBook(Random random, AddressFilter? filter = null)
{
    // An address that was tried this often in a row without result is given up while we seed, when the book is more than half full, or if
    // only a peer has told us of it.
    private const int MostFruitless = 4;

    // Before all others: that moment is the only one.
    private const long RankOfPunched = -1;

    private readonly AddressFilter _filter = filter ?? new AddressFilter();
    private readonly Dictionary<IPEndPoint, KnownPeer> _peers = [];
    private readonly Dictionary<Origin, int> _toldBy = [];
    private int _told;
    private bool _isDownloading = true;
    private readonly PriorityQueue<KnownPeer, long> _ready = new();
    private readonly PriorityQueue<KnownPeer, Timestamp> _resting = new();

    /// <summary>The bans of this run.</summary>
    public BanList Bans => field ??= new BanList(random);

    /// <summary>The number of addresses.</summary>
    public int Count => _peers.Count;

    /// <summary>The number of addresses being dialled.</summary>
    public int DiallingCount { get; private set; }

    /// <summary>The number of addresses that may be dialled now or later.</summary>
    public int IdleCount => _ready.Count + _resting.Count;

    /// <summary>The number of addresses that may be dialled now, as of the last <see cref="Wake"/>.</summary>
    public int ReadyCount => _ready.Count;

    /// <summary>Whether any address is known to be a seed.</summary>
    public bool KnowsSeed { get; private set; }

    /// <summary>When the next resting address may be dialled; valid after <see cref="TryTake"/> found none.</summary>
    public Timestamp NextRested => _ready.Count > 0 ? default : _resting.TryPeek(out _, out Timestamp when) ? when : Timestamp.Never;

    /// <summary>
    /// Adds an address, or records a further source of it; false if it is already known, banned or cannot be dialled, or if the book is
    /// full.
    /// </summary>
    public bool Add(IPEndPoint endPoint, PeerSource source) => Add(new KnownPeer(endPoint, source), source);

    /// <summary>
    /// Adds an address received from a peer, either of another peer (BEP 11) or its own (BEP 10, <c>p</c>); false as in
    /// <see cref="Add(IPEndPoint, PeerSource)"/>, or if peers have sent too many addresses that are not confirmed.
    /// </summary>
    public bool AddTold(
        IPEndPoint endPoint, Origin teller, PeerSource source = PeerSource.Exchange, PeerExchangeFlags told = PeerExchangeFlags.None)
    {
        if (_told >= PeerLimits.MaxTold || _toldBy.GetValueOrDefault(teller) >= PeerLimits.MaxToldPerNetwork)
            return false;
        if (!Add(new KnownPeer(endPoint, source) { Teller = teller, Told = told }, source))
            return false;
        CollectionsMarshal.GetValueRefOrAddDefault(_toldBy, teller, out _)++;
        _told++;
        return true;
    }

    /// <summary>Makes addresses ready that have rested long enough.</summary>
    public void Wake(Timestamp now)
    {
        while (_resting.TryPeek(out KnownPeer? rested, out Timestamp when) && when <= now)
        {
            _resting.Dequeue();
            MakeReady(rested);
        }
    }

    /// <summary>
    /// A hole is punched to an address (BEP 55), which is dialled next; false if it is not in the book, or is not to be dialled.
    /// </summary>
    /// <param name="endPoint">The address.</param>
    /// <param name="until">For so long the other side tries; a later dial is one like any other.</param>
    public bool Punch(IPEndPoint endPoint, Timestamp until)
    {
        if (!_peers.TryGetValue(endPoint, out KnownPeer? peer) || peer.State is not (KnownPeerState.Ready or KnownPeerState.Resting))
            return false;
        TakeOut(peer);
        peer.PunchedUntil = until;
        peer.State = KnownPeerState.Ready;
        _ready.Enqueue(peer, RankOfPunched);
        return true;
    }

    /// <summary>
    /// Takes the address most worth dialling: those to which a hole is punched first, then those that never failed, those the user named
    /// before others, those that only a peer has told us after them, else by chance.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="endPoint">The address.</param>
    /// <param name="hint">What is known of how to dial it.</param>
    public bool TryTake(Timestamp now, out IPEndPoint endPoint, out DialHint hint)
    {
        Wake(now);
        endPoint = null!;
        hint = default;
        if (!_ready.TryDequeue(out KnownPeer? peer, out _))
            return false;
        peer.State = KnownPeerState.Dialling;
        DiallingCount++;
        endPoint = peer.EndPoint;
        hint = new DialHint(peer.Worked, peer.Told, now < peer.PunchedUntil);
        return true;
    }

    /// <summary>Whether an address is being dialled now.</summary>
    public bool IsDialling(IPEndPoint endPoint) =>
        _peers.TryGetValue(endPoint, out KnownPeer? peer) && peer.State == KnownPeerState.Dialling;

    /// <summary>All sources of an address; none if it is not in the book.</summary>
    public PeerSources SourcesOf(IPEndPoint endPoint) => _peers.TryGetValue(endPoint, out KnownPeer? peer) ? peer.Sources : default;

    /// <summary>An address was taken but not dialled after all.</summary>
    public void PutBack(IPEndPoint endPoint)
    {
        if (!_peers.TryGetValue(endPoint, out KnownPeer? peer) || peer.State != KnownPeerState.Dialling)
            return;
        DiallingCount--;
        MakeReady(peer);
    }

    /// <summary>An address is a seed, permanently: seeds do not lose pieces.</summary>
    public void OnSeed(IPEndPoint endPoint)
    {
        if (_peers.TryGetValue(endPoint, out KnownPeer? peer))
            peer.IsSeed = KnowsSeed = true;
    }

    /// <summary>
    /// Whether anything is missing. While nothing is, seeds and dead addresses are of no use; seeds that were left alone are dialled again
    /// once something is.
    /// </summary>
    public void SetDownloading(bool isDownloading)
    {
        if (_isDownloading == isDownloading)
            return;
        _isDownloading = isDownloading;
        foreach (KnownPeer peer in _peers.Values)
        {
            if (isDownloading && peer.State == KnownPeerState.Useless)
            {
                MakeReady(peer);
            }
            else if (!isDownloading && peer is { IsSeed: true, State: KnownPeerState.Ready or KnownPeerState.Resting })
            {
                TakeOut(peer);
                peer.State = KnownPeerState.Useless;
            }
        }
    }

    /// <summary>A dialled address answered, or a known address connected to us; false if it is not in the book, or is ourselves.</summary>
    /// <param name="endPoint">The address.</param>
    /// <param name="way">How the dial succeeded, which is tried first the next time; null if the peer connected to us.</param>
    public bool OnConnected(IPEndPoint endPoint, PeerWay? way = null)
    {
        if (!_peers.TryGetValue(endPoint, out KnownPeer? peer) || peer.State == KnownPeerState.Self)
            return false;
        TakeOut(peer);

        // An incoming peer may claim any port as its own.
        if (way is not null)
            Settle(peer);
        peer.State = KnownPeerState.Connected;
        peer.Worked = way ?? peer.Worked;
        return true;
    }

    /// <summary>A connection ended or could not be made.</summary>
    /// <param name="endPoint">The address; ignored if it is not in the book.</param>
    /// <param name="reason">How the connection ended.</param>
    /// <param name="wasUseful">Whether the connection carried payload, which resets earlier failures.</param>
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

        if (peer.IsSeed && !_isDownloading)
        {
            peer.State = KnownPeerState.Useless;
            return;
        }

        peer.Fruitless = wasUseful ? 0 : peer.Fruitless + 1;
        peer.Failures = wasUseful ? 0 : peer.Failures;
        if (BackOff.IsFailure(reason))
            peer.Failures++;
        bool isDoubtful = !_isDownloading || peer.Teller is not null || _peers.Count > PeerLimits.MaxKnownPeers / 2;
        if (peer.Fruitless >= MostFruitless && isDoubtful)
        {
            GiveUp(peer);
            return;
        }

        peer.State = KnownPeerState.Resting;
        peer.NotBefore = now + BackOff.After(reason, peer.Failures, random);
        _resting.Enqueue(peer, peer.NotBefore);
    }

    /// <summary>Makes all resting addresses ready at once, because there is something new to request.</summary>
    public void WakeAll()
    {
        foreach (KnownPeer peer in _peers.Values)
        {
            if (peer.State == KnownPeerState.Resting || peer is { State: KnownPeerState.Useless, IsSeed: false })
                MakeReady(peer);
        }

        _resting.Clear();
    }

    /// <summary>The run ends, and every dial with it: the addresses may be dialled in the next run.</summary>
    public void ForgetDials()
    {
        foreach (KnownPeer peer in _peers.Values)
        {
            if (peer.State == KnownPeerState.Dialling)
                MakeReady(peer);
        }

        DiallingCount = 0;
    }

    /// <summary>Bans an origin for this run, and removes every known address that the ban covers.</summary>
    public void Ban(Origin origin, string reason)
    {
        Bans.Add(origin, reason);
        Forget((IPEndPoint endPoint) => Bans.Contains(endPoint));
    }

    /// <summary>The blocked addresses have changed: removes those in the book.</summary>
    public void ForgetBlocked() => Forget((IPEndPoint endPoint) => _filter.IsBlocked(endPoint));

    /// <summary>The torrent is private: removes addresses that neither a tracker nor the user supplied.</summary>
    public void ForgetUntracked() => Forget(static (KnownPeer peer) => !peer.Sources.AreAllowedForPrivate);

    /// <summary>A private torrent has switched to another tracker: removes addresses that the user did not supply.</summary>
    public void ForgetAllButManual() => Forget(static (KnownPeer peer) => !peer.Sources.Contains(PeerSource.Manual));

    private void Forget(Predicate<IPEndPoint> isWorthNothing) => Forget((KnownPeer peer) => isWorthNothing(peer.EndPoint));

    private void Forget(Predicate<KnownPeer> isWorthNothing)
    {
        foreach (KnownPeer peer in _peers.Values)
        {
            if (!isWorthNothing(peer))
                continue;
            TakeOut(peer);

            // Dictionary.Remove is allowed during enumeration.
            Settle(peer);
            _peers.Remove(peer.EndPoint);
        }
    }

    private bool Add(KnownPeer peer, PeerSource source)
    {
        if (_peers.TryGetValue(peer.EndPoint, out KnownPeer? known))
        {
            Confirm(known, peer, source);
            return false;
        }

        if (_peers.Count >= PeerLimits.MaxKnownPeers || !AddressScopes.CanBeDialled(peer.EndPoint) || Bans.Contains(peer.EndPoint)
            || _filter.IsBlocked(peer.EndPoint))
            return false;
        _peers.Add(peer.EndPoint, peer);
        MakeReady(peer);
        return true;
    }

    private void MakeReady(KnownPeer peer)
    {
        peer.State = KnownPeerState.Ready;
        long rank = ((long)peer.Failures << 34) | (DistrustOf(peer) << 32) | (uint)random.Next();
        _ready.Enqueue(peer, rank);
    }

    // A peer that connected to us at least exists, at whatever port.
    private static long DistrustOf(KnownPeer peer) =>
        peer.Sources.Contains(PeerSource.Manual) ? 0 : peer.Teller is null || peer.Sources.Contains(PeerSource.Incoming) ? 1 : 2;

    // Records a further source. An address received from a stranger gains credibility when another source confirms it.
    private void Confirm(KnownPeer known, KnownPeer again, PeerSource source)
    {
        long distrust = DistrustOf(known);
        known.Sources = known.Sources.With(source);
        known.Told |= again.Told;
        if (again.Teller is null)
            Settle(known);

        // An address that the user enters should be dialled now.
        if (source == PeerSource.Manual && known.State is KnownPeerState.Resting or KnownPeerState.Useless)
        {
            TakeOut(known);
            MakeReady(known);
            return;
        }

        if (known.State != KnownPeerState.Ready || DistrustOf(known) == distrust)
            return;
        TakeOut(known);
        MakeReady(known);
    }

    // It is tried again in the next run, or when something is missing. It is forgotten only when room is scarce: trackers return dead
    // addresses with every announce, and unknown ones would be dialled each time. Addresses from the user are never forgotten.
    private void GiveUp(KnownPeer peer)
    {
        if (peer.Sources.Contains(PeerSource.Manual) || (peer.Teller is null && _peers.Count <= PeerLimits.MaxKnownPeers / 2))
        {
            peer.State = KnownPeerState.Useless;
            return;
        }

        Settle(peer);
        _peers.Remove(peer.EndPoint);
    }

    // The address is confirmed or removed: its teller may send another.
    private void Settle(KnownPeer peer)
    {
        if (peer.Teller is not { } teller)
            return;
        peer.Teller = null;
        _told--;
        if (--_toldBy[teller] == 0)
            _toldBy.Remove(teller);
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
