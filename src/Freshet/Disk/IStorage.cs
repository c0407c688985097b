using Freshet.FileSystem;

namespace Freshet.Disk;

/// <summary>
/// A torrent's bytes, wherever they are kept. Offsets are the torrent's, as <see cref="Core.Pieces.PieceLayout"/> has them. Every
/// method may be called from any thread and several at once, blocks while the disk works, and returns the trouble, or null.
/// </summary>
internal interface IStorage : IDisposable
{
    /// <summary>Writes buffers one after the other.</summary>
    StorageError? Write(long offset, ReadOnlySpan<IoBuffer> buffers);

    /// <summary>Fills buffers one after the other.</summary>
    StorageError? Read(long offset, ReadOnlySpan<IoBuffer> buffers);

    /// <summary>Fills buffers if that needs no wait for the disk; else false, and what is in them is undefined.</summary>
    bool TryReadCached(long offset, ReadOnlySpan<IoBuffer> buffers);

    /// <summary>
    /// Makes durable what was written before, and what <see cref="OnFoundGood"/> was told of. Not to be called while another flush runs.
    /// </summary>
    StorageError? Flush();

    /// <summary>
    /// What was read here is right, and may be recorded. Whoever wrote it need not have flushed it, so the next flush does.
    /// </summary>
    void OnFoundGood(long offset, int length);

    /// <summary>Tells holes and missing files without reading.</summary>
    Extent ExtentOf(long offset, int length);

    /// <summary>Says that a run will be read soon, so that the system may begin.</summary>
    void Prefetch(long offset, int length);
}
