namespace Freshet.Core.Dht.Searching;

/// <summary>A node that a lookup may ask.</summary>
internal sealed class Candidate
{
    /// <summary>Its id means nothing while <see cref="IsNamed"/> is false.</summary>
    public required NodeInfo Info { get; set; }

    /// <summary>Whether its id is known; of a node to begin from it is not.</summary>
    public required bool IsNamed { get; set; }

    /// <summary>How far it is from the target; the farthest if its id is not known.</summary>
    public required NodeId Distance { get; set; }

    /// <summary>How many nodes were asked one after the other to learn of it.</summary>
    public required int Depth { get; init; }

    public CandidateState State { get; set; }

    /// <summary>What it wants to see again with an announce.</summary>
    public byte[] Token { get; set; } = [];
}
