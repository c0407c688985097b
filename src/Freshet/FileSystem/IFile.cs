namespace Freshet.FileSystem;

/// <summary>
/// An open file. Every method is thread-safe, blocks while the system works unless it says otherwise, and throws an IOException with the
/// system's error number, as the framework does.
/// </summary>
internal interface IFile : IDisposable
{
    /// <summary>
    /// Reads into buffers in order; returns the bytes read, perhaps fewer than there is room for, and 0 at the end of the file.
    /// </summary>
    int Read(ReadOnlySpan<IoBuffer> buffers, long offset);

    /// <summary>Like <see cref="Read"/>, but reads only what needs no wait for the disk; -1 if that is nothing, or is not known.</summary>
    int ReadCached(ReadOnlySpan<IoBuffer> buffers, long offset);

    /// <summary>Writes buffers in order; returns the bytes written, at least one.</summary>
    int Write(ReadOnlySpan<IoBuffer> buffers, long offset);

    /// <summary>The file's current properties.</summary>
    FileEntry Stat();

    /// <summary>
    /// Makes the written data and the length durable, but not the file's name: see <see cref="IFileSystem.FlushFolder"/>.
    /// </summary>
    void Flush();

    void SetLength(long length);

    /// <summary>Allocates space, if the file system can; in any case the file has this length afterwards.</summary>
    void Allocate(long length);

    /// <summary>
    /// Gives this file, which is empty, the content of another by sharing its blocks until one of both is written; false if the file system
    /// cannot.
    /// </summary>
    bool TryClone(IFile source);

    /// <summary>Finds the next byte that is not in a hole, at the offset or after it; the offset itself if the system cannot say.</summary>
    /// <returns>The offset, or <see cref="long.MaxValue"/> if there is none.</returns>
    long FindData(long offset);

    /// <summary>Announces that a run will be read soon. Does not wait.</summary>
    void Prefetch(long offset, long length);

    /// <summary>Makes the file executable for everyone who may read it.</summary>
    void MakeExecutable();
}
