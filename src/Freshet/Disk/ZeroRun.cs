using System.Runtime.InteropServices;
using Freshet.FileSystem;

namespace Freshet.Disk;

/// <summary>Determines whether a run of a torrent's bytes is all zeros, where that is not a hole.</summary>
internal static unsafe class ZeroRun
{
    private const int BufferLength = 256 * 1024;

    /// <summary>Whether all bytes are zeros; false if they cannot be read.</summary>
    public static bool IsZero(IStorage storage, long offset, int length)
    {
        void* buffer = NativeMemory.AlignedAlloc(BufferLength, 4096);
        try
        {
            for (int run; length > 0; offset += run, length -= run)
            {
                run = Math.Min(length, BufferLength);
                if (storage.Read(offset, [new IoBuffer((nint)buffer, run)]) is not null
                    || new ReadOnlySpan<byte>(buffer, run).ContainsAnyExcept((byte)0))
                    return false;
            }

            return true;
        }
        finally
        {
            NativeMemory.AlignedFree(buffer);
        }
    }
}
