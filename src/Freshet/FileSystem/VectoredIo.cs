using System.Runtime.CompilerServices;

namespace Freshet.FileSystem;

/// <summary>Reads and writes many buffers at a place of a file with few calls, without allocating.</summary>
internal static class VectoredIo
{
    // Below every system's IOV_MAX (16 is what POSIX promises, 1,024 what they have); 4 MiB of blocks, 4 KiB of stack.
    private const int MaxBuffers = 256;

    /// <summary>Writes the cursor's next <paramref name="length"/> bytes; true, since it throws if it cannot write them all.</summary>
    [SkipLocalsInit]
    public static bool Write(IFile file, ref IoCursor cursor, long offset, int length)
    {
        Span<IoBuffer> run = stackalloc IoBuffer[MaxBuffers];
        while (length > 0)
        {
            int count = cursor.Peek(run, length);
            int written = file.Write(run[..count], offset);
            cursor.Advance(written);
            offset += written;
            length -= written;
        }

        return true;
    }

    /// <summary>Reads into the cursor's next <paramref name="length"/> bytes; false if the file ends before.</summary>
    [SkipLocalsInit]
    public static bool TryRead(IFile file, ref IoCursor cursor, long offset, int length)
    {
        Span<IoBuffer> run = stackalloc IoBuffer[MaxBuffers];
        while (length > 0)
        {
            int count = cursor.Peek(run, length);
            int read = file.Read(run[..count], offset);
            if (read == 0)
                return false;
            cursor.Advance(read);
            offset += read;
            length -= read;
        }

        return true;
    }

    /// <summary>As <see cref="TryRead"/>, but false as well if a disk would have to be waited for.</summary>
    [SkipLocalsInit]
    public static bool TryReadCached(IFile file, ref IoCursor cursor, long offset, int length)
    {
        Span<IoBuffer> run = stackalloc IoBuffer[MaxBuffers];
        while (length > 0)
        {
            int count = cursor.Peek(run, length);
            int read = file.ReadCached(run[..count], offset);
            if (read <= 0)
                return false;
            cursor.Advance(read);
            offset += read;
            length -= read;
        }

        return true;
    }
}
