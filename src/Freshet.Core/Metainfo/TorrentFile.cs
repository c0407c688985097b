namespace Freshet.Core.Metainfo;

/// <summary>A file of a torrent, with a safe path.</summary>
public sealed record TorrentFile
{
    /// <summary>The index in the torrent, counted from 0, including pad files.</summary>
    public required int Index { get; init; }

    /// <summary>
    /// The path in the output folder, with <c>/</c> between elements. In a torrent of several files, the first element is the torrent's
    /// name.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>The torrent's own path for the file, percent-encoded, if it had to be made safe: web seeds know the file by it.</summary>
    internal string? GivenPath { get; init; }

    /// <summary>The path before it was made unique; null if it was unique.</summary>
    internal string? SharedPath { get; init; }

    /// <summary>The torrent's own path for the file, percent-encoded, with <c>/</c> between elements.</summary>
    internal string PathInUrl => GivenPath ?? UrlPath.Of(SharedPath ?? Path);

    /// <summary>The length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>The torrent's byte at which the file begins; see <see cref="Pieces.PieceLayout"/>.</summary>
    public required long Offset { get; init; }

    /// <summary>Attributes (BEP 47).</summary>
    public FileTraits Traits { get; init; }

    /// <summary>
    /// For a symbolic link, its target: a safe path in the output folder, like <see cref="Path"/>. Null if the file is not a link, or if
    /// the link leads out of the torrent or to nothing in it; such a link must not be created.
    /// </summary>
    public string? SymlinkTarget { get; init; }

    /// <summary>Whether the file is only padding up to a piece boundary: zeros that are never stored (BEP 47).</summary>
    public bool IsPadding => (Traits & FileTraits.Padding) != 0;
}
