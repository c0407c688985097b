using Freshet.Core.Dht.Items;

namespace Freshet.Core.Dht.Searching;

/// <summary>The outcome of a search.</summary>
internal sealed record SearchReport
{
    public required NodeId Target { get; init; }

    /// <summary>The number of distinct peers found.</summary>
    public int Peers { get; init; }

    /// <summary>Queries sent.</summary>
    public int Queries { get; init; }

    /// <summary>Nodes that answered.</summary>
    public int Answers { get; init; }

    /// <summary>Nodes that accepted our announce.</summary>
    public int Announced { get; init; }

    /// <summary>
    /// The approximate number of seeds that all nodes together know (BEP 33); null if no node reported it, or none was asked.
    /// </summary>
    public int? Seeds { get; init; }

    /// <summary>The approximate number of other peers, likewise.</summary>
    public int? Leechers { get; init; }

    /// <summary>The longest chain of queries to an answer.</summary>
    public int Rounds { get; init; }

    /// <summary>The item that was found (BEP 44).</summary>
    public ItemContent? Item { get; init; }

    /// <summary>The item that was sent to be stored; null if none was.</summary>
    public ItemContent? Put { get; init; }

    /// <summary>The code (BEP 44) with which a node last refused to store it; 0 if none did.</summary>
    public long Refusal { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>Whether no node was known that could be queried.</summary>
    public bool HadNoNodes { get; init; }
}
