namespace Freshet.Core.Trackers;

/// <summary>How it stands with one tracker of a torrent, for people.</summary>
public sealed record TrackerStatus
{
    /// <summary>The announce URL as the torrent has it.</summary>
    public required string Url { get; init; }

    /// <summary>The tier it belongs to, from 0.</summary>
    public required int Tier { get; init; }

    /// <summary>How it stands.</summary>
    public required TrackerState State { get; init; }

    /// <summary>What the tracker last said, in its own words, or why it could not be asked; null if there is nothing to say.</summary>
    public string? Message { get; init; }

    /// <summary>How long until it is asked next; null if that is not planned.</summary>
    public TimeSpan? NextAnnounce { get; init; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>Peers that have everything, as the tracker counts; null if it has not said.</summary>
    public int? Seeders { get; init; }

    /// <summary>Peers that lack something, as the tracker counts; null if it has not said.</summary>
    public int? Leechers { get; init; }

    /// <summary>Peers in the last answer; null before there is one.</summary>
    public int? Peers { get; init; }
}
