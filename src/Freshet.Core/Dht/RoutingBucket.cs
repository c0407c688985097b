using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>The nodes at one distance: at most <see cref="DhtLimits.DhtBucketSize"/>, and as many that would take their places.</summary>
internal sealed class RoutingBucket
{
    public List<RoutingNode> Nodes { get; } = new(DhtLimits.DhtBucketSize);

    /// <summary>Those that came when it was full, the latest last.</summary>
    public List<RoutingNode> Spares { get; } = [];

    /// <summary>When a node was last added or looked for here.</summary>
    public Timestamp Changed { get; set; }

    public bool IsFull => Nodes.Count == DhtLimits.DhtBucketSize;
}
