using Freshet.Core.Rates;

namespace Freshet.Core.Dht.Searching;

/// <summary>A search in the DHTs of both address families at once (BEP 32), possibly followed by an announce.</summary>
internal sealed class Search
{
    /// <summary>Identifies the search for its caller; null for one of our own.</summary>
    public SearchKey? Key { get; init; }

    public required NodeId Target { get; init; }

    public required SearchKind Kind { get; init; }

    public required SearchUrgency Urgency { get; init; }

    /// <summary>The only side to search; null for both.</summary>
    public DhtSide? OnlySide { get; init; }

    /// <summary>How we announce ourselves at the end; null if we do not.</summary>
    public AnnounceAs? Announce { get; init; }

    /// <summary>The item to search for; null if the search is not for an item.</summary>
    public ItemSearch? Item { get; init; }

    public List<Lookup> Lookups { get; } = [];

    /// <summary>Whether the lookups are done and announces are in progress.</summary>
    public bool IsAnnouncing { get; set; }

    public bool IsOver { get; set; }

    public Timestamp Began { get; set; }

    public HashSet<NodeAddress> Found { get; } = [];

    /// <summary>Whether the closest nodes are asked for the number of peers at the end (BEP 33).</summary>
    public bool Scrapes { get; init; }

    /// <summary>The union of all answers; empty if there are none.</summary>
    public byte[] SeedFilter { get; set; } = [];

    /// <inheritdoc cref="SeedFilter"/>
    public byte[] PeerFilter { get; set; } = [];

    public int Queries { get; set; }

    public int Answers { get; set; }

    public int Announced { get; set; }

    /// <summary>Queries still to be sent to the closest nodes at the end.</summary>
    public Queue<LastQuery> Owed { get; } = new();

    /// <summary>Announces and other final queries that have not been answered yet.</summary>
    public int AnnouncesUnderWay { get; set; }

    /// <summary>A node reported its peers in a form that can be counted (BEP 33).</summary>
    public void Count(ReadOnlySpan<byte> seeds, ReadOnlySpan<byte> peers)
    {
        SeedFilter = Union(SeedFilter, seeds);
        PeerFilter = Union(PeerFilter, peers);
    }

    private static byte[] Union(byte[] filter, ReadOnlySpan<byte> other)
    {
        if (other.IsEmpty)
            return filter;
        if (filter.Length == 0)
            return other.ToArray();
        for (int i = 0; i < filter.Length; i++)
            filter[i] |= other[i];
        return filter;
    }

    public Lookup? LookupOf(bool isV6) => Lookups.Find(lookup => lookup.Side.IsV6 == isV6);
}
