using Freshet.FileSystem;

namespace Freshet.SimulatedFiles;

/// <summary>An open file of a <see cref="SimulatedFileSystem"/>. It remains the same file when its name is given to another file.</summary>
internal sealed class SimulatedFile(SimulatedFileSystem system, int number, string path, bool isLocked) : IFile
{
    private const int PageLength = FileContent.PageLength;
    private int _isClosed;

    public int Read(ReadOnlySpan<IoBuffer> buffers, long offset)
    {
        byte[] content = new byte[IoBuffer.TotalOf(buffers)];
        int count = Run(FileOperation.Read, offset, content.Length, false, file => file.Now.Read(offset, content));
        int done = 0;
        foreach (IoBuffer buffer in buffers)
        {
            int take = Math.Min((int)buffer.Length, count - done);
            content.AsSpan(done, take).CopyTo(buffer.Span);
            done += take;
        }

        return count;
    }

    // Nothing is cached: every read can fail.
    public int ReadCached(ReadOnlySpan<IoBuffer> buffers, long offset) => -1;

    public int Write(ReadOnlySpan<IoBuffer> buffers, long offset)
    {
        byte[] content = new byte[IoBuffer.TotalOf(buffers)];
        int copied = 0;
        foreach (IoBuffer buffer in buffers)
        {
            buffer.Span.CopyTo(content.AsSpan(copied));
            copied += (int)buffer.Length;
        }

        // Writes page by page, since the process may end after each page.
        return Run(FileOperation.Write, offset, content.Length, true, _ =>
        {
            int done = 0;
            while (done < content.Length && WritePage(offset + done, content.AsSpan(done)) is int written and > 0)
                done += written;
            return done > 0 || content.Length == 0 ? done : throw Errno.ToException(Errno.NoSpace, path);
        });
    }

    public FileEntry Stat() => Run(FileOperation.Stat, 0, 0, false, _ => system.EntryOf(number));

    public void Flush() => Run(FileOperation.Flush, 0, 0, true, file =>
    {
        if (!system.FlushesLie)
            system.ChangeFile(number, file.Flush());
        return 0;
    });

    public void SetLength(long length) => Run(FileOperation.SetLength, 0, length, true, file =>
    {
        if (length != file.Now.Length)
            system.ChangeFile(number, file.Apply(new FileChange(0, null, length, system.NextTime())));
        return 0;
    });

    public void Allocate(long length)
    {
        if (Stat().Length < length)
            SetLength(length);
    }

    public bool TryClone(IFile source) => false;

    public long FindData(long offset) => Run(FileOperation.FindData, offset, 0, false, file => file.Now.FindData(offset));

    public void Prefetch(long offset, long length)
    {
    }

    public void MakeExecutable() => Run(FileOperation.MakeExecutable, 0, 0, true, file =>
    {
        system.ChangeFile(number, file with { IsExecutable = true });
        return 0;
    });

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0 && isLocked)
            system.Unlock(number);
    }

    private int WritePage(long offset, ReadOnlySpan<byte> content)
    {
        FileImage file = system.FileOf(number);
        long page = offset / PageLength;
        int at = (int)(offset % PageLength);
        int take = Math.Min(PageLength - at, content.Length);
        if (!file.Now.Pages.ContainsKey(page) && !system.HasRoom(1))
            return 0;
        byte[] bytes = [.. file.Now.PageAt(page)];
        content[..take].CopyTo(bytes.AsSpan(at));
        system.ChangeFile(number, file.Apply(new FileChange(page, bytes, offset + take, system.NextTime())));
        return take;
    }

    private T Run<T>(FileOperation operation, long offset, long length, bool writes, Func<FileImage, T> action)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isClosed) != 0, this);
        return system.Run(new FileCall(operation, path, offset, length, writes), () => action(system.FileOf(number)));
    }
}
