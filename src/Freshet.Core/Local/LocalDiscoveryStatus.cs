namespace Freshet.Core.Local;

/// <summary>Local discovery (BEP 14) at one moment. Immutable.</summary>
public sealed record LocalDiscoveryStatus
{
    /// <summary>
    /// Local networks that are announced on, over IPv4 and IPv6 each by itself. None while there is no torrent to announce.
    /// </summary>
    public required int Networks { get; init; }

    /// <summary>Torrents that are announced: those that are running, and not private.</summary>
    public required int Torrents { get; init; }

    /// <summary>Announces sent since the start.</summary>
    public required long AnnouncesSent { get; init; }

    /// <summary>Announces of others that were heard since the start.</summary>
    public required long AnnouncesHeard { get; init; }

    /// <summary>Peers of our torrents that were found since the start, the same one again included.</summary>
    public required long PeersFound { get; init; }

    /// <summary>Datagrams dropped since the start: malformed, from addresses that no peer can have, or too many.</summary>
    public required long Dropped { get; init; }
}
