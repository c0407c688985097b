namespace Freshet.Api;

/// <summary>What a .torrent or a magnet link says.</summary>
public sealed record InspectedTorrent
{
    /// <summary>Its info-hash, 40 hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>Its version 2 info-hash, 64 hexadecimal digits, or null.</summary>
    public required string? HashV2 { get; init; }

    /// <summary>Its name; null if a magnet link has none.</summary>
    public required string? Name { get; init; }

    /// <summary>Bytes of its files without padding; null for a magnet link.</summary>
    public required long? Size { get; init; }

    /// <summary>Its pieces; null for a magnet link.</summary>
    public required int? Pieces { get; init; }

    /// <summary>Bytes of a piece; null for a magnet link.</summary>
    public required int? PieceLength { get; init; }

    /// <summary>Whether peers may come only from its trackers; null for a magnet link.</summary>
    public required bool? Private { get; init; }

    /// <summary>The comment, or null.</summary>
    public required string? Comment { get; init; }

    /// <summary>The program that made it, or null.</summary>
    public required string? CreatedBy { get; init; }

    /// <summary>When it was made, or null.</summary>
    public required DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Its tiers of trackers.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Trackers { get; init; }

    /// <summary>URLs of web seeds.</summary>
    public required IReadOnlyList<string> WebSeeds { get; init; }

    /// <summary>Its files without padding; null for a magnet link.</summary>
    public required IReadOnlyList<InspectedFile>? Files { get; init; }

    /// <summary>What was changed to make it safe.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Whether the session has it already.</summary>
    public required bool Exists { get; init; }
}
