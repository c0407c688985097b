using System.Net;

using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Peers;

/// <summary>
/// The addresses that a torrent knows, each at most once. <see cref="BookPlaces"/> decides who gets a place, <see cref="DialQueue"/> who is
/// dialled next. A banned address is never in the book. While we seed, known seeds are left alone and dead addresses are removed, so that
/// the book is eventually exhausted.
/// </summary>
internal sealed class PeerBook(Random random, AddressFilter? filter = null, OwnAddress? own = null)
{
    // An address that was tried this often in a row without result is given up while we seed, when the book is more than half full, or if
    // only a peer has told us of it.
    private const int MostFruitless = 4;

    private static readonly TimeSpan SeedIsNews = TimeSpan.FromHours(1);

    private readonly AddressFilter _filter = filter ?? new AddressFilter();
    private readonly Dictionary<IPEndPoint, KnownPeer> _peers = [];
    private readonly BookPlaces _places = new(random);
    private readonly DialQueue _dials = new(random, own);
    private DeadAddresses? _dead;
    private bool _isDownloading = true;
    private Timestamp? _seedSeen;
    private Timestamp _wakened;

    /// <summary>The bans of this run.</summary>
    public BanList Bans => field ??= new BanList(random);

    /// <summary>The number of addresses.</summary>
    public int Count => _peers.Count;

    /// <summary>The number of addresses being dialled.</summary>
    public int DiallingCount => _dials.DiallingCount;

    /// <summary>How many of those are dialled through a hole.</summary>
    public int PunchedCount => _dials.PunchedCount;

    /// <summary>The number of addresses that may be dialled now or later.</summary>
    public int IdleCount => _dials.ReadyCount + _dials.RestingCount;

    /// <summary>The number of addresses that may be dialled now, as of the last <see cref="Wake"/>.</summary>
    public int ReadyCount => _dials.ReadyCount;

    /// <summary>Whether the next address is one to which a hole is being punched, as of the last <see cref="Wake"/>.</summary>
    public bool IsPunchedNext => _dials.IsPunchedNext;

    /// <summary>When the next resting address may be dialled; valid after <see cref="TryTake"/> found none.</summary>
    public Timestamp NextRested => ReadyCount > 0 ? default : _dials.NextRested;

    /// <summary>
    /// Adds an address, or records a further source of it; false if it is already known, banned or cannot be dialled, or if there is no
    /// place for it.
    /// </summary>
    /// <param name="endPoint">The address.</param>
    /// <param name="source">Its source.</param>
    /// <param name="tracker">Which tracker returned it.</param>
    public bool Add(IPEndPoint endPoint, PeerSource source, Origin tracker = default) =>
        Add(new KnownPeer(endPoint, new Informant(source, tracker)));

    /// <summary>
    /// Adds an address received from a peer, either of another peer (BEP 11) or its own (BEP 10, <c>p</c>); false as in
    /// <see cref="Add(IPEndPoint, PeerSource, Origin)"/>, and for one that did not answer a while ago, unless it has connected to us.
    /// </summary>
    public bool AddTold(
        IPEndPoint endPoint, Origin teller, PeerSource source = PeerSource.Exchange, PeerExchangeFlags told = PeerExchangeFlags.None)
    {
        if (source == PeerSource.Incoming)
            _dead?.Remove(endPoint);
        return Add(new KnownPeer(endPoint, new Informant(source, teller)) { Told = told });
    }

    /// <summary>Makes addresses ready that have rested long enough.</summary>
    public void Wake(Timestamp now)
    {
        _wakened = now;
        _dials.Wake(now);
    }

    /// <summary>
    /// A hole is punched to an address (BEP 55), which is added if it is not in the book, and dialled next; false if it must not be
    /// dialled, or already is. A dial in progress may get through the hole as well (<see cref="IsHoleOpen"/>).
    /// </summary>
    /// <param name="endPoint">The address.</param>
    /// <param name="relay">The network of the peer that said so.</param>
    /// <param name="until">For so long the other side tries; a later dial is one like any other.</param>
    public bool Punch(IPEndPoint endPoint, Origin relay, Timestamp until)
    {
        Add(new KnownPeer(endPoint, new Informant(PeerSource.Exchange, relay)), isPunched: true);
        if (!_peers.TryGetValue(endPoint, out KnownPeer? peer))
            return false;
        if (peer.State == KnownPeerState.Dialling)
            peer.HoleUntil = until;
        if (peer.State is not (KnownPeerState.Ready or KnownPeerState.Resting))
            return false;
        _dials.Remove(peer);
        _dials.AddPunched(peer, until);
        return true;
    }

    /// <summary>Whether an address is being dialled, and a hole has been punched to it since the dial began.</summary>
    public bool IsHoleOpen(IPEndPoint endPoint, Timestamp now) => _peers.TryGetValue(endPoint, out KnownPeer? peer) && now < peer.HoleUntil;

    /// <summary>Takes the address most worth dialling: see <see cref="DialQueue.TryTake"/>.</summary>
    /// <param name="now">The time.</param>
    /// <param name="endPoint">The address.</param>
    /// <param name="hint">What is known about how to dial it.</param>
    /// <param name="room">How many connections there is room for.</param>
    public bool TryTake(Timestamp now, out IPEndPoint endPoint, out DialHint hint, int room = int.MaxValue)
    {
        bool isTaken = _dials.TryTake(now, room, out KnownPeer? peer);
        endPoint = peer?.EndPoint!;
        hint = peer is null ? default : new DialHint(peer.Worked, peer.Told, peer.IsPunched);
        return isTaken;
    }

    /// <summary>
    /// A connected peer says that it listens at an address: true if that is being dialled now, so that it is known who it is once the dial
    /// has ended.
    /// </summary>
    public bool TryClaim(IPEndPoint endPoint, PeerKey claimant)
    {
        if (!_peers.TryGetValue(endPoint, out KnownPeer? peer) || peer.State != KnownPeerState.Dialling)
            return false;
        peer.Claimant = claimant;
        return true;
    }

    /// <summary>The connected peer that says it listens at an address that is being dialled; null if none does.</summary>
    public PeerKey? ClaimantOf(IPEndPoint endPoint) => _peers.TryGetValue(endPoint, out KnownPeer? peer) ? peer.Claimant : null;

    /// <summary>All sources of an address; none if it is not in the book.</summary>
    public PeerSources SourcesOf(IPEndPoint endPoint) => _peers.TryGetValue(endPoint, out KnownPeer? peer) ? peer.Sources : default;

    /// <summary>An address was taken but not dialled after all.</summary>
    public void PutBack(IPEndPoint endPoint)
    {
        if (_peers.TryGetValue(endPoint, out KnownPeer? peer) && peer.State == KnownPeerState.Dialling)
            MakeReady(peer);
    }

    /// <summary>An address is a seed, permanently: seeds do not lose pieces.</summary>
    /// <param name="endPoint">The address.</param>
    /// <param name="gives">Whether it is of use to others: a free-rider that has become complete is not.</param>
    /// <param name="now">The current time.</param>
    public void OnSeed(IPEndPoint endPoint, bool gives, Timestamp now)
    {
        if (!_peers.TryGetValue(endPoint, out KnownPeer? peer))
            return;
        peer.IsSeed = true;
        if (gives)
            _seedSeen = now;
    }

    /// <summary>
    /// Whether there was another seed that gives within the last hour. It may have left since, and anybody may say that he is one.
    /// </summary>
    public bool HasSeenSeed(Timestamp now) => _seedSeen is { } seen && now - seen < SeedIsNews;

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
                _dials.Add(peer);
            else if (peer.State is KnownPeerState.Ready or KnownPeerState.Resting && IsLeftAlone(peer))
                _dials.Remove(peer);
        }
    }

    /// <summary>A dialled address answered, or a known address connected to us; false if it is not in the book, or is ourselves.</summary>
    /// <param name="endPoint">The address.</param>
    /// <param name="way">How the dial succeeded, which is tried first the next time; null if the peer connected to us.</param>
    public bool OnConnected(IPEndPoint endPoint, PeerWay? way = null)
    {
        if (!_peers.TryGetValue(endPoint, out KnownPeer? peer) || peer.State == KnownPeerState.Self)
            return false;
        _dials.Remove(peer);

        // An incoming peer may claim any port as its own.
        if (way is not null)
            _places.Change(peer, Informant.Itself);
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
        _dials.Remove(peer);
        if (reason == DisconnectReason.SelfConnection)
        {
            peer.State = KnownPeerState.Self;
            return;
        }

        if (IsLeftAlone(peer))
            return;
        peer.Fruitless = wasUseful ? 0 : peer.Fruitless + 1;
        peer.Failures = wasUseful ? 0 : peer.Failures;
        if (BackOff.IsFailure(reason))
            peer.Failures++;
        bool isDoubtful = !_isDownloading || peer.Informant.IsPeer || Count > PeerLimits.MaxKnownPeers / 2;
        if (peer.Fruitless >= MostFruitless && isDoubtful)
            GiveUp(peer, now);
        else
            _dials.AddResting(peer, now + BackOff.After(reason, peer.Failures, random));
    }

    /// <summary>Makes all resting addresses ready at once, because there is something new to request.</summary>
    public void WakeAll()
    {
        _dead?.Clear();
        _dials.WakeAll();
        foreach (KnownPeer peer in _peers.Values)
        {
            if (peer.State == KnownPeerState.Useless && !IsLeftAlone(peer))
                _dials.Add(peer);
        }
    }

    /// <summary>The run ends, and every dial with it: the addresses may be dialled in the next run.</summary>
    public void ForgetDials()
    {
        foreach (KnownPeer peer in _peers.Values)
        {
            if (peer.State == KnownPeerState.Dialling)
                MakeReady(peer);
        }
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
        // Dictionary.Remove is allowed during enumeration.
        foreach (KnownPeer peer in _peers.Values)
        {
            if (isWorthNothing(peer))
                Remove(peer);
        }
    }

    private bool Add(KnownPeer peer, bool isPunched = false)
    {
        if (_peers.TryGetValue(peer.EndPoint, out KnownPeer? known))
        {
            Confirm(known, peer);
            return false;
        }

        if (!AddressScopes.CanBeDialled(peer.EndPoint) || Bans.Contains(peer.EndPoint) || _filter.IsBlocked(peer.EndPoint))
            return false;
        if (peer.Informant.IsPeer && !isPunched && _dead?.Contains(peer.EndPoint, _wakened) == true)
            return false;
        while (_places.IsFor(peer, isPunched, out KnownPeer? leaves))
        {
            if (leaves is not null)
            {
                Remove(leaves);
                continue;
            }

            _peers.Add(peer.EndPoint, peer);
            _places.Add(peer);
            _dials.Add(peer);
            return true;
        }

        return false;
    }

    private void Remove(KnownPeer peer)
    {
        _dials.Remove(peer);
        _places.Remove(peer);
        _peers.Remove(peer.EndPoint);
    }

    private void MakeReady(KnownPeer peer)
    {
        _dials.Remove(peer);
        _dials.Add(peer);
    }

    // While we seed, seeds are of no use: those that were seen to be, and those that all who told of them, and nobody else, call so.
    private bool IsLeftAlone(KnownPeer peer) =>
        !_isDownloading && (peer.IsSeed || (peer.Informant.IsPeer && peer.Told.HasFlag(PeerExchangeFlags.UploadOnly)));

    // Records a further source. An address received from a stranger gains credibility when another source confirms it.
    private void Confirm(KnownPeer known, KnownPeer again)
    {
        long distrust = DialQueue.DistrustOf(known);
        bool wasLeftAlone = IsLeftAlone(known);
        PeerExchangeFlags agreed = known.Told & again.Told & PeerExchangeFlags.UploadOnly;
        known.Sources = known.Sources.With(again.Sources);
        known.Told = ((known.Told | again.Told) & ~PeerExchangeFlags.UploadOnly) | agreed;
        if (known.Informant.IsPeer && !again.Informant.IsPeer)
            _places.Change(known, again.Informant);

        // An address that the user enters should be dialled now.
        bool isWanted = again.Sources.Contains(PeerSource.Manual) && known.State is KnownPeerState.Resting or KnownPeerState.Useless;
        bool isReady = known.State == KnownPeerState.Ready && DialQueue.DistrustOf(known) != distrust;
        bool isOfUse = known.State == KnownPeerState.Useless && wasLeftAlone && !IsLeftAlone(known);
        if (isWanted || isReady || isOfUse)
            MakeReady(known);
    }

    // It is tried again in the next run, or when something is missing. It loses its place only when room is scarce, or if only a peer has
    // told us of it: trackers return dead addresses with every announce, and unknown ones would be dialled each time. Addresses from the
    // user are never forgotten.
    private void GiveUp(KnownPeer peer, Timestamp now)
    {
        bool isKept = peer.Sources.Contains(PeerSource.Manual)
            || (!peer.Informant.IsPeer && Count <= PeerLimits.MaxKnownPeers / 2);
        if (!isKept)
            Remove(peer);
        if (!isKept && peer.Informant.IsPeer)
            (_dead ??= new DeadAddresses()).Add(peer.EndPoint, peer.Informant.Who, now);
    }
}
