using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Disk;

/// <summary>
/// Reads and writes many buffers at a place of a file with few system calls, without allocating. Trouble is an IOException with
/// the error number, as the framework throws it.
/// </summary>
internal static unsafe class VectoredIo
{
    // Below every system's IOV_MAX (16 is what POSIX promises, 1,024 what they have); 4 MiB of blocks, 4 KiB of stack.
    private const int MaxBuffers = 256;

    /// <summary>Writes the cursor's next <paramref name="length"/> bytes, all of them.</summary>
    [SkipLocalsInit]
    public static void Write(SafeFileHandle file, ref IoCursor cursor, long offset, int length)
    {
        Span<IoBuffer> run = stackalloc IoBuffer[MaxBuffers];
        while (length > 0)
        {
            int count = cursor.Peek(run, length);
            int written = WriteOnce(file, run[..count], offset);
            cursor.Advance(written);
            offset += written;
            length -= written;
        }
    }

    /// <summary>Reads into the cursor's next <paramref name="length"/> bytes; false if the file ends before.</summary>
    [SkipLocalsInit]
    public static bool TryRead(SafeFileHandle file, ref IoCursor cursor, long offset, int length)
    {
        Span<IoBuffer> run = stackalloc IoBuffer[MaxBuffers];
        while (length > 0)
        {
            int count = cursor.Peek(run, length);
            int read = ReadOnce(file, run[..count], offset);
            if (read == 0)
                return false;
            cursor.Advance(read);
            offset += read;
            length -= read;
        }

        return true;
    }

    private static int WriteOnce(SafeFileHandle file, ReadOnlySpan<IoBuffer> run, long offset)
    {
        if (!Native.HasVectoredIo)
        {
            RandomAccess.Write(file, run[0].Span, offset);
            return (int)run[0].Length;
        }

        fixed (IoBuffer* buffers = run)
        {
            while (true)
            {
                nint written = Native.PWriteV(file, buffers, run.Length, offset);
                if (written > 0)
                    return (int)written;
                int error = written == 0 ? Errno.NoSpace : Marshal.GetLastPInvokeError();
                if (error != Errno.Interrupted)
                    throw Errno.ToException(error);
            }
        }
    }

    private static int ReadOnce(SafeFileHandle file, ReadOnlySpan<IoBuffer> run, long offset)
    {
        if (!Native.HasVectoredIo)
            return RandomAccess.Read(file, run[0].Span, offset);

        fixed (IoBuffer* buffers = run)
        {
            while (true)
            {
                nint read = Native.PReadV(file, buffers, run.Length, offset);
                if (read >= 0)
                    return (int)read;
                int error = Marshal.GetLastPInvokeError();
                if (error != Errno.Interrupted)
                    throw Errno.ToException(error);
            }
        }
    }
}
