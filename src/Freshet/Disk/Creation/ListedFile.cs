namespace Freshet.Disk.Creation;

/// <summary>A file that goes into a new torrent.</summary>
/// <param name="FullPath">The file's path on disk.</param>
/// <param name="Path">Its path below the torrent's folder, with <c>/</c> between elements; empty for a torrent of a single file.</param>
/// <param name="Length">Its length in bytes.</param>
/// <param name="IsExecutable">Whether its owner may execute it; always false on Windows.</param>
internal sealed record ListedFile(string FullPath, string Path, long Length, bool IsExecutable);
