namespace Freshet.Core.Pieces;

/// <summary>A run of bytes of one file.</summary>
/// <param name="FileIndex">The index of the file in the torrent.</param>
/// <param name="Offset">The offset of the run within the file.</param>
/// <param name="Length">The length in bytes.</param>
public readonly record struct FileSlice(int FileIndex, long Offset, int Length);
