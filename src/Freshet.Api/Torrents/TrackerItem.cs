namespace Freshet.Api;

/// <summary>A tracker of a torrent.</summary>
public sealed record TrackerItem
{
    /// <summary>Its announce URL, with **** in place of what may be a passkey unless keys were asked for.</summary>
    public required string Url { get; init; }

    /// <summary>Its tier, from 0.</summary>
    public required int Tier { get; init; }

    /// <summary>Its state.</summary>
    public required TrackerStateCode State { get; init; }

    /// <summary>What it said last, in its own words, or why it could not be asked; or null.</summary>
    public required string? Message { get; init; }

    /// <summary>When it answered last; null if it has not yet.</summary>
    public required DateTimeOffset? LastAnnounce { get; init; }

    /// <summary>When it is asked next; null if that is not planned.</summary>
    public required DateTimeOffset? NextAnnounce { get; init; }

    /// <summary>Failures in a row.</summary>
    public required int Failures { get; init; }

    /// <summary>Complete peers, as it counts; or null.</summary>
    public required int? Seeders { get; init; }

    /// <summary>Incomplete peers, as it counts; or null.</summary>
    public required int? Leechers { get; init; }

    /// <summary>Peers in its last answer; or null.</summary>
    public required int? Peers { get; init; }
}
