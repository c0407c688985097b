namespace Freshet.Core.Dht;

/// <summary>A DHT node at one moment. Immutable.</summary>
public sealed record DhtStatus
{
    /// <summary>Our id over IPv4, 40 hex digits; null if there is no socket for it.</summary>
    public string? Id { get; init; }

    /// <summary>Our id over IPv6; null if there is no socket for it.</summary>
    public string? Id6 { get; init; }

    /// <summary>Nodes in the routing table over IPv4. Each has answered a query of ours.</summary>
    public required int Nodes { get; init; }

    /// <summary>The same over IPv6.</summary>
    public required int Nodes6 { get; init; }

    /// <summary>Searches under way.</summary>
    public required int Searches { get; init; }

    /// <summary>Searches that wait for their turn.</summary>
    public required int QueuedSearches { get; init; }

    /// <summary>Info-hashes of which peers are stored for others.</summary>
    public required int StoredHashes { get; init; }

    /// <summary>Peers that are stored for others.</summary>
    public required int StoredPeers { get; init; }

    /// <summary>Items (BEP 44) that are stored for others.</summary>
    public int StoredItems { get; init; }

    /// <summary>Datagrams received since the start.</summary>
    public required long DatagramsIn { get; init; }

    /// <summary>Datagrams sent since the start.</summary>
    public required long DatagramsOut { get; init; }

    /// <summary>Bytes received since the start, without headers of UDP and IP.</summary>
    public required long BytesIn { get; init; }

    /// <summary>Bytes sent since the start, without headers of UDP and IP.</summary>
    public required long BytesOut { get; init; }

    /// <summary>Datagrams dropped since the start: malformed, not asked for, from an address that nobody can have, or too many.</summary>
    public required long Dropped { get; init; }
}
