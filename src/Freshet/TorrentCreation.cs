using System.Collections.Immutable;

namespace Freshet;

/// <summary>The content of a new torrent apart from its files; see <see cref="TorrentCreator"/>. Immutable.</summary>
public sealed record TorrentCreation
{
    /// <summary>Announce URLs by tier (BEP 12). Default: none.</summary>
    public ImmutableArray<ImmutableArray<string>> Trackers { get; init; } = [];

    /// <summary>Web seed URLs (BEP 19). Default: none.</summary>
    public ImmutableArray<string> WebSeeds { get; init; } = [];

    /// <summary>
    /// The piece length in bytes, a power of two from 16 KiB to 256 MiB. Null, the default, chooses by the size of the data.
    /// </summary>
    public int? PieceLength { get; init; }

    /// <summary>Whether the torrent is private, so that peers are found by its trackers only (BEP 27). Default: false.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Free text, or null, the default.</summary>
    public string? Comment { get; init; }

    /// <summary>A tag that changes the torrent's info-hash, or null, the default.</summary>
    public string? Source { get; init; }

    /// <summary>The name of the program that creates it, or null, the default.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>The creation date. Null, the default, leaves it out, so that the same data gives the same file.</summary>
    public DateTimeOffset? CreationDate { get; init; }

    /// <summary>
    /// Called with the target path of each link in the folder; a link for which it returns false is an error. Null, the default, follows
    /// all links.
    /// </summary>
    public Predicate<string>? AllowsLink { get; init; }
}
