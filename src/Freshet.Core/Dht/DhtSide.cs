namespace Freshet.Core.Dht;

/// <summary>The DHT of one address family (BEP 32): our id in it, and the nodes that we know.</summary>
internal sealed class DhtSide(bool isV6, NodeId own)
{
    public bool IsV6 { get; } = isV6;

    public RoutingTable Table { get; private set; } = new(own);

    /// <summary>
    /// Bootstrap nodes, queried while few others are known. Those that serve everybody (<c>IsRouter</c>) are not added to the routing
    /// table.
    /// </summary>
    public List<(NodeAddress Address, bool IsRouter)> Beginnings { get; } = [];

    public bool IsRouter(NodeAddress address) => Beginnings.Contains((address, true));

    /// <summary>Changes our id, and re-sorts the known nodes accordingly.</summary>
    public void Become(NodeId id)
    {
        RoutingTable table = new(id);
        foreach (RoutingNode node in Table.Good())
            table.OnAnswered(node.Info, node.Heard);
        Table = table;
    }
}
