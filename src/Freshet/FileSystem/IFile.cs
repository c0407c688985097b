namespace Freshet.FileSystem;

/// <summary>
/// An open file. Every method may be called from any thread and several at once, blocks while the system works unless it says
/// otherwise, and throws an IOException with the system's error number, as the framework does.
/// </summary>
internal interface IFile : IDisposable
{
    /// <summary>Reads into buffers in order; the bytes read, fewer than there is room for if it likes, 0 at the end of the file.</summary>
    int Read(ReadOnlySpan<IoBuffer> buffers, long offset);

    /// <summary>As <see cref="Read"/>, but only what needs no wait for a disk; -1 if that is nothing, or cannot be known.</summary>
    int ReadCached(ReadOnlySpan<IoBuffer> buffers, long offset);

    /// <summary>Writes buffers in order; the bytes written, at least one.</summary>
    int Write(ReadOnlySpan<IoBuffer> buffers, long offset);

    /// <summary>What the file looks like.</summary>
    FileEntry Stat();

    /// <summary>
    /// Makes what was written durable, and the length with it. Not the file's name: see <see cref="IFileSystem.FlushFolder"/>.
    /// </summary>
    void Flush();

    void SetLength(long length);

    /// <summary>Takes the space for so many bytes, where the file system can; in any case the file is as long afterwards.</summary>
    void Allocate(long length);

    /// <summary>
    /// Where the next bytes begin that are not a hole, at the offset or behind it; the offset itself if the system cannot say.
    /// </summary>
    /// <returns>The place, or <see cref="long.MaxValue"/> if there are none.</returns>
    long FindData(long offset);

    /// <summary>Says that a run will be read soon. Does not wait.</summary>
    void Prefetch(long offset, long length);

    /// <summary>Lets those run the file who may read it.</summary>
    void MakeExecutable();
}
