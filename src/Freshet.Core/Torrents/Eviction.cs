using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// Which connection goes when there are too many: one that is of no use first, then one of the network that has the most, then the one of
/// the lowest priority (BEP 40) among those over which nothing moves. A connection over which payload moves gives way only to a fairer
/// share of the networks.
/// </summary>
internal static class Eviction
{
    // A new peer has said what it has and wants within this. Shorter than those who are sent away need to come again: else a crowd that
    // does so leaves no place for whoever asks for something.
    private static readonly TimeSpan Introduction = TimeSpan.FromSeconds(2);

    // So long without payload, a connection is not in use now.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    // So long a peer may choke us, or not answer, before another gets the chance.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Whose connection goes for that of a newcomer; null if none does.</summary>
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

    /// <summary>Whose connection goes for that of a newcomer of the same network, which has as many as it may; null if none does.</summary>
    public static Peer? VictimOf(PeerSet peers, Origin network, Timestamp now) =>
        Worst(peers, peer => peer.Network == network && IsUseless(peer, now), now);

    /// <summary>Whose connection goes if one must.</summary>
    public static Peer? Victim(PeerSet peers, Timestamp now)
    {
        if (Useless(peers, now) is { } useless)
            return useless;
        if (MostCrowded(peers, now) is { } crowded && peers.CountOf(crowded.Network) > 1)
            return crowded;
        return Lowest(peers, now) ?? Worst(peers, static _ => true, now);
    }

    /// <summary>The connection that is of the least use, if any is of none.</summary>
    public static Peer? Useless(PeerSet peers, Timestamp now) => Worst(peers, peer => IsUseless(peer, now), now);

    /// <summary>Whether a connection has had its chance, and nothing came of it.</summary>
    public static bool IsUseless(Peer peer, Timestamp now) => now >= UselessFrom(peer);

    /// <summary>When a connection will have had its chance, if nothing comes of it till then.</summary>
    public static Timestamp UselessFrom(Peer peer)
    {
        // Whoever waits for a slot of ours is not to blame for it, unless it had one and left it unused.
        bool waitsForUs = peer.Uploads is { IsInterested: true, WastedSlots: 0 };
        return waitsForUs ? Timestamp.Never : LastMoved(peer) + (peer.AmInterested ? Patience : Introduction);
    }

    // When payload last moved either way, or metadata to the peer; when the connection began, if none has.
    private static Timestamp LastMoved(Peer peer) =>
        Timestamp.Max(Timestamp.Max(peer.ConnectedAt, peer.LastMetadata), Timestamp.Max(peer.LastTaken, peer.Uploads.LastSent));

    // Of some peers: of the largest network, and there the one over which nothing has moved for longest.
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
