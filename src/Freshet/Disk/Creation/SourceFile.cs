namespace Freshet.Disk.Creation;

/// <summary>A file that a torrent is made of.</summary>
/// <param name="Path">Where it lies; null for a pad file, which is zeros.</param>
/// <param name="Length">Bytes.</param>
internal readonly record struct SourceFile(string? Path, long Length);
