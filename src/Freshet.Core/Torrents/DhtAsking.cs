using Freshet.Core.Dht.Searching;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Core.Torrents;

/// <summary>
/// Searches the DHT for peers and announces us there: at the start of a run and then about every 15 minutes, sooner while peers are
/// lacking. Never for a private torrent (BEP 27); a torrent without metadata is searched for, since a magnet link often has nothing else.
/// </summary>
internal sealed class DhtAsking(TorrentContext torrent)
{
    private const int FewPeers = 10;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan WhileFew = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan WhileNone = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(2);

    // If the end of a search is never reported, the torrent must not stay without the DHT.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private Timestamp _run = Timestamp.Never;
    private Timestamp _next;
    private Timestamp? _asked;
    private TimeSpan _retry;
    private int _underWay;
    private int _found;
    private int? _lastFound;
    private bool _hasAsked;
    private bool _isOutdated;

    /// <summary>See <see cref="TorrentMachine.NextDue"/>.</summary>
    public Timestamp NextDue => IsWanted ? _next : Timestamp.Never;

    /// <summary>Whether a search is in progress.</summary>
    public bool IsSearching => IsWanted && _underWay > 0;

    private bool IsWanted => Dht is not null
        && torrent.Phase is TorrentPhase.FetchingMetadata or TorrentPhase.Downloading or TorrentPhase.Seeding;

    // Null if the torrent must not use the DHT, or there is none.
    private ITorrentDht? Dht => torrent.Identity.IsPrivate == true ? null : torrent.Options.Dht;

    public void Tick(Timestamp now)
    {
        if (torrent.Phase is TorrentPhase.Queued)
            Withdraw();
        if (!IsWanted)
            return;
        if (_run != torrent.StartedAt)
        {
            _run = torrent.StartedAt;
            _next = now;
            _retry = FirstRetry;
            _underWay = 0;
        }

        if (now < _next)
            return;
        Withdraw();
        _isOutdated = false;
        _next = now + Patience;
        _underWay = torrent.Identity.SwarmHashes.Length;
        _found = 0;
        _hasAsked = false;
        bool isSeed = torrent.HasContent && torrent.Ledger.Have.IsFull;
        SearchUrgency urgency = PauseNow() == Interval ? SearchUrgency.Routine : SearchUrgency.Lacking;
        foreach (InfoHash swarm in torrent.Identity.SwarmHashes)
            Dht!.FindPeers(swarm, isSeed, urgency);
    }

    /// <summary>
    /// Ends the searches in progress: each would announce us at its end, which may be long after the torrent has been stopped or has turned
    /// out to be private. They are made again once they are wanted.
    /// </summary>
    public void Withdraw()
    {
        if (_underWay == 0)
            return;
        torrent.Options.Dht?.Withdraw();
        _underWay = 0;
        _next = default;
    }

    /// <summary>A search for one of our swarms has ended.</summary>
    public void OnSearched(DhtOutcome outcome, Timestamp now)
    {
        if (_underWay == 0)
            return;
        _found += outcome.Peers;
        _hasAsked |= outcome.HasAsked;
        if (--_underWay > 0)
            return;
        if (_hasAsked)
        {
            _asked = now;
            _lastFound = _found;
            _retry = FirstRetry;
            _next = now + Vary(_isOutdated ? WhileNone : PauseNow());
            return;
        }

        _next = now + Vary(_retry);
        _retry = TimeSpan.FromTicks(Math.Min(2 * _retry.Ticks, WhileFew.Ticks));
    }

    /// <summary>
    /// Peers reach us at another port than the one that was announced: we are announced again about a minute after that, as while there are
    /// no peers.
    /// </summary>
    public void OnPortChanged(Timestamp now)
    {
        _isOutdated = true;
        if (_underWay == 0)
            _next = Timestamp.Min(_next, now + Vary(WhileNone));
    }

    /// <summary>A peer reports the port of its DHT node (BEP 5).</summary>
    public void OnPort(Peer peer, int port)
    {
        if (port > 0)
            Dht?.OnNode(new System.Net.IPEndPoint(peer.EndPoint.Address, port));
    }

    /// <summary>Sends our node's port to a new peer that has a node too.</summary>
    public void Greet(Peer peer, Timestamp now)
    {
        if (peer.HasDht && Dht is { Port: > 0 } dht)
            peer.Send(PeerMessage.Port(dht.Port), now);
    }

    /// <summary>The current status; null if the torrent does not use the DHT.</summary>
    public TorrentDhtStatus? Status(Timestamp now) => Dht is null ? null : new TorrentDhtStatus
    {
        IsSearching = IsSearching,
        LastSearch = _asked is { } asked ? now - asked : null,
        NextSearch = IsWanted && _underWay == 0 && _run == torrent.StartedAt ? Max(_next - now, TimeSpan.Zero) : null,
        Peers = _lastFound,
    };

    private TimeSpan PauseNow()
    {
        int known = torrent.Peers.Count + torrent.Book.IdleCount;
        return torrent.Phase is TorrentPhase.Seeding || known >= FewPeers ? Interval : known == 0 ? WhileNone : WhileFew;
    }

    // Spreads torrents that started together.
    private TimeSpan Vary(TimeSpan pause) => pause * (0.8 + (0.4 * torrent.Random.NextDouble()));

    private static TimeSpan Max(TimeSpan left, TimeSpan right) => left > right ? left : right;
}
