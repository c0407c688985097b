namespace Freshet.Core.Trackers;

/// <summary>The state of one tracker of a torrent, at one moment.</summary>
public sealed record TrackerStatus
{
    /// <summary>
    /// The announce URL as the torrent has it. It may hold a key that is the user's own; <see cref="MaskedUrl"/> does not.
    /// </summary>
    public required string Url { get; init; }

    /// <summary>The announce URL without what may be a key, fit for logs.</summary>
    public string MaskedUrl => TrackerUrl.Mask(Url);

    /// <summary>The tier it belongs to, from 0.</summary>
    public required int Tier { get; init; }

    /// <summary>Its state.</summary>
    public required TrackerState State { get; init; }

    /// <summary>What the tracker last said, in its own words, or why it could not be asked; null if there is nothing to say.</summary>
    public string? Message { get; init; }

    /// <summary>How long ago it answered an announce last; null if it has not yet.</summary>
    public TimeSpan? LastAnnounce { get; init; }

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
