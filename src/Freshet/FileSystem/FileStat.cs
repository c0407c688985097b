using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Freshet.FileSystem;

/// <summary>The properties of a file that Linux returns in one call (statx).</summary>
internal static unsafe class FileStat
{
    // struct statx, as the kernel has it on every machine.
    private const int StatLength = 256;
    private const int LinksAt = 16;
    private const int OwnerAt = 20;
    private const int ModeAt = 28;
    private const int InodeAt = 32;
    private const int LengthAt = 40;
    private const int SecondsAt = 112;
    private const int NanosecondsAt = 120;
    private const int DeviceAt = 136;

    private const int TypeMask = 0xF000;
    private const int RegularType = 0x8000;
    private const int FolderType = 0x4000;
    private const int LinkType = 0xA000;

    /// <summary>Whether the C library has the call.</summary>
    public static bool IsSupported { get; } = IsThere();

    /// <summary>The entry at a path.</summary>
    public static FileEntry Of(string path)
    {
        byte* stat = stackalloc byte[StatLength];
        while (Native.StatX(Native.CurrentFolder, path, Native.NoFollow, Native.StatBasic, stat) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error is Errno.NotFound or Errno.NotAFolder)
                return default;
            if (error != Errno.Interrupted)
                throw Errno.ToException(error, path);
        }

        return Read(stat);
    }

    /// <summary>The properties of an open file.</summary>
    public static FileEntry Of(SafeFileHandle handle, string path)
    {
        byte* stat = stackalloc byte[StatLength];
        bool isHeld = false;
        try
        {
            handle.DangerousAddRef(ref isHeld);
            return Native.StatX((int)handle.DangerousGetHandle(), "", Native.EmptyPath, Native.StatBasic, stat) == 0
                ? Read(stat)
                : throw Errno.ToException(Marshal.GetLastPInvokeError(), path);
        }
        finally
        {
            if (isHeld)
                handle.DangerousRelease();
        }
    }

    private static FileEntry Read(byte* stat)
    {
        FileKind kind = (*(ushort*)(stat + ModeAt) & TypeMask) switch
        {
            RegularType => FileKind.File,
            FolderType => FileKind.Folder,
            LinkType => FileKind.Link,
            _ => FileKind.Other,
        };
        long ticks = (*(long*)(stat + SecondsAt) * TimeSpan.TicksPerSecond)
            + (*(uint*)(stat + NanosecondsAt) / TimeSpan.NanosecondsPerTick);
        ticks = Math.Clamp(ticks, DateTime.MinValue.Ticks - DateTime.UnixEpoch.Ticks, DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks);
        return new FileEntry(
            kind, *(long*)(stat + LengthAt), DateTime.UnixEpoch.AddTicks(ticks), (*(ulong*)(stat + DeviceAt), *(ulong*)(stat + InodeAt)))
        {
            Names = *(uint*)(stat + LinksAt),
            Owner = *(uint*)(stat + OwnerAt),
        };
    }

    private static bool IsThere()
    {
        if (!OperatingSystem.IsLinux() || nint.Size != 8)
            return false;
        byte* stat = stackalloc byte[StatLength];
        try
        {
            return Native.StatX(Native.CurrentFolder, "/", Native.NoFollow, Native.StatBasic, stat) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            // An old C library.
            return false;
        }
    }
}
