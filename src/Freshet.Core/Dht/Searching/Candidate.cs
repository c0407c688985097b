namespace Freshet.Core.Dht.Searching;

/// <summary>A node that a lookup may query.</summary>
internal sealed class Candidate
{
    /// <summary>The node; its id is meaningless while <see cref="IsNamed"/> is false.</summary>
    public required NodeInfo Info { get; set; }

    /// <summary>Whether its id is known; that of a bootstrap node is not.</summary>
    public required bool IsNamed { get; set; }

    /// <summary>Its distance from the target; the maximum if its id is unknown.</summary>
    public required NodeId Distance { get; set; }

    /// <summary>Whether its id may have been chosen for being next to the target.</summary>
    public required IdTrust Trust { get; set; }

    /// <summary>How many nodes were queried in sequence to learn of it.</summary>
    public required int Depth { get; init; }

    /// <summary>
    /// Whether it is more than one node's word: it is of our routing table, or a bootstrap node, or two networks have named it.
    /// </summary>
    public required bool IsConfirmed { get; set; }

    public CandidateState State { get; set; }

    /// <summary>
    /// Whether what it says of others is doubted: it answered with another id than the one that it was named by, or that one is doubtful.
    /// </summary>
    public bool IsDoubtful { get; set; }

    /// <summary>The token that it requires with an announce.</summary>
    public byte[] Token { get; set; } = [];
}
