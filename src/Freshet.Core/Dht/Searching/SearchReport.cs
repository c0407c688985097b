using Freshet.Core.Dht.Items;

namespace Freshet.Core.Dht.Searching;

/// <summary>How a search went.</summary>
internal sealed record SearchReport
{
    public required NodeId Target { get; init; }

    /// <summary>Peers that were found, each counted once.</summary>
    public int Peers { get; init; }

    /// <summary>Queries sent.</summary>
    public int Queries { get; init; }

    /// <summary>Nodes that answered.</summary>
    public int Answers { get; init; }

    /// <summary>Nodes that took our announce.</summary>
    public int Announced { get; init; }

    /// <summary>Seeds that all nodes together know of, about (BEP 33); null if none has said, or none was asked.</summary>
    public int? Seeds { get; init; }

    /// <summary>Other peers, in the same way.</summary>
    public int? Leechers { get; init; }

    /// <summary>The longest way to an answer: how many nodes were asked one after the other.</summary>
    public int Rounds { get; init; }

    /// <summary>The item that was found (BEP 44).</summary>
    public ItemContent? Item { get; init; }

    /// <summary>What was sent to be stored; null if nothing was.</summary>
    public ItemContent? Put { get; init; }

    /// <summary>With what code (BEP 44) a node last refused to store it; 0 if none did.</summary>
    public long Refusal { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>Whether no node was known to ask.</summary>
    public bool HadNoNodes { get; init; }
}
