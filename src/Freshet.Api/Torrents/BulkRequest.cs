namespace Freshet.Api;

/// <summary>One action on several torrents.</summary>
public sealed record BulkRequest
{
    /// <summary>What to do.</summary>
    public required BulkAction Action { get; init; }

    /// <summary>Their info-hashes, at most 10,000.</summary>
    public required IReadOnlyList<string> Hashes { get; init; }

    /// <summary>For remove: whether their files are deleted. Default: false.</summary>
    public bool? DeleteFiles { get; init; }

    /// <summary>For move: the folder, absolute or relative to the download folder.</summary>
    public string? Folder { get; init; }

    /// <summary>For change: the new settings.</summary>
    public TorrentChange? Change { get; init; }
}
