using Freshet.FileSystem;

namespace Freshet.Disk;

/// <summary>
/// A torrent's bytes, wherever they are kept. Offsets are those of the torrent, as in <see cref="Core.Pieces.PieceLayout"/>. Every method
/// is thread-safe, blocks while the disk works, and returns the error, or null.
/// </summary>
internal interface IStorage : IDisposable
{
    /// <summary>Writes buffers one after the other.</summary>
    StorageError? Write(long offset, ReadOnlySpan<IoBuffer> buffers);

    /// <summary>Fills buffers one after the other.</summary>
    StorageError? Read(long offset, ReadOnlySpan<IoBuffer> buffers);

    /// <summary>Fills buffers if that needs no wait for the disk; otherwise returns false, and their content is undefined.</summary>
    bool TryReadCached(long offset, ReadOnlySpan<IoBuffer> buffers);

    /// <summary>
    /// Makes durable what was written before, and what <see cref="OnFoundGood"/> reported. Must not be called while another flush runs.
    /// </summary>
    StorageError? Flush();

    /// <summary>
    /// The data read here is right, and may be recorded. The program that wrote it need not have flushed it, so the next flush does.
    /// </summary>
    void OnFoundGood(long offset, int length);

    /// <summary>Recognizes holes and missing files without reading.</summary>
    Extent ExtentOf(long offset, int length);

    /// <summary>Announces that a run will be read soon, so that the system may read ahead.</summary>
    void Prefetch(long offset, int length);
}
