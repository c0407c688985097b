namespace Freshet.Core.Torrents;

/// <summary>How a torrent stands with the DHT. Immutable.</summary>
public sealed record TorrentDhtStatus
{
    /// <summary>Whether it is being asked now.</summary>
    public required bool IsSearching { get; init; }

    /// <summary>How long ago it was asked last and answered; null if it has not yet.</summary>
    public TimeSpan? LastSearch { get; init; }

    /// <summary>How long until it is asked next; null if that is not planned.</summary>
    public TimeSpan? NextSearch { get; init; }

    /// <summary>Peers that the last search found; null before there was one.</summary>
    public int? Peers { get; init; }
}
