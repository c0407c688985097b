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

    /// <summary>The node of a network (<see cref="NodeAddress.Network"/>); null if there is none.</summary>
    public RoutingNode? OfNetwork(NodeAddress network) =>
        Nodes.Find(node => node.Info.Address.Network == network) ?? Spares.Find(node => node.Info.Address.Network == network);
}
