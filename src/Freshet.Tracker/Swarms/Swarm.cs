using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet.Tracker.Swarms;

/// <summary>
/// The peers of one torrent. A peer, that is an address with its port, is in one table at most: that of its family and role.
/// </summary>
internal sealed class Swarm(InfoHash infoHash, SwarmTotals totals)
{
    // So many peers are looked at to find one that may go.
    private const int EvictionSample = 16;

    private static readonly PeerRole[] ForDownloaders = [PeerRole.Seed, PeerRole.PartialSeed, PeerRole.Downloader];
    private static readonly PeerRole[] ForSeeds = [PeerRole.Downloader];

    // By family, then role; made when the first peer comes, since most swarms have very few.
    private readonly PeerTable?[] _tables = new PeerTable?[SwarmTotals.Kinds];

    public InfoHash InfoHash { get; } = infoHash;

    /// <summary>Its place in the store's list.</summary>
    public int Place { get; set; }

    public Timestamp LastAnnounce { get; set; }

    public Timestamp NextSweep { get; set; }

    /// <summary>How many peers have reported that they completed.</summary>
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

    /// <summary>Remembers a peer, in its new role if that has changed.</summary>
    public void Put(in SwarmPeer peer, PeerRole role)
    {
        if (Find(peer.Address) is { } before && before.Role != role)
            Remove(peer.Address);
        int kind = SwarmTotals.KindOf(peer.Address.IsV6, role);
        (_tables[kind] ??= new PeerTable(totals, kind)).Put(peer);
    }

    /// <summary>The swarm is used no more.</summary>
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

    /// <summary>Forgets those that were last heard of at that moment or before; each is reported.</summary>
    public void RemoveSilentSince(Timestamp moment, Action<PeerAddress> removed)
    {
        foreach (PeerTable? table in _tables)
            table?.RemoveSilentSince(moment, removed);
    }

    /// <summary>
    /// Makes room for one. Among a few peers drawn at random, the one goes whose holder has most of them, and of those the one
    /// that has been silent longest: whoever floods a swarm pushes out mostly itself. Returns who went.
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
    /// Draws peers for one that asks, each at most once: of its own address family first, of the other while there is room.
    /// A peer that downloads nothing gets only those that do.
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

    // Goes round all candidates by a random step that has no divisor in common with their number, from a random one: each comes
    // once, all are equally likely, and nothing is copied or shuffled for it.
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
