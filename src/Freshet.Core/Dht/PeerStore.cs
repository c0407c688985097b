using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>
/// The peers that announced to us (BEP 5), by info-hash, each kept for <see cref="Expiry"/>. Bounded per info-hash, per host and network of
/// an info-hash, and in the number of info-hashes. When there are too many info-hashes, one of a small sample is dropped: preferably one of
/// a host that was the first to announce many, which cannot add any itself then, otherwise the one with the fewest peers.
/// </summary>
internal sealed class PeerStore(Random random)
{
    private const int Probes = 8;
    private const int MostPortsOfHost = 4;

    private readonly Dictionary<NodeId, Swarm> _byHash = [];
    private readonly List<NodeId> _hashes = [];
    private readonly Dictionary<NodeAddress, int> _firsts = [];

    /// <summary>Most clients announce again every fifteen minutes.</summary>
    public static TimeSpan Expiry => TimeSpan.FromMinutes(30);

    /// <summary>The number of info-hashes with peers, including expired ones.</summary>
    public int HashCount => _hashes.Count;

    /// <summary>The number of peers of all info-hashes.</summary>
    public int PeerCount { get; private set; }

    public void Add(NodeId infoHash, NodeAddress peer, bool isSeed, Timestamp now)
    {
        if (!_byHash.TryGetValue(infoHash, out Swarm? swarm) && !TryAddHash(infoHash, peer.Host, out swarm))
            return;
        List<StoredPeer> peers = swarm.Peers;
        Expire(peers, now);
        int at = PlaceOf(peers, peer);
        StoredPeer stored = new(peer, isSeed, now);
        if (at == peers.Count)
        {
            peers.Add(stored);
            PeerCount++;
        }
        else
        {
            peers[at] = stored;
        }
    }

    /// <summary>Returns peers of an info-hash and an address family, chosen at random if there are more than requested.</summary>
    /// <returns>The number of peers returned.</returns>
    public int Sample(NodeId infoHash, bool isV6, bool withoutSeeds, Span<NodeAddress> result, Timestamp now)
    {
        int seen = 0;
        if (!_byHash.TryGetValue(infoHash, out Swarm? swarm))
            return 0;
        Expire(swarm.Peers, now);
        foreach (StoredPeer peer in swarm.Peers)
        {
            if (peer.Address.IsV6 != isV6 || (withoutSeeds && peer.IsSeed))
                continue;
            int at = seen < result.Length ? seen : random.Next(seen + 1);
            if (at < result.Length)
                result[at] = peer.Address;
            seen++;
        }

        return Math.Min(seen, result.Length);
    }

    /// <summary>All peers of an info-hash that have not expired.</summary>
    public IReadOnlyList<StoredPeer> Peers(NodeId infoHash, Timestamp now)
    {
        if (!_byHash.TryGetValue(infoHash, out Swarm? swarm))
            return [];
        Expire(swarm.Peers, now);
        return swarm.Peers;
    }

    /// <summary>Returns info-hashes, chosen at random if there are more than requested (BEP 51).</summary>
    public int SampleHashes(Span<NodeId> result)
    {
        int count = Math.Min(result.Length, _hashes.Count);
        for (int i = 0; i < count; i++)
        {
            // The first steps of a shuffle, after which the list may stay shuffled.
            int other = random.Next(i, _hashes.Count);
            (_hashes[i], _hashes[other]) = (_hashes[other], _hashes[i]);
            result[i] = _hashes[i];
        }

        return count;
    }

    /// <summary>Removes expired peers. To be called periodically.</summary>
    public void Sweep(Timestamp now)
    {
        for (int i = _hashes.Count - 1; i >= 0; i--)
        {
            List<StoredPeer> peers = _byHash[_hashes[i]].Peers;
            Expire(peers, now);
            if (peers.Count == 0)
                RemoveAt(i);
        }
    }

    private bool TryAddHash(NodeId infoHash, NodeAddress first, [NotNullWhen(true)] out Swarm? swarm)
    {
        swarm = null;
        if (_hashes.Count >= DhtLimits.MaxDhtStoredHashes)
        {
            if (HasMany(first))
                return false;
            RemoveOne();
        }

        swarm = new Swarm(first);
        _byHash.Add(infoHash, swarm);
        _hashes.Add(infoHash);
        CollectionsMarshal.GetValueRefOrAddDefault(_firsts, first, out _)++;
        return true;
    }

    // Where to put a peer: in its old place, in that of another port of a host with enough ports, in a new one, or in that of the oldest:
    // of its network, if that has many.
    private static int PlaceOf(List<StoredPeer> peers, NodeAddress peer)
    {
        NodeAddress host = peer.Host;
        int oldest = 0, oldestOfHost = -1, ofHost = 0;
        for (int i = 0; i < peers.Count; i++)
        {
            if (peers[i].Address == peer)
                return i;
            if (peers[i].At < peers[oldest].At)
                oldest = i;
            if (peers[i].Address.Host != host)
                continue;
            ofHost++;
            if (oldestOfHost < 0 || peers[i].At < peers[oldestOfHost].At)
                oldestOfHost = i;
        }

        if (ofHost >= MostPortsOfHost)
            return oldestOfHost;
        if (peers.Count < DhtLimits.MaxDhtPeersPerHash)
            return peers.Count;
        return OldestOfCrowdedNetwork(peers, peer.Network) ?? oldest;
    }

    private static int? OldestOfCrowdedNetwork(List<StoredPeer> peers, NodeAddress network)
    {
        int? oldest = null;
        int count = 0;
        for (int i = 0; i < peers.Count; i++)
        {
            if (peers[i].Address.Network != network)
                continue;
            count++;
            if (oldest is null || peers[i].At < peers[oldest.Value].At)
                oldest = i;
        }

        return count >= DhtLimits.MaxDhtPeersPerNetwork ? oldest : null;
    }

    private void Expire(List<StoredPeer> peers, Timestamp now) =>
        PeerCount -= peers.RemoveAll(peer => now - peer.At >= Expiry);

    private bool HasMany(NodeAddress host) => _firsts.GetValueOrDefault(host) >= DhtLimits.MaxDhtHashesPerHost;

    private void RemoveOne()
    {
        int least = random.Next(_hashes.Count);
        for (int i = 1; i < Probes; i++)
        {
            int other = random.Next(_hashes.Count);
            if (IsWorthLess(_byHash[_hashes[other]], _byHash[_hashes[least]]))
                least = other;
        }

        RemoveAt(least);
    }

    private bool IsWorthLess(Swarm swarm, Swarm other)
    {
        bool hasMany = HasMany(swarm.First);
        return hasMany == HasMany(other.First) ? swarm.Peers.Count < other.Peers.Count : hasMany;
    }

    private void RemoveAt(int index)
    {
        _byHash.Remove(_hashes[index], out Swarm? removed);
        PeerCount -= removed!.Peers.Count;
        if (--CollectionsMarshal.GetValueRefOrNullRef(_firsts, removed.First) == 0)
            _firsts.Remove(removed.First);
        _hashes[index] = _hashes[^1];
        _hashes.RemoveAt(_hashes.Count - 1);
    }

    private sealed class Swarm(NodeAddress first)
    {
        /// <summary>The host that announced it first.</summary>
        public NodeAddress First { get; } = first;

        public List<StoredPeer> Peers { get; } = [];
    }
}
