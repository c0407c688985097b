using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Freshet.FileSystem;

/// <summary>An open file of the system. It uses the C library's vectored calls where available, and allocates nothing.</summary>
internal sealed unsafe class SystemFile(SafeFileHandle handle, string path, bool isLocked = false) : IFile
{
    // How to read cached data; determined by the file system's first answer.
    private volatile CachedReads _cachedReads = Native.HasCachedReads ? CachedReads.Asked : CachedReads.None;

    private SafeFileHandle Handle => handle;

    public int Read(ReadOnlySpan<IoBuffer> buffers, long offset)
    {
        if (!Native.HasVectoredIo)
            return RandomAccess.Read(handle, buffers[0].Span, offset);

        fixed (IoBuffer* first = buffers)
        {
            while (true)
            {
                nint read = Native.PReadV(handle, first, buffers.Length, offset);
                if (read >= 0)
                    return (int)read;
                ThrowUnlessInterrupted();
            }
        }
    }

    public int ReadCached(ReadOnlySpan<IoBuffer> buffers, long offset)
    {
        CachedReads how = _cachedReads;
        if (how == CachedReads.None)
            return -1;
        fixed (IoBuffer* first = buffers)
        {
            nint read = how == CachedReads.Always
                ? Native.PReadV(handle, first, buffers.Length, offset)
                : Native.PReadV2(handle, first, buffers.Length, offset, Native.NoWait);
            if (read >= 0)
                return (int)read;
        }

        // Any other error will recur when the bytes are actually read.
        if (how == CachedReads.Always || Marshal.GetLastPInvokeError() != Errno.NotSupported)
            return -1;
        _cachedReads = Native.IsInMemory(handle) ? CachedReads.Always : CachedReads.None;
        return ReadCached(buffers, offset);
    }

    public int Write(ReadOnlySpan<IoBuffer> buffers, long offset)
    {
        if (!Native.HasVectoredIo)
        {
            RandomAccess.Write(handle, buffers[0].Span, offset);
            return (int)buffers[0].Length;
        }

        fixed (IoBuffer* first = buffers)
        {
            while (true)
            {
                nint written = Native.PWriteV(handle, first, buffers.Length, offset);
                if (written > 0)
                    return (int)written;
                if (written == 0)
                    throw Errno.ToException(Errno.NoSpace, path);
                ThrowUnlessInterrupted();
            }
        }
    }

    public FileEntry Stat() => FileStat.IsSupported
        ? FileStat.Of(handle, path)
        : new FileEntry(FileKind.File, RandomAccess.GetLength(handle), File.GetLastWriteTimeUtc(handle));

    public void Flush() => DiskFlush.Flush(handle, path);

    public void SetLength(long length) => RandomAccess.SetLength(handle, length);

    public void Allocate(long length)
    {
        if (RandomAccess.GetLength(handle) >= length)
            return;
        int error = Errno.InvalidArgument;
        while (Native.HasFileAdvice && (error = Native.FAllocate(handle, 0, length)) == Errno.Interrupted)
        {
            // Retry: a signal interrupted the call.
        }

        if (error is 0)
            return;

        // Not every file system can; then only the length is set, which most refuse without enough space.
        if (error is not Errno.InvalidArgument && error != Errno.NotSupported)
            throw Errno.ToException(error, path);
        RandomAccess.SetLength(handle, length);
    }

    public bool TryClone(IFile source) =>
        OperatingSystem.IsLinux() && source is SystemFile other && Native.CloneInto(handle, other.Handle) == 0;

    public long FindData(long offset)
    {
        if (!Native.HasFileAdvice)
            return offset;
        long data = Native.LSeek(handle, offset, Native.SeekData);
        if (data >= 0)
            return data;
        return Marshal.GetLastPInvokeError() == Errno.NoSuchDeviceOrAddress ? long.MaxValue : offset;
    }

    // If the advice is ignored, no harm is done.
    public void Prefetch(long offset, long length) =>
        _ = Native.HasFileAdvice ? Native.FAdvise(handle, offset, length, Native.AdviseWillNeed) : 0;

    public void MakeExecutable()
    {
        if (OperatingSystem.IsWindows())
            return;
        UnixFileMode mode = File.GetUnixFileMode(handle);
        const UnixFileMode read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        File.SetUnixFileMode(handle, mode | (UnixFileMode)((int)(mode & read) >> 2));
    }

    public void Dispose()
    {
        // Closing is not enough: a process that is just being started has the handle too, until it runs its program.
        if (isLocked && !handle.IsClosed)
            _ = Native.Lock(handle, Native.Unlock);
        handle.Dispose();
    }

    private void ThrowUnlessInterrupted()
    {
        int error = Marshal.GetLastPInvokeError();
        if (error != Errno.Interrupted)
            throw Errno.ToException(error, path);
    }

    private enum CachedReads
    {
        /// <summary>The file system does not report what it has cached.</summary>
        None,

        /// <summary>It answers at once, with what it has cached.</summary>
        Asked,

        /// <summary>All files are in memory.</summary>
        Always,
    }
}
