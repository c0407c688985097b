using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>A node of the routing table: one that has answered a query of ours.</summary>
internal sealed class RoutingNode(NodeInfo info, Timestamp heard)
{
    /// <summary>Unanswered queries in a row after which a node gives way to another.</summary>
    public const int FailuresOfBad = 2;

    public NodeInfo Info { get; } = info;

    /// <summary>When it answered last.</summary>
    public Timestamp Heard { get; set; } = heard;

    /// <summary>When it was last asked whether it is still there.</summary>
    public Timestamp Asked { get; set; }

    /// <summary>Queries since then that it did not answer as itself.</summary>
    public int Failures { get; set; }

    public bool IsBad => Failures >= FailuresOfBad;
}
