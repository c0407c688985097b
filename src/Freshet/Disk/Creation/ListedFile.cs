namespace Freshet.Disk.Creation;

/// <summary>A file that goes into a new torrent.</summary>
/// <param name="FullPath">Where it lies.</param>
/// <param name="Path">Its place below the torrent's folder, with <c>/</c> between elements; empty for a torrent of a single file.</param>
/// <param name="Length">Bytes.</param>
/// <param name="IsExecutable">Whether its owner may run it; never on Windows.</param>
internal sealed record ListedFile(string FullPath, string Path, long Length, bool IsExecutable);
