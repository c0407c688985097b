namespace Freshet.Api;

/// <summary>All that is known of one torrent, apart from its files, peers, trackers and pieces.</summary>
public sealed record TorrentDetails
{
    /// <summary>What lists show.</summary>
    public required TorrentItem Torrent { get; init; }

    /// <summary>Its version 2 info-hash, 64 hexadecimal digits, or null.</summary>
    public required string? HashV2 { get; init; }

    /// <summary>A magnet link to it, with its trackers.</summary>
    public required string Magnet { get; init; }

    /// <summary>What its .torrent says; null without metadata.</summary>
    public required TorrentMetadata? Metadata { get; init; }

    /// <summary>Where its files are until it is complete, if elsewhere; else null.</summary>
    public required string? IncompleteFolder { get; init; }

    /// <summary>Whether nothing is overwritten in files that were there before it was added.</summary>
    public required bool KeepExisting { get; init; }

    /// <summary>Its settings.</summary>
    public required TorrentSettings Settings { get; init; }

    /// <summary>Seconds that it was running, in all runs.</summary>
    public required long ActiveTime { get; init; }

    /// <summary>Seconds of that in which it was complete.</summary>
    public required long SeedingTime { get; init; }
}
