namespace Freshet;

/// <summary>A file of a new torrent, to be hashed; see <see cref="PieceHashes"/>.</summary>
/// <param name="Path">The file's path; null for a pad file, which is all zeros and not stored (BEP 47).</param>
/// <param name="Length">The length in bytes that the torrent will state.</param>
public readonly record struct FileToHash(string? Path, long Length);
