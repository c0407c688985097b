namespace Freshet.Core.Dht;

/// <summary>A snapshot of a DHT node. Immutable.</summary>
public sealed record DhtStatus
{
    /// <summary>Our id over IPv4, 40 hexadecimal digits; null if there is no IPv4 socket.</summary>
    public string? Id { get; init; }

    /// <summary>Our id over IPv6, 40 hexadecimal digits; null if there is no IPv6 socket.</summary>
    public string? Id6 { get; init; }

    /// <summary>Nodes in the IPv4 routing table. Each has answered a query of ours.</summary>
    public required int Nodes { get; init; }

    /// <summary>Nodes in the IPv6 routing table.</summary>
    public required int Nodes6 { get; init; }

    /// <summary>Searches in progress.</summary>
    public required int Searches { get; init; }

    /// <summary>Queued searches.</summary>
    public required int QueuedSearches { get; init; }

    /// <summary>
    /// Lookups since the start that ended because their queries were used up, though closer nodes had been named. Each search has one
    /// lookup per address family. Usually there are none; many show that nodes name others that do not exist.
    /// </summary>
    public long LookupsCutShort { get; init; }

    /// <summary>Info-hashes for which we store peers.</summary>
    public required int StoredHashes { get; init; }

    /// <summary>Peers stored for all info-hashes.</summary>
    public required int StoredPeers { get; init; }

    /// <summary>Items (BEP 44) that we store.</summary>
    public int StoredItems { get; init; }

    /// <summary>Datagrams received since the start.</summary>
    public required long DatagramsIn { get; init; }

    /// <summary>Datagrams sent since the start.</summary>
    public required long DatagramsOut { get; init; }

    /// <summary>Bytes received since the start, without UDP and IP headers.</summary>
    public required long BytesIn { get; init; }

    /// <summary>Bytes sent since the start, without UDP and IP headers.</summary>
    public required long BytesOut { get; init; }

    /// <summary>Datagrams dropped since the start: malformed, unrequested, from impossible addresses, or over the rate limits.</summary>
    public required long Dropped { get; init; }
}
