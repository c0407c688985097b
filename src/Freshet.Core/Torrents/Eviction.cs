using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// Which connection is closed when there are too many: a useless one first, then one of the most crowded network, then the lowest priority
/// (BEP 40) among those that carry no payload. A connection that carries payload is closed only for a fairer share between networks.
/// </summary>
internal static class Eviction
{
    // A new peer sends its pieces and its interest within this time. It is shorter than the time evicted peers take to reconnect; otherwise
    // a crowd of reconnecting peers would leave no room for peers that request something.
    private static readonly TimeSpan Introduction = TimeSpan.FromSeconds(2);

    // Without payload for this long, a connection counts as idle.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    // How long a peer may choke us or not answer before another gets its place.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The connection to close in favour of a newcomer; null if none.</summary>
    public static Peer? VictimFor(PeerSet peers, IPEndPoint newcomer, uint priority, Timestamp now)
    {
        Origin network = Origin.OfNetwork(newcomer.Address);
        if (Useless(peers, now) is { } useless)
            return useless;
        Peer? crowded = MostCrowded(peers, now);
        if (crowded is not null && peers.CountOf(crowded.Network) > peers.CountOf(network) + 1)
            return crowded;
        Peer? lowest = Lowest(peers, now);
        return lowest?.Priority < priority ? lowest : null;
    }

    /// <summary>
    /// The connection to close in favour of a newcomer from the same network when that network is at its limit; null if none.
    /// </summary>
    public static Peer? VictimOf(PeerSet peers, Origin network, Timestamp now) =>
        Worst(peers, peer => peer.Network == network && IsUseless(peer, now), now);

    /// <summary>The connection to close if one must be closed.</summary>
    public static Peer? Victim(PeerSet peers, Timestamp now)
    {
        if (Useless(peers, now) is { } useless)
            return useless;
        if (MostCrowded(peers, now) is { } crowded && peers.CountOf(crowded.Network) > 1)
            return crowded;
        return Lowest(peers, now) ?? Worst(peers, static _ => true, now);
    }

    /// <summary>The least useful connection among those that are of no use; null if there is none.</summary>
    public static Peer? Useless(PeerSet peers, Timestamp now) => Worst(peers, peer => IsUseless(peer, now), now);

    /// <summary>Whether a connection has had its chance and proved useless.</summary>
    public static bool IsUseless(Peer peer, Timestamp now) => now >= UselessFrom(peer);

    /// <summary>When a connection counts as useless if nothing changes until then.</summary>
    public static Timestamp UselessFrom(Peer peer)
    {
        // A peer that waits for an upload slot is not to blame for the silence, unless it had a slot and did not use it.
        bool waitsForUs = peer.Uploads is { IsInterested: true, WastedSlots: 0 };
        return waitsForUs ? Timestamp.Never : LastMoved(peer) + (peer.AmInterested ? Patience : Introduction);
    }

    // When payload last moved in either direction, or metadata to the peer; when the connection began, if nothing has moved.
    private static Timestamp LastMoved(Peer peer) =>
        Timestamp.Max(Timestamp.Max(peer.ConnectedAt, peer.LastMetadata), Timestamp.Max(peer.LastTaken, peer.Uploads.LastSent));

    // Among the matching peers, the one of the largest network over whose connection nothing has moved for longest.
    private static Peer? Worst(PeerSet peers, Predicate<Peer> which, Timestamp now)
    {
        Peer? worst = null;
        foreach (Peer peer in peers.All)
        {
            if (which(peer) && (worst is null || IsWorse(peer, worst)))
                worst = peer;
        }

        return worst;

        bool IsWorse(Peer one, Peer other) =>
            RankOf(one).CompareTo(RankOf(other)) > 0;

        (int, TimeSpan, bool) RankOf(Peer peer) =>
            (peers.CountOf(peer.Network), now - LastMoved(peer), !peer.HasBeenUseful && !peer.Uploads.HasSent);
    }

    private static Peer? MostCrowded(PeerSet peers, Timestamp now) => Worst(peers, static _ => true, now);

    private static Peer? Lowest(PeerSet peers, Timestamp now)
    {
        Peer? lowest = null;
        foreach (Peer peer in peers.All)
        {
            if (now - LastMoved(peer) >= Pause && (lowest is null || peer.Priority < lowest.Priority))
                lowest = peer;
        }

        return lowest;
    }
}
