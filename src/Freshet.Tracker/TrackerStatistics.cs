namespace Freshet.Tracker;

/// <summary>A snapshot of a tracker's statistics.</summary>
public sealed record TrackerStatistics
{
    /// <summary>The number of torrents with at least one peer.</summary>
    public required int Torrents { get; init; }

    /// <summary>The number of peers of all torrents.</summary>
    public required int Peers { get; init; }

    /// <summary>The number of those peers that have everything.</summary>
    public required int Seeds { get; init; }

    /// <summary>The number of peers on IPv6.</summary>
    public required int PeersV6 { get; init; }

    /// <summary>The number of completions reported by peers since the start.</summary>
    public required long Downloaded { get; init; }

    /// <summary>The number of announces since the start, including refused ones.</summary>
    public required long Announces { get; init; }

    /// <summary>The number of those announces that came over UDP.</summary>
    public required long UdpAnnounces { get; init; }

    /// <summary>The number of scrapes since the start.</summary>
    public required long Scrapes { get; init; }

    /// <summary>The number of those scrapes that came over UDP.</summary>
    public required long UdpScrapes { get; init; }

    /// <summary>The number of UDP connection ids issued since the start.</summary>
    public required long UdpConnects { get; init; }

    /// <summary>The number of datagrams since the start that were not valid requests and were not answered.</summary>
    public required long UdpDropped { get; init; }

    /// <summary>The number of requests since the start that were malformed or not allowed.</summary>
    public required long Refused { get; init; }

    /// <summary>The time since the start.</summary>
    public required TimeSpan Uptime { get; init; }
}
