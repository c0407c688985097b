using Freshet.Core.Dht.Items;
using Freshet.Core.Rates;

namespace Freshet.Core.Dht.Searching;

/// <summary>Something that is looked for in the DHTs of both address families at once (BEP 32), and perhaps announced there.</summary>
internal sealed class Search
{
    /// <summary>By what its asker knows it; null for one of our own.</summary>
    public SearchKey? Key { get; init; }

    public required NodeId Target { get; init; }

    public required SearchKind Kind { get; init; }

    /// <summary>The only family that is of interest; null for both.</summary>
    public DhtSide? OnlySide { get; init; }

    /// <summary>As what we announce ourselves at the end; null if we do not.</summary>
    public AnnounceAs? Announce { get; init; }

    /// <summary>The item that it is about; null if it is about none.</summary>
    public ItemSearch? Item { get; init; }

    public List<Lookup> Lookups { get; } = [];

    /// <summary>Whether the lookups are done, and announces are under way.</summary>
    public bool IsAnnouncing { get; set; }

    public bool IsOver { get; set; }

    public Timestamp Began { get; set; }

    public HashSet<NodeAddress> Found { get; } = [];

    /// <summary>Whether the closest nodes are asked at the end how many peers there are (BEP 33).</summary>
    public bool Scrapes { get; init; }

    /// <summary>Of all answers together; empty if nobody has said.</summary>
    public byte[] SeedFilter { get; set; } = [];

    /// <inheritdoc cref="SeedFilter"/>
    public byte[] PeerFilter { get; set; } = [];

    public int Queries { get; set; }

    public int Answers { get; set; }

    public int Announced { get; set; }

    /// <summary>What the closest nodes are still to be told or asked at the end.</summary>
    public Queue<LastQuery> Owed { get; } = new();

    /// <summary>Announces, and what else is asked at the end, that are not answered yet.</summary>
    public int AnnouncesUnderWay { get; set; }

    /// <summary>A node says which peers it knows of, in a way that can be counted (BEP 33).</summary>
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
