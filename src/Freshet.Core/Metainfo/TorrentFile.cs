namespace Freshet.Core.Metainfo;

/// <summary>A file of a torrent, its path already made safe.</summary>
public sealed record TorrentFile
{
    /// <summary>Its place in the torrent, from 0, pad files counted.</summary>
    public required int Index { get; init; }

    /// <summary>
    /// Where it lies below the download folder, with <c>/</c> between elements. A torrent of several files has its name as the
    /// first element.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>
    /// The path that the torrent itself gives, percent-encoded, if it had to be made safe: by it web seeds know the file.
    /// </summary>
    internal string? GivenPath { get; init; }

    /// <summary>The path before it was made unique; null if it is unique by itself.</summary>
    internal string? SharedPath { get; init; }

    /// <summary>The path that the torrent itself gives, percent-encoded, with <c>/</c> between elements.</summary>
    internal string PathInUrl => GivenPath ?? UrlPath.Of(SharedPath ?? Path);

    /// <summary>Bytes.</summary>
    public required long Length { get; init; }

    /// <summary>The torrent's byte at which the file begins; see <see cref="Pieces.PieceLayout"/>.</summary>
    public required long Offset { get; init; }

    /// <summary>Attributes (BEP 47).</summary>
    public FileTraits Traits { get; init; }

    /// <summary>For a symbolic link, the path it points to, made safe, below the download folder as <see cref="Path"/> is. Null for what is
    /// no link, and for a link that leads out of the torrent or to nothing in it: such a one must not be made.</summary>
    public string? SymlinkTarget { get; init; }

    /// <summary>Whether it only fills up to a piece border: zeros that are never stored (BEP 47).</summary>
    public bool IsPadding => (Traits & FileTraits.Padding) != 0;
}
