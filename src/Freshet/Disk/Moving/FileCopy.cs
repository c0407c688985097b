using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Freshet.FileSystem;

namespace Freshet.Disk.Moving;

/// <summary>
/// Copies and compares files step by step, holes as holes. A step may outlast its move: a disk that does not respond is left behind, and
/// may still write to the buffers when it responds. So they are left to the garbage collector.
/// </summary>
internal sealed unsafe class FileCopy(IFileSystem system)
{
    private byte[]? _one;
    private byte[]? _other;

    /// <summary>Copies a file's content to another, durably; yields the bytes copied since the last step.</summary>
    /// <exception cref="IOException">A disk fails.</exception>
    public IEnumerable<long> Copy(FilePath from, FilePath to, bool isExecutable)
    {
        using IFile source = system.Open(from, FileOpening.Read);
        using IFile target = system.Open(to, FileOpening.Create);
        target.SetLength(0);
        if (isExecutable)
            target.MakeExecutable();
        long length = source.Stat().Length;
        for (long at = source.FindData(0); at < length; at = source.FindData(at))
        {
            long begin = at;
            at = CopyRun(source, target, at, Math.Min(length, at + MoveLimits.StepLength));
            yield return at - begin;
        }

        target.SetLength(length);
        target.Flush();
    }

    /// <summary>Compares two files to the end; throws if they differ.</summary>
    /// <exception cref="IOException">A disk fails, or the files differ.</exception>
    public IEnumerable<long> Compare(FilePath one, FilePath other)
    {
        using IFile first = system.Open(one, FileOpening.Read);
        using IFile second = system.Open(other, FileOpening.Read);
        long length = first.Stat().Length;
        if (second.Stat().Length != length)
            throw new FilesDifferException(one.Full, other.Full);
        for (long at = DataIn(first, second, 0); at < length; at = DataIn(first, second, at))
        {
            at = CompareRun(first, second, at, Math.Min(length, at + MoveLimits.StepLength));
            if (at < 0)
                throw new FilesDifferException(one.Full, other.Full);
            yield return 0;
        }
    }

    /// <summary>Makes a file's content durable, whoever has written it.</summary>
    public void Flush(FilePath path)
    {
        // Only Windows requires write access for this.
        using IFile file = system.Open(path, OperatingSystem.IsWindows() ? FileOpening.Write : FileOpening.Read);
        file.Flush();
    }

    private static long DataIn(IFile first, IFile second, long at) => Math.Min(first.FindData(at), second.FindData(at));

    private long CopyRun(IFile source, IFile target, long at, long end)
    {
        byte[] buffer = _one ??= NewBuffer();
        while (at < end)
        {
            int read = Fill(source, buffer, at, end);
            if (read == 0)
                throw Errno.ToException(Errno.InputOutput, "a file that became shorter");
            IoCursor cursor = new([new IoBuffer(AddressOf(buffer), read)]);
            VectoredIo.Write(target, ref cursor, at, read);
            at += read;
        }

        return at;
    }

    // The offset up to which they are equal; -1 if they differ.
    private long CompareRun(IFile first, IFile second, long at, long end)
    {
        byte[] one = _one ??= NewBuffer();
        byte[] other = _other ??= NewBuffer();
        while (at < end)
        {
            int read = Fill(first, one, at, end);
            if (read == 0 || Fill(second, other, at, at + read) != read || !one.AsSpan(0, read).SequenceEqual(other.AsSpan(0, read)))
                return -1;
            at += read;
        }

        return at;
    }

    private static byte[] NewBuffer() => GC.AllocateUninitializedArray<byte>(MoveLimits.BufferLength, pinned: true);

    private static nint AddressOf(byte[] pinned) => (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));

    private static int Fill(IFile file, byte[] buffer, long at, long end)
    {
        int wanted = (int)Math.Min(MoveLimits.BufferLength, end - at);
        int done = 0;
        for (int read; done < wanted && (read = file.Read([new IoBuffer(AddressOf(buffer) + done, wanted - done)], at + done)) > 0;)
            done += read;
        return done;
    }
}
