using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Freshet.FileSystem;

/// <summary>What the framework does not offer of the C library, on systems whose <c>off_t</c> has 64 bits.</summary>
internal static unsafe partial class Native
{
    public const int SeekData = 3;
    public const int AdviseWillNeed = 3;
    public const int NoWait = 8;

    // fcntl.h of Linux; the same on every machine that .NET runs on but for O_DIRECTORY and O_NOFOLLOW, which trade places on ARM.
    public const int CurrentFolder = -100;
    public const int EmptyPath = 0x1000;
    public const int NoFollow = 0x100;
    public const int RemoveFolder = 0x200;
    public const uint StatBasic = 0x7FF;
    public const int OpenReadWrite = 2;
    public const int OpenCreate = 0x40;
    public const int OpenNonBlocking = 0x800;
    public const int OpenCloseOnExec = 0x80000;
    public const int OpenPathOnly = 0x200000;
    public const ulong ResolveNoMagicLinks = 2;
    public const ulong ResolveBeneath = 8;
    public const int LockShared = 1;
    public const int LockExclusive = 2;
    public const int LockNonBlocking = 4;
    public const int Unlock = 8;

    private const long OpenAt2Number = 437;
    private const uint RenameNoReplace = 1;

    // FICLONE on the machines that .NET runs on.
    private const nuint CloneRequest = 0x40049409;

    private static readonly bool IsArm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    public static int OpenFolder { get; } = IsArm ? 0x4000 : 0x10000;

    public static int OpenNoFollow { get; } = IsArm ? 0x8000 : 0x20000;

    /// <summary>Whether <see cref="PWriteV"/> and <see cref="PReadV"/> are there.</summary>
    public static bool HasVectoredIo { get; } =
        nint.Size == 8 && (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD());

    /// <summary>Whether <see cref="PReadV2"/> is there.</summary>
    public static bool HasCachedReads { get; } = nint.Size == 8 && OperatingSystem.IsLinux() && TryReadCached();

    /// <summary>
    /// Whether <see cref="LSeek"/> knows <see cref="SeekData"/>, and <see cref="FAdvise"/> and <see cref="FAllocate"/> are there.
    /// </summary>
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

    /// <summary>Opens beneath a folder, which links cannot lead out of (openat2, Linux 5.6).</summary>
    /// <returns>The handle, or -1.</returns>
    public static int OpenBeneath(int folder, string path, int flags, int mode)
    {
        OpenHow how = new() { Flags = (uint)flags, Mode = (uint)mode, Resolve = ResolveBeneath | ResolveNoMagicLinks };
        return (int)OpenAt2(OpenAt2Number, folder, path, &how, sizeof(OpenHow));
    }

    /// <summary>
    /// Renames unless something has the name already (renameat2, Linux 3.15). The number of the call differs by machine; where it is not
    /// known, there is no such call.
    /// </summary>
    /// <returns>0, or -1.</returns>
    public static int RenameToNew(int fromFolder, string from, int toFolder, string to)
    {
        long number = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 316,
            Architecture.X86 => 353,
            Architecture.Arm => 382,
            Architecture.Arm64 or Architecture.RiscV64 or Architecture.LoongArch64 => 276,
            _ => -1,
        };
        return (int)RenameAt2(number, fromFolder, from, toFolder, to, RenameNoReplace);
    }

    /// <summary>Makes a file share the blocks of another.</summary>
    /// <returns>0, or -1.</returns>
    public static int CloneInto(SafeFileHandle target, SafeFileHandle source)
    {
        bool isHeld = false;
        try
        {
            source.DangerousAddRef(ref isHeld);
            return Control(target, CloneRequest, source.DangerousGetHandle());
        }
        finally
        {
            if (isHeld)
                source.DangerousRelease();
        }
    }

    /// <summary>Whether a file lies in memory, on tmpfs or ramfs. Neither knows <see cref="NoWait"/>, having nothing to wait for.</summary>
    public static bool IsInMemory(SafeFileHandle file)
    {
        const long TmpFs = 0x01021994;
        const long RamFs = 0x858458F6;

        // struct statfs of Linux with 64 bits, which begins with the type and has 120 bytes.
        long* stat = stackalloc long[32];
        return HasCachedReads && StatFileSystem(file, stat) == 0 && stat[0] is TmpFs or RamFs;
    }

    private static bool TryReadCached()
    {
        try
        {
            using SafeFileHandle none = new(-1, ownsHandle: false);
            _ = PReadV2(none, null, 0, 0, NoWait);
            return true;
        }
        catch (EntryPointNotFoundException)
        {
            // An old C library.
            return false;
        }
    }

    /// <param name="resource">RLIMIT_NOFILE.</param>
    /// <param name="limits">The limit now, and the highest there can be.</param>
    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetResourceLimit(int resource, ulong* limits);

    // The C library has no name for it; its variable arguments are passed like others by the calling conventions of Linux.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial long OpenAt2(long number, int folder, string path, OpenHow* how, nint size);

    // The same: older C libraries have no name for it.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial long RenameAt2(long number, int fromFolder, string from, int toFolder, string to, uint flags);

    [LibraryImport("libc", EntryPoint = "pwritev", SetLastError = true)]
    public static partial nint PWriteV(SafeFileHandle file, IoBuffer* buffers, int count, long offset);

    [LibraryImport("libc", EntryPoint = "preadv", SetLastError = true)]
    public static partial nint PReadV(SafeFileHandle file, IoBuffer* buffers, int count, long offset);

    /// <returns>Fewer bytes than asked for, or -1, if the rest would have to be waited for.</returns>
    [LibraryImport("libc", EntryPoint = "preadv2", SetLastError = true)]
    public static partial nint PReadV2(SafeFileHandle file, IoBuffer* buffers, int count, long offset, int flags);

    [LibraryImport("libc", EntryPoint = "fstatfs", SetLastError = true)]
    private static partial int StatFileSystem(SafeFileHandle file, long* stat);

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

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int OpenAt(int folder, string path, int flags, int mode);

    /// <param name="folder">
    /// A folder that the path is relative to, or <see cref="CurrentFolder"/>; or the file itself, with an empty path.
    /// </param>
    /// <param name="path">The path.</param>
    /// <param name="flags"><see cref="EmptyPath"/> or <see cref="NoFollow"/>.</param>
    /// <param name="mask">What is wanted: <see cref="StatBasic"/>.</param>
    /// <param name="stat">256 bytes for <c>struct statx</c>, the same on all machines.</param>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int StatX(int folder, string path, int flags, uint mask, byte* stat);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeFolder(int folder, string name, int mode);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeLink(string target, int folder, string name);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LinkTo(int folder, string name, int newFolder, string newName, int flags);

    // Its variable arguments are passed like others by the calling conventions of Linux.
    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, nuint request, nint argument);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unlink(int folder, string name, int flags);

    [LibraryImport("libc", EntryPoint = "renameat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(int fromFolder, string from, int toFolder, string to);

    // struct open_how
    private struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }
}
