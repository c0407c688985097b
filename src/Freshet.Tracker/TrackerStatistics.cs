namespace Freshet.Tracker;

/// <summary>A tracker in numbers, at one moment.</summary>
public sealed record TrackerStatistics
{
    /// <summary>Torrents with at least one peer.</summary>
    public required int Torrents { get; init; }

    /// <summary>Peers of all torrents.</summary>
    public required int Peers { get; init; }

    /// <summary>Of those, peers that have everything.</summary>
    public required int Seeds { get; init; }

    /// <summary>Of all peers, those on IPv6.</summary>
    public required int PeersV6 { get; init; }

    /// <summary>Reports of peers since the start that they completed.</summary>
    public required long Downloaded { get; init; }

    /// <summary>Announces since the start, refused ones included.</summary>
    public required long Announces { get; init; }

    /// <summary>Of those, announces over UDP.</summary>
    public required long UdpAnnounces { get; init; }

    /// <summary>Scrapes since the start.</summary>
    public required long Scrapes { get; init; }

    /// <summary>Of those, scrapes over UDP.</summary>
    public required long UdpScrapes { get; init; }

    /// <summary>Connection ids given out over UDP since the start.</summary>
    public required long UdpConnects { get; init; }

    /// <summary>Datagrams since the start that were no request, and were not answered.</summary>
    public required long UdpDropped { get; init; }

    /// <summary>Requests since the start that were malformed or not allowed.</summary>
    public required long Refused { get; init; }

    /// <summary>How long it has run.</summary>
    public required TimeSpan Uptime { get; init; }
}
