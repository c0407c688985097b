namespace Freshet.Core.Dht.Searching;

/// <summary>What a search looks for.</summary>
internal enum SearchKind
{
    /// <summary>The nodes closest to the target.</summary>
    Nodes,

    /// <summary>The peers of an info-hash.</summary>
    Peers,

    /// <summary>An item (BEP 44).</summary>
    Item,
}
