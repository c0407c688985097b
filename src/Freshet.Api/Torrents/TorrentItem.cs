namespace Freshet.Api;

/// <summary>A torrent as lists and events show it.</summary>
public sealed record TorrentItem
{
    /// <summary>Its info-hash, 40 hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>Its name; until the metadata is known, that of the magnet link, or the info-hash.</summary>
    public required string Name { get; init; }

    /// <summary>What it is doing.</summary>
    public required StateCode State { get; init; }

    /// <summary>Why it waits for the disk or failed; null in other states.</summary>
    public required ReasonCode? Reason { get; init; }

    /// <summary>What it is doing, or why it is not faster, in a sentence.</summary>
    public required string Why { get; init; }

    /// <summary>How many connected peers have the rarest of the missing pieces; null if none is missing, or that is not known.</summary>
    public int? Availability { get; init; }

    /// <summary>Copies of the torrent among the connected peers and here; null without metadata.</summary>
    public double? Copies { get; init; }

    /// <summary>The verified part of what is wanted, 0 to 1; while it is checked, the part that is checked.</summary>
    public required double Progress { get; init; }

    /// <summary>Bytes of its files without padding; null without metadata.</summary>
    public required long? Size { get; init; }

    /// <summary>Wanted bytes that are missing.</summary>
    public required long Left { get; init; }

    /// <summary>Payload bytes received, in all runs.</summary>
    public required long Downloaded { get; init; }

    /// <summary>Payload bytes sent, in all runs.</summary>
    public required long Uploaded { get; init; }

    /// <summary>Payload bytes received for nothing, in this run.</summary>
    public required long Wasted { get; init; }

    /// <summary>Uploaded bytes divided by downloaded ones, or by those that are there if they are more; null if nothing is there.</summary>
    public required double? Ratio { get; init; }

    /// <summary>Payload bytes received per second.</summary>
    public required long DownloadRate { get; init; }

    /// <summary>Payload bytes sent per second.</summary>
    public required long UploadRate { get; init; }

    /// <summary>Seconds until it is complete at the present rate; null if never or unknown.</summary>
    public required long? Eta { get; init; }

    /// <summary>Connected peers.</summary>
    public required int Peers { get; init; }

    /// <summary>Connected peers that have everything.</summary>
    public required int Seeds { get; init; }

    /// <summary>Addresses that are known and not connected.</summary>
    public required int KnownPeers { get; init; }

    /// <summary>The most complete peers that a tracker reported; null if none did.</summary>
    public required int? SwarmSeeders { get; init; }

    /// <summary>The most incomplete peers that a tracker reported; null if none did.</summary>
    public required int? SwarmLeechers { get; init; }

    /// <summary>Whether its files are known.</summary>
    public required bool HasMetadata { get; init; }

    /// <summary>All pieces; 0 without metadata.</summary>
    public required int Pieces { get; init; }

    /// <summary>Verified pieces.</summary>
    public required int PiecesHave { get; init; }

    /// <summary>The user's labels, sorted.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The user's category, or null.</summary>
    public required string? Category { get; init; }

    /// <summary>The hosts of its trackers, each once.</summary>
    public required IReadOnlyList<string> Trackers { get; init; }

    /// <summary>What a tracker said last if none of them works, or null.</summary>
    public required string? TrackerError { get; init; }

    /// <summary>The absolute path of its folder.</summary>
    public required string Folder { get; init; }

    /// <summary>How far its files have been moved to another folder; null if they are not being moved.</summary>
    public MoveItem? Move { get; init; }

    /// <summary>Whether its pieces are fetched in order.</summary>
    public required bool Sequential { get; init; }

    /// <summary>Whether it is active without waiting for its turn.</summary>
    public required bool Forced { get; init; }

    /// <summary>Its place in the queue: the smaller come first. Numbers are not consecutive, and stay when others move.</summary>
    public required double Order { get; init; }

    /// <summary>How many that wait for their turn come before it; null if it does not wait.</summary>
    public required int? QueuedBehind { get; init; }

    /// <summary>The limit that stopped its seeding; null if none has.</summary>
    public required SeedLimitCode? SeedLimit { get; init; }

    /// <summary>When it was added; null if that is not known.</summary>
    public required DateTimeOffset? AddedAt { get; init; }

    /// <summary>When it was complete for the first time; null if it never was.</summary>
    public required DateTimeOffset? CompletedAt { get; init; }
}
