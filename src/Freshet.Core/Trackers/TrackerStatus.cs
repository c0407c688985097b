namespace Freshet.Core.Trackers;

/// <summary>A snapshot of one tracker of a torrent. Immutable.</summary>
public sealed record TrackerStatus
{
    /// <summary>The announce URL as given in the torrent. It may contain a personal key; <see cref="MaskedUrl"/> does not.</summary>
    public required string Url { get; init; }

    /// <summary>The announce URL without anything that may be a key, safe for logs.</summary>
    public string MaskedUrl => TrackerUrl.Mask(Url);

    /// <summary>The tracker's tier, counted from 0.</summary>
    public required int Tier { get; init; }

    /// <summary>The state of the tracker.</summary>
    public required TrackerState State { get; init; }

    /// <summary>The tracker's latest message in its own words, or why it could not be reached; null if there is none.</summary>
    public string? Message { get; init; }

    /// <summary>The time since it last answered an announce; null if it has not.</summary>
    public TimeSpan? LastAnnounce { get; init; }

    /// <summary>The time until the next announce; null if none is planned.</summary>
    public TimeSpan? NextAnnounce { get; init; }

    /// <summary>The number of consecutive failures.</summary>
    public int Failures { get; init; }

    /// <summary>The number of seeds according to the tracker; null if it has not said.</summary>
    public int? Seeders { get; init; }

    /// <summary>The number of peers that are not seeds, according to the tracker; null if it has not said.</summary>
    public int? Leechers { get; init; }

    /// <summary>The number of peers that have ever completed the download, according to its last scrape; null if it has not said.</summary>
    public int? Downloads { get; init; }

    /// <summary>
    /// The time since it last answered a scrape; null if it has not. Torrents that are stopped or queued are scraped about every 30
    /// minutes, many in one request, by the first of their trackers that takes scrapes.
    /// </summary>
    public TimeSpan? LastScrape { get; init; }

    /// <summary>The number of peers in the last response; null before the first.</summary>
    public int? Peers { get; init; }
}
