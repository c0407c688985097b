namespace Freshet.Api;

/// <summary>A torrent to make of a file or folder of the server. What is null has its default.</summary>
public sealed record CreateTorrent
{
    /// <summary>The file or folder: absolute, or relative to the download folder.</summary>
    public required string Path { get; init; }

    /// <summary>Tiers of announce URLs. Default: none.</summary>
    public IReadOnlyList<IReadOnlyList<string>>? Trackers { get; init; }

    /// <summary>URLs of web seeds. Default: none.</summary>
    public IReadOnlyList<string>? WebSeeds { get; init; }

    /// <summary>Bytes of a piece, a power of two from 16 KiB to 256 MiB; 0, the default, lets the daemon choose.</summary>
    public int? PieceLength { get; init; }

    /// <summary>Whether peers may come only from its trackers. Default: false.</summary>
    public bool? Private { get; init; }

    /// <summary>A comment.</summary>
    public string? Comment { get; init; }

    /// <summary>The tag of a tracker.</summary>
    public string? Source { get; init; }

    /// <summary>Whether it is added to the session when it is made. Default: false.</summary>
    public bool? Seed { get; init; }
}
