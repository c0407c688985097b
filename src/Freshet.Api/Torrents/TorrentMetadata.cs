namespace Freshet.Api;

/// <summary>What a .torrent file says beside names and sizes.</summary>
public sealed record TorrentMetadata
{
    /// <summary>Bytes of a piece.</summary>
    public required int PieceLength { get; init; }

    /// <summary>Its files, without padding.</summary>
    public required int FileCount { get; init; }

    /// <summary>Whether peers may come only from its trackers (BEP 27).</summary>
    public required bool Private { get; init; }

    /// <summary>The comment, or null.</summary>
    public required string? Comment { get; init; }

    /// <summary>The program that made it, or null.</summary>
    public required string? CreatedBy { get; init; }

    /// <summary>When it was made, or null.</summary>
    public required DateTimeOffset? CreatedAt { get; init; }

    /// <summary>URLs of web seeds (BEP 19).</summary>
    public required IReadOnlyList<string> WebSeeds { get; init; }
}
