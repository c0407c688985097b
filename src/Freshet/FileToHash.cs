namespace Freshet;

/// <summary>A file that a new torrent is made of; see <see cref="PieceHashes"/>.</summary>
/// <param name="Path">Where it is; null for a pad file, which is zeros and stored nowhere (BEP 47).</param>
/// <param name="Length">Its length in bytes, as the torrent will say.</param>
public readonly record struct FileToHash(string? Path, long Length);
