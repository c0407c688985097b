using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Disk;

/// <summary>What the framework does not offer of the C library, on systems whose <c>off_t</c> has 64 bits.</summary>
internal static unsafe partial class Native
{
    public const int SeekData = 3;
    public const int AdviseWillNeed = 3;
    public const int CurrentFolder = -100;
    public const int EmptyPath = 0x1000;
    public const uint StatInode = 0x100;

    /// <summary>Whether <see cref="PWriteV"/> and <see cref="PReadV"/> are there.</summary>
    public static bool HasVectoredIo { get; } =
        nint.Size == 8 && (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD());

    /// <summary>Whether <see cref="LSeek"/> knows <see cref="SeekData"/>, and <see cref="FAdvise"/> and <see cref="FAllocate"/> are there.</summary>
    public static bool HasFileAdvice { get; } = nint.Size == 8 && (OperatingSystem.IsLinux() || OperatingSystem.IsFreeBSD());

    /// <summary>How many handles this process may have; null if nobody says.</summary>
    public static long? TryGetHandleLimit()
    {
        if (nint.Size != 8 || OperatingSystem.IsWindows())
            return null;
        int resource = OperatingSystem.IsLinux() ? 7 : 8;
        ulong* limits = stackalloc ulong[2];
        return GetResourceLimit(resource, limits) == 0 && limits[0] <= int.MaxValue ? (long)limits[0] : null;
    }

    /// <param name="resource">RLIMIT_NOFILE.</param>
    /// <param name="limits">The limit now, and the highest there can be.</param>
    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetResourceLimit(int resource, ulong* limits);

    [LibraryImport("libc", EntryPoint = "pwritev", SetLastError = true)]
    public static partial nint PWriteV(SafeFileHandle file, IoBuffer* buffers, int count, long offset);

    [LibraryImport("libc", EntryPoint = "preadv", SetLastError = true)]
    public static partial nint PReadV(SafeFileHandle file, IoBuffer* buffers, int count, long offset);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    public static partial long LSeek(SafeFileHandle file, long offset, int whence);

    /// <returns>An error number, or 0.</returns>
    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    public static partial int FAdvise(SafeFileHandle file, long offset, long length, int advice);

    /// <returns>An error number, or 0.</returns>
    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    public static partial int FAllocate(SafeFileHandle file, long offset, long length);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int FSync(int file);

    /// <param name="folder">A folder that the path is relative to, or <see cref="CurrentFolder"/>; or the file itself, with an empty path.</param>
    /// <param name="path">The path.</param>
    /// <param name="flags"><see cref="EmptyPath"/>, or 0.</param>
    /// <param name="mask">What is wanted: <see cref="StatInode"/>.</param>
    /// <param name="stat">256 bytes for <c>struct statx</c>, the same on all machines.</param>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StatX(int folder, string path, int flags, uint mask, byte* stat);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int file);
}
