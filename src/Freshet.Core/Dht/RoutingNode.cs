using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>A node in the routing table, which has answered a query of ours.</summary>
internal sealed class RoutingNode(NodeInfo info, Timestamp heard)
{
    /// <summary>Consecutive unanswered queries after which a node is replaced by another.</summary>
    public const int FailuresOfBad = 2;

    public NodeInfo Info { get; } = info;

    /// <summary>When it last answered.</summary>
    public Timestamp Heard { get; set; } = heard;

    /// <summary>When it was last asked whether it is still there.</summary>
    public Timestamp Asked { get; set; }

    /// <summary>Queries since its last answer that it left unanswered, or answered with another id.</summary>
    public int Failures { get; set; }

    public bool IsBad => Failures >= FailuresOfBad;
}
