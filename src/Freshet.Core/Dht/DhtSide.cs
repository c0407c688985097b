namespace Freshet.Core.Dht;

/// <summary>The DHT of one address family (BEP 32): who we are there, and whom we know.</summary>
internal sealed class DhtSide(bool isV6, NodeId own)
{
    public bool IsV6 { get; } = isV6;

    public RoutingTable Table { get; private set; } = new(own);

    /// <summary>
    /// Nodes to begin from, asked while few others are known. Those that serve everybody (<c>IsRouter</c>) do not come into the table.
    /// </summary>
    public List<(NodeAddress Address, bool IsRouter)> Beginnings { get; } = [];

    public bool IsRouter(NodeAddress address) => Beginnings.Contains((address, true));

    /// <summary>Takes another id, and sorts the nodes that are known by it.</summary>
    public void Become(NodeId id)
    {
        RoutingTable table = new(id);
        foreach (RoutingNode node in Table.Good())
            table.OnAnswered(node.Info, node.Heard);
        Table = table;
    }
}
