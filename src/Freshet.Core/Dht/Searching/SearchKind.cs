namespace Freshet.Core.Dht.Searching;

/// <summary>What is looked for at a point of the DHT.</summary>
internal enum SearchKind
{
    /// <summary>The nodes that are closest to it.</summary>
    Nodes,

    /// <summary>The peers of an info-hash.</summary>
    Peers,

    /// <summary>An item (BEP 44).</summary>
    Item,
}
