using Microsoft.Win32.SafeHandles;

namespace Freshet.Disk;

/// <summary>
/// Tells whether a file that is open still lies at its path, for what is written to one that does not is lost when it is closed; and
/// whether two folders are one.
/// </summary>
internal static unsafe class FileIdentity
{
    // struct statx, as the kernel has it.
    private const int StatLength = 256;
    private const int InodeAt = 32;
    private const int DeviceAt = 136;

    /// <summary>What lies at the path.</summary>
    public enum Verdict
    {
        /// <summary>The file, or it cannot be told.</summary>
        Same,

        /// <summary>Nothing.</summary>
        Gone,

        /// <summary>A file that is not the open one.</summary>
        Another,
    }

    public static Verdict Compare(string path, SafeFileHandle handle)
    {
        FileInfo info = new(path);
        if (!info.Exists)
            return Verdict.Gone;
        if (!OperatingSystem.IsLinux() || IdOf(Native.CurrentFolder, path, 0) is not { } lies || IdOf(handle) is not { } open || lies == open)
            return Verdict.Same;

        // Some file systems make numbers up. A file that looks the same in every way is the same there.
        bool looksSame = info.Length == RandomAccess.GetLength(handle) && info.LastWriteTimeUtc == File.GetLastWriteTimeUtc(handle);
        return looksSame ? Verdict.Same : Verdict.Another;
    }

    /// <summary>Whether a folder, which must be there, is surely not another one, by whatever names they go.</summary>
    public static bool AreDistinct(string folder, string other)
    {
        if (string.Equals(folder, other, StringComparison.OrdinalIgnoreCase) || !Directory.Exists(folder))
            return false;
        if (!Directory.Exists(other))
            return true;
        return OperatingSystem.IsLinux() && IdOf(Native.CurrentFolder, folder, 0) is { } one && IdOf(Native.CurrentFolder, other, 0) is { } two && one != two;
    }

    /// <summary>Whether two paths lead to one folder. Only Linux can tell; elsewhere they are taken to.</summary>
    public static bool AreSame(string folder, string other) =>
        !OperatingSystem.IsLinux() || (IdOf(Native.CurrentFolder, folder, 0) is { } one && IdOf(Native.CurrentFolder, other, 0) == one);

    private static (ulong Device, ulong Inode)? IdOf(SafeFileHandle handle)
    {
        bool isHeld = false;
        try
        {
            handle.DangerousAddRef(ref isHeld);
            return IdOf((int)handle.DangerousGetHandle(), "", Native.EmptyPath);
        }
        finally
        {
            if (isHeld)
                handle.DangerousRelease();
        }
    }

    private static (ulong Device, ulong Inode)? IdOf(int folder, string path, int flags)
    {
        byte* stat = stackalloc byte[StatLength];
        try
        {
            return Native.StatX(folder, path, flags, Native.StatInode, stat) == 0
                ? (*(ulong*)(stat + DeviceAt), *(ulong*)(stat + InodeAt))
                : null;
        }
        catch (EntryPointNotFoundException)
        {
            // An old C library.
            return null;
        }
    }
}
