using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Freshet.FileSystem;

namespace Freshet.Persistence;

/// <summary>Reads small files completely, with as few system calls as possible, and never one that is too large.</summary>
internal static class BoundedFile
{
    /// <summary>Reads a file; false with no error if there is none, and with one if it is too large.</summary>
    /// <exception cref="IOException">The disk fails.</exception>
    public static bool TryRead(IFileSystem system, FilePath path, int most, [NotNullWhen(true)] out byte[]? bytes, out string? error)
    {
        bytes = null;
        error = null;
        try
        {
            using IFile file = system.Open(path, FileOpening.Read);
            long length = file.Stat().Length;
            if (length > most)
            {
                error = string.Create(CultureInfo.InvariantCulture, $"it has {length} bytes, more than any such file");
                return false;
            }

            // At least one byte, to get the error of a file that only looks empty.
            bytes = new byte[Math.Max(1, length)];
            int read = ReadAll(file, bytes);
            if (read < bytes.Length)
                Array.Resize(ref bytes, read);
            return true;
        }
        catch (IOException e) when (Errno.IsMissing(e))
        {
            return false;
        }
    }

    /// <summary>Fills a buffer from the beginning of a file; returns the number of bytes read.</summary>
    public static unsafe int ReadAll(IFile file, Span<byte> buffer)
    {
        int done = 0;
        fixed (byte* bytes = buffer)
        {
            for (int read; done < buffer.Length && (read = file.Read([new IoBuffer((nint)bytes + done, buffer.Length - done)], done)) > 0;)
                done += read;
        }

        return done;
    }
}
