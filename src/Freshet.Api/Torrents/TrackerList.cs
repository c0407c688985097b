namespace Freshet.Api;

/// <summary>The trackers of a torrent.</summary>
public sealed record TrackerList
{
    /// <summary>Tier by tier.</summary>
    public required IReadOnlyList<TrackerItem> Trackers { get; init; }
}
