namespace Freshet.Tracker;

/// <summary>A tracker in numbers, at one moment.</summary>
public sealed record TrackerStatistics
{
    /// <summary>Torrents with at least one peer.</summary>
    public required int Torrents { get; init; }

    /// <summary>Peers of all torrents.</summary>
    public required int Peers { get; init; }

    /// <summary>Announces since the start, refused ones included.</summary>
    public required long Announces { get; init; }

    /// <summary>Scrapes since the start.</summary>
    public required long Scrapes { get; init; }

    /// <summary>Requests since the start that were malformed or not allowed.</summary>
    public required long Refused { get; init; }
}
