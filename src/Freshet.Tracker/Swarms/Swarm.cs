using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet.Tracker.Swarms;

/// <summary>
/// The peers of one torrent. A peer, identified by address and port, is in at most one table: that of its family and role.
/// </summary>
internal sealed class Swarm(InfoHash infoHash, SwarmTotals totals)
{
    // The number of peers considered for an eviction.
    private const int EvictionSample = 16;

    private static readonly PeerRole[] ForDownloaders = [PeerRole.Seed, PeerRole.PartialSeed, PeerRole.Downloader];
    private static readonly PeerRole[] ForSeeds = [PeerRole.Downloader];

    // By family, then role; created for the first peer, since most swarms have very few.
    private readonly PeerTable?[] _tables = new PeerTable?[SwarmTotals.Kinds];

    public InfoHash InfoHash { get; } = infoHash;

    /// <summary>Its position in the store's list.</summary>
    public int Place { get; set; }

    public Timestamp LastAnnounce { get; set; }

    public Timestamp NextSweep { get; set; }

    /// <summary>The number of peers that have reported completion.</summary>
    public int Downloaded { get; set; }

    public int Count
    {
        get
        {
            int count = 0;
            foreach (PeerTable? table in _tables)
                count += table?.Count ?? 0;
            return count;
        }
    }

    public SwarmCounts Counts
    {
        get
        {
            int seeds = CountOf(PeerRole.Seed);
            return new SwarmCounts(seeds, Count - seeds, Downloaded, CountOf(PeerRole.Downloader));
        }
    }

    /// <summary>A peer with its role, or null.</summary>
    public (SwarmPeer Peer, PeerRole Role)? Find(PeerAddress address)
    {
        for (int role = 0; role < SwarmTotals.Roles; role++)
        {
            if (_tables[SwarmTotals.KindOf(address.IsV6, (PeerRole)role)]?.Find(address) is { } peer)
                return (peer, (PeerRole)role);
        }

        return null;
    }

    /// <summary>All addresses, each once.</summary>
    public IEnumerable<PeerAddress> Addresses()
    {
        for (int place = 0; place < Count; place++)
            yield return At(place).Address;
    }

    /// <summary>Stores a peer, moving it if its role has changed.</summary>
    public void Put(in SwarmPeer peer, PeerRole role)
    {
        if (Find(peer.Address) is { } before && before.Role != role)
            Remove(peer.Address);
        int kind = SwarmTotals.KindOf(peer.Address.IsV6, role);
        (_tables[kind] ??= new PeerTable(totals, kind)).Put(peer);
    }

    /// <summary>The swarm is no longer used.</summary>
    public void Drop()
    {
        foreach (PeerTable? table in _tables)
            table?.Drop();
    }

    public bool Remove(PeerAddress address)
    {
        bool removed = false;
        for (int role = 0; role < SwarmTotals.Roles; role++)
            removed |= _tables[SwarmTotals.KindOf(address.IsV6, (PeerRole)role)]?.Remove(address) == true;
        return removed;
    }

    /// <summary>Removes the peers last heard from at that time or before; each is reported.</summary>
    public void RemoveSilentSince(Timestamp moment, Action<PeerAddress> removed)
    {
        foreach (PeerTable? table in _tables)
            table?.RemoveSilentSince(moment, removed);
    }

    /// <summary>
    /// Evicts a peer to make room. Among a few random peers, it is one whose holder has the most of them, and of those the one that has
    /// been silent the longest, so that a client that floods a swarm mostly evicts itself. Returns the evicted peer.
    /// </summary>
    public PeerAddress EvictOne(Random random)
    {
        Span<SwarmPeer> sample = stackalloc SwarmPeer[EvictionSample];
        int count = Count;
        for (int i = 0; i < sample.Length; i++)
            sample[i] = At(random.Next(count));

        SwarmPeer victim = sample[0];
        int most = 0;
        foreach (SwarmPeer candidate in sample)
        {
            int held = 0;
            foreach (SwarmPeer other in sample)
                held += other.Address.Holder == candidate.Address.Holder ? 1 : 0;
            if (held < most || (held == most && candidate.LastSeen >= victim.LastSeen))
                continue;
            (most, victim) = (held, candidate);
        }

        Remove(victim.Address);
        return victim.Address;
    }

    /// <summary>
    /// Draws peers for an asking peer, each at most once: first of its own address family, then of the other while there is room. A peer
    /// that downloads nothing gets only downloaders.
    /// </summary>
    public List<SwarmPeer> Draw(in SwarmRequest request, PeerRole role, int wanted, Timestamp silentSince, Random random)
    {
        PeerRole[] roles = role == PeerRole.Downloader ? ForDownloaders : ForSeeds;
        List<SwarmPeer> drawn = request.Drawn ?? new(Math.Min(wanted, Count));
        drawn.Clear();
        PeerAddress asker = request.Address;
        Draw(drawn, asker, asker.IsV6, roles, wanted, silentSince, random);
        if (!request.OwnFamilyOnly)
            Draw(drawn, asker, !asker.IsV6, roles, wanted, silentSince, random);
        return drawn;
    }


    private static int GreatestCommonDivisor(int left, int right)
    {
        while (right != 0)
            (left, right) = (right, left % right);
        return left;
    }

    private int CountOf(PeerRole role) =>
        (_tables[SwarmTotals.KindOf(false, role)]?.Count ?? 0) + (_tables[SwarmTotals.KindOf(true, role)]?.Count ?? 0);

    // Steps through all candidates from a random start by a random step that is coprime to their number: each comes up once, all are
    // equally likely, and nothing is copied or shuffled.
    private void Draw(
        List<SwarmPeer> drawn, PeerAddress asker, bool isV6, PeerRole[] roles, int wanted, Timestamp silentSince, Random random)
    {
        int candidates = 0;
        foreach (PeerRole role in roles)
            candidates += _tables[SwarmTotals.KindOf(isV6, role)]?.Count ?? 0;
        if (candidates == 0)
            return;

        int step = random.Next(1, Math.Max(candidates, 2));
        while (GreatestCommonDivisor(step, candidates) != 1)
            step = step % candidates + 1;
        long place = random.Next(candidates);
        for (int i = 0; i < candidates && drawn.Count < wanted; i++, place = (place + step) % candidates)
        {
            SwarmPeer peer = At(isV6, roles, (int)place);
            if (peer.Address != asker && peer.LastSeen > silentSince)
                drawn.Add(peer);
        }
    }

    private SwarmPeer At(bool isV6, PeerRole[] roles, int place)
    {
        foreach (PeerRole role in roles)
        {
            PeerTable? table = _tables[SwarmTotals.KindOf(isV6, role)];
            if (table is null)
                continue;
            if (place < table.Count)
                return table[place];
            place -= table.Count;
        }

        throw new ArgumentOutOfRangeException(nameof(place));
    }

    private SwarmPeer At(int place)
    {
        foreach (PeerTable? table in _tables)
        {
            if (table is null)
                continue;
            if (place < table.Count)
                return table[place];
            place -= table.Count;
        }

        throw new ArgumentOutOfRangeException(nameof(place));
    }
}
