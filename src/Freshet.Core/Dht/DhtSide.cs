using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>The DHT of one address family (BEP 32): our id in it, and the nodes that we know.</summary>
internal sealed class DhtSide(bool isV6, NodeId own)
{
    private List<NodeInfo> _remembered = [];

    public bool IsV6 { get; } = isV6;

    public RoutingTable Table { get; private set; } = new(own);

    public Beginnings Beginnings { get; } = new();

    /// <summary>When our id changed last; null if it never did.</summary>
    public Timestamp? Became { get; private set; }

    /// <summary>A node is known from an earlier run.</summary>
    public void Recall(NodeInfo node)
    {
        _remembered.Add(node);
        Beginnings.Add(node.Address, BeginningKind.Remembered);
    }

    /// <summary>
    /// The nodes worth keeping for the next run. While next to none answer, as without a network, those from before stay.
    /// </summary>
    public IReadOnlyList<NodeInfo> Remember()
    {
        List<NodeInfo> good = [.. Table.Good().Select(static node => node.Info).Take(DhtLimits.MaxDhtSavedNodes)];
        if (good.Count < DhtLimits.DhtBucketSize)
        {
            foreach (NodeInfo node in _remembered)
            {
                if (good.Count < DhtLimits.MaxDhtSavedNodes && !good.Exists(other => other.Address == node.Address))
                    good.Add(node);
            }
        }

        return _remembered = good;
    }

    /// <summary>Changes our id, and re-sorts the known nodes accordingly.</summary>
    public void Become(NodeId id, Timestamp now)
    {
        Became = now;
        RoutingTable table = new(id);
        foreach (RoutingNode node in Table.Good())
            table.OnAnswered(node.Info, node.Heard);
        Table = table;
    }
}
