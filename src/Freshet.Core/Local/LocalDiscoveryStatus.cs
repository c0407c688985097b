namespace Freshet.Core.Local;

/// <summary>A snapshot of local discovery (BEP 14). Immutable.</summary>
public sealed record LocalDiscoveryStatus
{
    /// <summary>Local networks that are announced on, IPv4 and IPv6 counted separately. 0 while there is no torrent to announce.</summary>
    public required int Networks { get; init; }

    /// <summary>Announced torrents: those that are running and not private.</summary>
    public required int Torrents { get; init; }

    /// <summary>Announces sent since the start.</summary>
    public required long AnnouncesSent { get; init; }

    /// <summary>Announces received from others since the start.</summary>
    public required long AnnouncesHeard { get; init; }

    /// <summary>Peers of our torrents found since the start, including repeats.</summary>
    public required long PeersFound { get; init; }

    /// <summary>Datagrams dropped since the start: malformed, from addresses that no peer can have, or over the rate limits.</summary>
    public required long Dropped { get; init; }
}
