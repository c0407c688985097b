namespace Freshet.Core.Pieces;

/// <summary>A run of bytes of one file.</summary>
/// <param name="FileIndex">The file's place in the torrent.</param>
/// <param name="Offset">Where the run begins within the file.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct FileSlice(int FileIndex, long Offset, int Length);
