namespace Freshet.Disk.Creation;

/// <summary>A file of a new torrent.</summary>
/// <param name="Path">Its path; null for a pad file, which is all zeros.</param>
/// <param name="Length">Its length in bytes.</param>
internal readonly record struct SourceFile(string? Path, long Length);
