using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents.Exchange;
using Freshet.Core.Wire;

namespace Freshet.Core.Torrents;

/// <summary>
/// Decides who we are connected to. Connected and dialled peers together never exceed the settings' maximum, and dials never exceed the
/// allotment. There are never two connections to one peer id from one network, and never one to ourselves or to a banned origin.
/// </summary>
internal sealed class Connecting(
    TorrentContext torrent, Sourcing sourcing, Departures departures, Demands demands, FirstCopy firstCopy)
{
    // The most connections closed at once to make room for addresses that could be dialled.
    private const int MostSwept = 4;

    private static readonly TimeSpan KeepAliveAfter = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan SilentFor = TimeSpan.FromMinutes(4);

    // A connection keeps its place this much longer against an address that may be dead than against a newcomer that is already connected.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SameMoment = TimeSpan.FromSeconds(10);

    /// <summary>Whether there is room for another connection; dials count as connections.</summary>
    public bool HasRoom => Room > 0;

    /// <summary>Whether another peer would be welcome.</summary>
    public bool LooksForPeers => IsOutForPeers && HasRoom;

    private int Room => torrent.Settings.MaxPeers - torrent.Peers.Count - torrent.Book.DiallingCount;

    // Several users may share an address behind a router, but few of them share one torrent.
    private int MostOfOneNetwork => Math.Max(Limits.MinPeersPerNetwork, torrent.Settings.MaxPeers / Limits.NetworkShare);

    private bool IsOutForPeers => torrent.Phase is TorrentPhase.FetchingMetadata or TorrentPhase.Downloading or TorrentPhase.Seeding;

    private bool MayDial => IsOutForPeers && HasRoom && (HasDialLeft || IsHoleOpen);

    private bool HasDialLeft => torrent.Book.DiallingCount < Math.Min(Limits.MaxHalfOpen, torrent.Allotment.Dials);

    // A hole is open for seconds, and where many addresses are dead, all dials are taken for longer than that.
    private bool IsHoleOpen => torrent.Book.IsPunchedNext && torrent.Book.PunchedCount < HolePunchLimits.MaxDialsBeyond;

    /// <summary>New addresses were found; those worth it are dialled at once.</summary>
    /// <param name="endPoints">The addresses.</param>
    /// <param name="source">Their source.</param>
    /// <param name="now">The time.</param>
    /// <param name="tracker">Which tracker returned them.</param>
    public void OnPeersFound(IReadOnlyList<IPEndPoint> endPoints, PeerSource source, Timestamp now, Origin tracker = default)
    {
        foreach (IPEndPoint endPoint in endPoints)
            torrent.Book.Add(endPoint, source, tracker);
        Dial(now);
    }

    /// <summary>
    /// Dials as many addresses as there is room for, and asks for a larger allotment if more are worth it. A few through holes are dialled
    /// beyond the allotment.
    /// </summary>
    public void Dial(Timestamp now)
    {
        torrent.Book.Wake(now);
        while (MayDial && torrent.Book.TryTake(now, out IPEndPoint endPoint, out DialHint hint, Room))
            torrent.Effects.Connect(endPoint, hint);
        demands.Update();
    }

    /// <summary>
    /// A relay says that a peer dials us, and that it is to be dialled at this moment (BEP 55); false if it must not be dialled, or is
    /// being dialled or connected.
    /// </summary>
    public bool Punch(IPEndPoint endPoint, Peer relay, Timestamp now)
    {
        if (!torrent.Book.Punch(endPoint, relay.Network, now + TimeSpan.FromSeconds(HolePunchLimits.PunchSeconds)))
            return false;
        Dial(now);
        return true;
    }

    /// <summary>Whether an address is ours, as a peer sees us.</summary>
    public bool IsOurs(IPEndPoint endPoint, Peer peer) => torrent.OwnAddress.SeenFrom(peer.EndPoint).Equals(endPoint);

    /// <summary>Both handshakes are done; the connection is kept, or closed at once with the reason.</summary>
    public void OnConnected(PeerKey key, ConnectedPeer connected, Timestamp now)
    {
        PeerKey? claimant = connected.IsOutgoing ? torrent.Book.ClaimantOf(connected.EndPoint) : null;
        if (connected.IsOutgoing)
        {
            connected = connected with { Way = WayOf(connected, now) };
            torrent.Book.OnConnected(connected.EndPoint, connected.Way);
        }

        uint priority = PeerPriority.Of(connected.EndPoint, torrent.OwnAddress.SeenFrom(connected.EndPoint));
        if (ReasonToRefuse(connected, priority, now) is { } reason)
        {
            torrent.Effects.Disconnect(key, reason);
            if (connected.IsOutgoing)
                OnRefused(connected, reason, claimant, now);
            torrent.Effects.Report(new TorrentFact.PeerDisconnected(connected.EndPoint, reason));
            return;
        }

        var peer = new Peer(key, connected, torrent.Effects, torrent.Layout.PieceCount, now) { Priority = priority };
        torrent.Peers.Add(peer);
        sourcing.Join(peer);
        string client = PeerIdClient.Identify(peer.Id).ToString();
        torrent.Effects.Report(new TorrentFact.PeerConnected(peer.EndPoint, client, peer.IsOutgoing, peer.Way));
        firstCopy.OnConnected(peer, now);
        Greeting.Send(torrent, peer, now);
    }

    public void OnConnectFailed(IPEndPoint endPoint, DisconnectReason reason, Timestamp now)
    {
        PeerKey? claimant = torrent.Book.ClaimantOf(endPoint);
        bool wasTried = reason != DisconnectReason.TooManyPeers;
        if (wasTried)
            torrent.Book.OnEnded(endPoint, reason, wasUseful: false, now);
        else
            torrent.Book.PutBack(endPoint);
        TakeClaim(claimant, endPoint);

        // If no dial was attempted, the next one would fare no better, so it waits for the tick.
        if (wasTried)
            Dial(now);
    }

    /// <summary>A peer that connected to us reported its listening port: an address that we need not dial for now.</summary>
    public void OnListenPort(Peer peer, int port)
    {
        if (peer.ListensAt is not null)
            return;
        var address = new IPEndPoint(peer.EndPoint.Address, port);

        // A dial in progress counts until it ends, although it will be useless.
        if (torrent.Book.TryClaim(address, peer.Key))
            return;

        // Where whoever connects to us listens is of no use to a private torrent, unless its tracker says the same (BEP 27).
        if (torrent.Identity.IsPrivate == true && !torrent.Book.SourcesOf(address).AreAllowedForPrivate)
            return;
        torrent.Book.AddTold(address, peer.Network, PeerSource.Incoming);
        if (torrent.Book.OnConnected(address))
            peer.OnListensAt(address);
    }

    /// <summary>A peer reported our address as it sees it.</summary>
    public void OnOwnAddress(Peer peer, IPAddress address)
    {
        if (peer.IsOutgoing)
            torrent.OwnAddress.OnTold(address, peer.EndPoint.Address);
    }

    /// <summary>Closes the least useful connection because another torrent has too few; false if there is none.</summary>
    public bool MakeRoom(Timestamp now)
    {
        if (Eviction.Victim(torrent.Peers, now) is not { } victim)
            return false;
        departures.Drop(victim, DisconnectReason.TooManyPeers, now);
        return true;
    }

    /// <summary>Disconnects a peer if neither side wants anything from the other.</summary>
    public bool DropIfBothSeed(Peer peer, Timestamp now)
    {
        if (!torrent.HasContent || !torrent.Ledger.IsFinished || !peer.OnlyUploads || !torrent.IsOpenToPeers)
            return false;
        departures.Drop(peer, DisconnectReason.BothSeeds, now);
        return true;
    }

    /// <summary>Closes excess connections after the settings changed, the least useful first.</summary>
    public void KeepTo(int most, Timestamp now)
    {
        while (torrent.Peers.Count > most)
            MakeRoom(now);
    }

    /// <summary>Disconnects and forgets all peers with blocked addresses.</summary>
    public void KeepToFilter(Timestamp now)
    {
        torrent.Book.ForgetBlocked();
        for (int i = torrent.Peers.Count - 1; i >= 0; i--)
        {
            if (torrent.Options.Filter.IsBlocked(torrent.Peers.All[i].EndPoint))
                departures.Drop(torrent.Peers.All[i], DisconnectReason.Blocked, now);
        }
    }

    /// <summary>
    /// The torrent has turned out to be private (BEP 27): disconnects and forgets all peers that neither a tracker nor the user supplied,
    /// including those that connected to us, since until now the DHT and the local network have told everybody of us. Those that know of us
    /// from the tracker connect again.
    /// </summary>
    public void KeepToTrackers(Timestamp now)
    {
        for (int i = torrent.Peers.Count - 1; i >= 0; i--)
        {
            Peer peer = torrent.Peers.All[i];
            if (!torrent.Book.SourcesOf(peer.ListensAt ?? peer.EndPoint).AreAllowedForPrivate)
                departures.Drop(peer, DisconnectReason.Private, now);
        }

        torrent.Book.ForgetUntracked();
    }

    /// <summary>
    /// A private torrent switches to another tracker (BEP 27): disconnects and forgets all peers except those that the user supplied.
    /// </summary>
    public void LeaveTracker(Timestamp now)
    {
        for (int i = torrent.Peers.Count - 1; i >= 0; i--)
        {
            Peer peer = torrent.Peers.All[i];
            if (!IsNamedByUser(peer.EndPoint) && !(peer.ListensAt is { } address && IsNamedByUser(address)))
                departures.Drop(peer, DisconnectReason.Private, now);
        }

        torrent.Book.ForgetAllButManual();
    }

    public void Tick(Timestamp now)
    {
        for (int i = torrent.Peers.Count - 1; i >= 0; i--)
        {
            Peer peer = torrent.Peers.All[i];
            if (peer.At(now).Own - peer.LastReceived >= SilentFor)
                departures.Drop(peer, DisconnectReason.TimedOut, now);
            else if (now - peer.LastSent >= KeepAliveAfter)
                peer.Send(PeerMessage.KeepAlive, now);
        }

        MakeRoomForDials(now);
        Dial(now);
    }

    /// <summary>See <see cref="TorrentMachine.NextDue"/>.</summary>
    public Timestamp NextDue(Timestamp now)
    {
        // Addresses that are ready wait for room or for an allotment of dials; without any, the next resting address must wake us so that
        // dials can be requested.
        Timestamp next = IsOutForPeers && (torrent.Book.ReadyCount == 0 || MayDial) ? torrent.Book.NextRested : Timestamp.Never;
        bool sweeps = IsOutForPeers && !HasRoom && torrent.Book.ReadyCount > 0;
        foreach (Peer peer in torrent.Peers.All)
        {
            Timestamp silent = now + (peer.LastReceived + SilentFor - peer.At(now).Own);
            next = Timestamp.Min(next, Timestamp.Min(silent, peer.LastSent + KeepAliveAfter));
            if (sweeps)
                next = Timestamp.Min(next, Eviction.UselessFrom(peer) + Grace);
        }

        return next;
    }

    // A dial has led to somebody whom we refuse.
    private void OnRefused(ConnectedPeer connected, DisconnectReason reason, PeerKey? claimant, Timestamp now)
    {
        IPEndPoint address = connected.EndPoint;
        Peer? twin = torrent.Peers.Find(connected.Handshake.PeerId, Origin.OfNetwork(address.Address));
        if (reason == DisconnectReason.Duplicate && twin is { ListensAt: null } && torrent.Book.OnConnected(address))
        {
            // The peer that is connected already listens here. Of two connections that begin at the same moment, libtorrent keeps one by
            // its rule about ports, which need not be the one that we keep: if that ends, the peer must be dialled again soon.
            twin.OnListensAt(address);
            return;
        }

        torrent.Book.OnEnded(address, reason, wasUseful: false, now);
        TakeClaim(claimant, address);
    }

    // A dial has ended, at whose address a connected peer says that it listens.
    private void TakeClaim(PeerKey? claimant, IPEndPoint endPoint)
    {
        if (claimant is { } key && torrent.Peers.Find(key) is { } peer)
            OnListenPort(peer, endPoint.Port);
    }

    // When the torrent is full of idle connections, waiting for incoming peers would not find better ones.
    private void MakeRoomForDials(Timestamp now)
    {
        for (int i = 0; i < MostSwept && IsOutForPeers && !HasRoom && torrent.Book.ReadyCount > 0; i++)
        {
            if (!TryDrop(Eviction.Useless(torrent.Peers, now - Grace), now))
                return;
        }
    }

    private bool IsNamedByUser(IPEndPoint endPoint) => torrent.Book.SourcesOf(endPoint).Contains(PeerSource.Manual);

    // A dial that was in progress when a relay spoke up goes through the hole that the other side punches.
    private PeerWay WayOf(ConnectedPeer connected, Timestamp now) =>
        connected.Way is { Transport: PeerTransport.Utp, Path: PeerPath.Direct } && torrent.Book.IsHoleOpen(connected.EndPoint, now)
            ? connected.Way with { Path = PeerPath.Hole }
            : connected.Way;

    private DisconnectReason? ReasonToRefuse(ConnectedPeer connected, uint priority, Timestamp now)
    {
        PeerId id = connected.Handshake.PeerId;
        if (id == torrent.Options.PeerId)
            return DisconnectReason.SelfConnection;
        if (!torrent.IsOpenToPeers)
            return DisconnectReason.TorrentStopped;
        if (torrent.Options.Filter.IsBlocked(connected.EndPoint))
            return DisconnectReason.Blocked;
        if (torrent.Book.Bans.Contains(connected.EndPoint))
            return DisconnectReason.Banned;

        // The address was forgotten while it was being dialled.
        if (connected.IsOutgoing && torrent.Identity.IsPrivate == true
            && !torrent.Book.SourcesOf(connected.EndPoint).AreAllowedForPrivate)
            return DisconnectReason.Private;
        Origin network = Origin.OfNetwork(connected.EndPoint.Address);
        if (torrent.Peers.Find(id, network) is { } known)
        {
            if (!Replaces(connected, known, now))
                return DisconnectReason.Duplicate;
            departures.Drop(known, DisconnectReason.Duplicate, now);
        }

        bool isCrowded = torrent.Peers.CountOf(network) >= MostOfOneNetwork && !IPAddress.IsLoopback(connected.EndPoint.Address);
        if (isCrowded)
            return TryDrop(Eviction.VictimOf(torrent.Peers, network, now), now) ? null : DisconnectReason.TooManyPeers;
        if (HasRoomFor(connected) && !connected.MustReplace)
            return null;
        if (!TryDrop(Eviction.VictimFor(torrent.Peers, connected.EndPoint, priority, now), now))
            return DisconnectReason.TooManyPeers;

        // One place is reserved for dials; otherwise a fast stream of incoming peers would take every place that becomes free.
        bool isKept = !connected.IsOutgoing && torrent.Book.ReadyCount > 0 && torrent.Peers.Count + 1 >= torrent.Settings.MaxPeers;
        return isKept ? DisconnectReason.TooManyPeers : null;
    }

    /// <summary>
    /// When two peers dial each other at the same moment, both must keep the same one of the two connections: the one dialled by the
    /// greater peer id. In all other cases the existing connection stays.
    /// </summary>
    private bool Replaces(ConnectedPeer connected, Peer known, Timestamp now) =>
        connected.IsOutgoing != known.IsOutgoing
        && now - known.ConnectedAt < SameMoment
        && connected.IsOutgoing == (string.CompareOrdinal(torrent.Options.PeerId.ToString(), known.Id.ToString()) > 0);

    // Incoming peers leave room for addresses that are being dialled, within reason: most of those will not answer.
    private bool HasRoomFor(ConnectedPeer connected)
    {
        int reserved = connected.IsOutgoing ? 0 : Math.Min(torrent.Book.DiallingCount, torrent.Settings.MaxPeers / Limits.NetworkShare);
        return torrent.Peers.Count + reserved < torrent.Settings.MaxPeers;
    }

    private bool TryDrop(Peer? victim, Timestamp now)
    {
        if (victim is null)
            return false;
        departures.Drop(victim, Eviction.IsUseless(victim, now) ? DisconnectReason.Useless : DisconnectReason.TooManyPeers, now);
        return true;
    }
}
