namespace Freshet.Api;

/// <summary>How the session stands with the network.</summary>
public sealed record NetworkInfo
{
    /// <summary>Whether peers on the internet can connect to us: true if one has lately, false if it is known why not, else null.</summary>
    public required bool? Reachable { get; init; }

    /// <summary>Why we think so, a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>When a peer from the internet connected to us last; null if none has.</summary>
    public required DateTimeOffset? LastIncoming { get; init; }

    /// <summary>Which ports of the router lead to us; null if it is not asked.</summary>
    public required PortMappingInfo? PortMapping { get; init; }

    /// <summary>The proxy by which alone others are reached, without user and password; null if there is none.</summary>
    public required string? Proxy { get; init; }

    /// <summary>Nodes of the DHT that have answered us; null if the session takes no part in it.</summary>
    public required int? DhtNodes { get; init; }

    /// <summary>Local networks on which peers are looked for; null if that is off.</summary>
    public required int? LocalNetworks { get; init; }

    /// <summary>Ranges of addresses that are blocked; null without a blocklist.</summary>
    public required int? BlockedRanges { get; init; }
}
