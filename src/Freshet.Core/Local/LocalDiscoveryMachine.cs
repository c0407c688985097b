using System.Net;
using System.Text;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Core.Local;

/// <summary>
/// Local discovery (BEP 14): announces our torrents on local networks, and listens for the announces of others. A torrent is announced
/// every five minutes, a session at most once a minute, with as many torrents as fit in one datagram; if there are too many, they take
/// turns, new ones first.
/// </summary>
internal sealed class LocalDiscoveryMachine(ILocalEffects effects, string cookie)
{
    private static readonly TimeSpan BetweenAnnounces = TimeSpan.FromSeconds(LocalLimits.LocalAnnounceSeconds);
    private static readonly TimeSpan BetweenTurns = TimeSpan.FromSeconds(LocalLimits.LocalTorrentSeconds);

    // Torrents that are added one by one while a session starts should share an announce.
    private static readonly TimeSpan BeforeFirst = TimeSpan.FromSeconds(1);

    private readonly byte[] _cookie = Encoding.ASCII.GetBytes(cookie);
    private readonly LocalFlood _flood = new();

    // The torrent added last comes first, since its user waits for it; then those announced least recently.
    private readonly LinkedList<Turn> _turns = new();
    private readonly Dictionary<InfoHash, LinkedListNode<Turn>> _byTorrent = [];
    private readonly Dictionary<InfoHash, Timestamp> _left = [];
    private readonly InfoHash[] _hashes = new InfoHash[LocalLimits.MaxLocalHashes];
    private Timestamp _mayAnnounce;

    /// <summary>The cookie in our announces, by which we recognize them.</summary>
    public string Cookie { get; } = cookie;

    /// <summary>When <see cref="OnDeadline"/> is due; never while there is nothing to announce.</summary>
    public Timestamp NextDeadline => _turns.First is { } first ? Timestamp.Max(first.Value.Due, _mayAnnounce) : Timestamp.Never;

    /// <summary>Torrents that are announced.</summary>
    public int Torrents => _turns.Count;

    /// <summary>Announces sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Announces received from others.</summary>
    public long Heard { get; private set; }

    /// <summary>Datagrams dropped: malformed, from addresses that no peer can have, or over the rate limits.</summary>
    public long Dropped { get; private set; }

    /// <summary>Peers found, including repeats.</summary>
    public long Found { get; private set; }

    /// <summary>Adds a torrent to announce; never a private one.</summary>
    public void Add(InfoHash torrent, Timestamp now)
    {
        if (_byTorrent.ContainsKey(torrent))
            return;
        if (_left.Remove(torrent, out Timestamp due) && due > now)
            _byTorrent.Add(torrent, _turns.AddLast(new Turn(torrent, due)));
        else
            _byTorrent.Add(torrent, _turns.AddFirst(new Turn(torrent, now + BeforeFirst)));
    }

    /// <summary>Removes a torrent that we no longer have or may no longer announce.</summary>
    public void Remove(InfoHash torrent, Timestamp now)
    {
        if (!_byTorrent.Remove(torrent, out LinkedListNode<Turn>? node))
            return;
        _turns.Remove(node);
        if (node.Value.Due <= now + BeforeFirst)
            return;
        if (_left.Count >= LocalLimits.MaxLocalLeft)
            _left.Clear();
        _left[torrent] = node.Value.Due;
    }

    /// <summary>The deadline has been reached.</summary>
    public void OnDeadline(Timestamp now)
    {
        if (now < NextDeadline)
            return;
        int count = 0;
        while (count < _hashes.Length && _turns.First is { } first && first.Value.Due <= now)
        {
            _hashes[count++] = first.Value.Torrent;
            _turns.RemoveFirst();
            first.Value = first.Value with { Due = now + BetweenTurns };
            _turns.AddLast(first);
        }

        _mayAnnounce = now + BetweenAnnounces;
        Sent++;
        effects.Announce(_hashes.AsSpan(0, count));
    }

    /// <summary>A datagram was received from one of the groups.</summary>
    public void OnDatagram(ReadOnlySpan<byte> datagram, IPEndPoint sender, Timestamp now)
    {
        Span<InfoHash> torrents = stackalloc InfoHash[LocalLimits.MaxLocalHashes];
        if (!_flood.MayRead(now) || !LocalAnnounce.TryRead(datagram, torrents, out LocalAnnounceHeader header))
        {
            Dropped++;
            return;
        }

        // Other processes of the same client have cookies of their own.
        if (header.Cookie.SequenceEqual(_cookie))
            return;
        IPEndPoint peer = new(sender.Address, header.Port);
        if (!CanBeReached(sender.Address) || !AddressScopes.CanBeDialled(peer) || !_flood.MayHear(sender.Address, now))
        {
            Dropped++;
            return;
        }

        Heard++;
        foreach (InfoHash torrent in torrents[..header.Torrents])
        {
            if (!_byTorrent.ContainsKey(torrent) || !_flood.MayBelieve(torrent))
                continue;
            Found++;
            effects.PeerFound(torrent, peer);
        }
    }

    // An IPv6 link-local address means nothing without its interface, which the system adds to what it has received.
    private static bool CanBeReached(IPAddress address) => !address.IsIPv6LinkLocal || address.ScopeId != 0;

    private readonly record struct Turn(InfoHash Torrent, Timestamp Due);
}
