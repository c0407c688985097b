namespace Freshet.Core.Torrents;

/// <summary>A snapshot of a torrent's use of the DHT. Immutable.</summary>
public sealed record TorrentDhtStatus
{
    /// <summary>Whether a search is in progress.</summary>
    public required bool IsSearching { get; init; }

    /// <summary>The time since the last search that was answered; null if there was none.</summary>
    public TimeSpan? LastSearch { get; init; }

    /// <summary>The time until the next search; null if none is planned.</summary>
    public TimeSpan? NextSearch { get; init; }

    /// <summary>The number of peers found by the last search; null before the first.</summary>
    public int? Peers { get; init; }
}
