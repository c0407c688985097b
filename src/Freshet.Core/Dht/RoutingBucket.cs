using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>The nodes at one distance: at most <see cref="DhtLimits.DhtBucketSize"/>, and as many spares.</summary>
internal sealed class RoutingBucket
{
    public List<RoutingNode> Nodes { get; } = new(DhtLimits.DhtBucketSize);

    /// <summary>Nodes that were found while the bucket was full, the latest last.</summary>
    public List<RoutingNode> Spares { get; } = [];

    /// <summary>When a node was last added to this bucket or searched for in its range.</summary>
    public Timestamp Changed { get; set; }

    public bool IsFull => Nodes.Count == DhtLimits.DhtBucketSize;
}
