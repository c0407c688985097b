using System.Collections.Immutable;

namespace Freshet;

/// <summary>What a new torrent is to say beside its files; see <see cref="TorrentCreator"/>. Immutable.</summary>
public sealed record TorrentCreation
{
    /// <summary>Announce URLs by tiers (BEP 12). Default: none.</summary>
    public ImmutableArray<ImmutableArray<string>> Trackers { get; init; } = [];

    /// <summary>URLs of web seeds (BEP 19). Default: none.</summary>
    public ImmutableArray<string> WebSeeds { get; init; } = [];

    /// <summary>
    /// Bytes of a piece, a power of two from 16 KiB to 256 MiB. Null, the default, chooses by the size of the data.
    /// </summary>
    public int? PieceLength { get; init; }

    /// <summary>Whether peers may be found by the trackers only (BEP 27). Default: false.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Free text, or null, the default.</summary>
    public string? Comment { get; init; }

    /// <summary>A tag that gives the torrent an info-hash of its own, or null, the default.</summary>
    public string? Source { get; init; }

    /// <summary>The program that makes it, or null, the default.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>When it is made. Null, the default, leaves it out, so that the same data gives the same file.</summary>
    public DateTimeOffset? CreationDate { get; init; }

    /// <summary>
    /// Asked for the path that each link in the folder leads to; a link for which it says no is an error. Null, the default, follows all.
    /// </summary>
    public Predicate<string>? AllowsLink { get; init; }
}
