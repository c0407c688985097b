using System.Runtime.InteropServices;

namespace Freshet.FileSystem;

/// <summary>The system's error numbers, where they differ by system. The framework passes them on as an IOException's HResult.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NotFound = 2;
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int NoSuchDeviceOrAddress = 6;
    public const int BadHandle = 9;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int CrossDevice = 18;
    public const int NotAFolder = 20;
    public const int IsAFolder = 21;
    public const int InvalidArgument = 22;
    public const int TooManyOpenFiles = 24;
    public const int NoSpace = 28;
    public const int ReadOnly = 30;

    /// <summary>Linux's, which is the only one to be asked for calls that it may not have.</summary>
    public const int NoSuchCall = 38;

    // HRESULTs of Windows' ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL.
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsExists = unchecked((int)0x800700B7);
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    public static int NotSupported => OperatingSystem.IsLinux() ? 95 : 45;

    /// <summary>Another process has locked the file, or the call would have to wait (EWOULDBLOCK).</summary>
    public static int WouldBlock => OperatingSystem.IsWindows() ? WindowsSharingViolation : OperatingSystem.IsLinux() ? 11 : 35;

    /// <summary>A link is in a place where none is followed, or links form a cycle.</summary>
    public static int TooManyLinks => OperatingSystem.IsLinux() ? 40 : 62;

    public static int NotEmpty => OperatingSystem.IsLinux() ? 39 : 66;

    private static int NoLocks => OperatingSystem.IsLinux() ? 37 : 77;

    private static int QuotaExceeded => OperatingSystem.IsLinux() ? 122 : 69;

    private static int StaleHandle => OperatingSystem.IsLinux() ? 116 : 70;

    /// <summary>Whether an error means that another process has locked the file.</summary>
    public static bool IsLocked(int number) => number == WouldBlock;

    /// <summary>Whether an error means that files cannot be locked there.</summary>
    public static bool HasNoLocks(int number) => number == NoLocks || number == NoSuchCall || number == NotSupported;

    /// <summary>
    /// The error of a lock that was refused. Network file systems lock only what was opened for writing, and say that the handle is bad:
    /// then the file belongs to another user, who may have locked it.
    /// </summary>
    public static IOException OfLock(int number, string path) => ToException(number == BadHandle ? AccessDenied : number, path);

    /// <summary>Whether an error means that a name is taken.</summary>
    public static bool IsTaken(int number) => number is Exists or WindowsExists;

    /// <summary>Whether an error means that a file does not exist.</summary>
    public static bool IsMissing(IOException exception) =>
        exception is FileNotFoundException or DirectoryNotFoundException || exception.HResult is NotFound or NotAFolder;

    /// <summary>The kind of an error number, or <paramref name="otherwise"/>.</summary>
    public static StorageErrorKind KindOf(int number, StorageErrorKind otherwise)
    {
        if (number == QuotaExceeded)
            return StorageErrorKind.QuotaExceeded;
        if (number == StaleHandle)
            return StorageErrorKind.IoError;
        return number switch
        {
            NoSpace or WindowsDiskFull or WindowsHandleDiskFull => StorageErrorKind.DiskFull,
            NotPermitted or AccessDenied => StorageErrorKind.PermissionDenied,
            NotFound or NotAFolder => StorageErrorKind.Missing,
            InputOutput or NoSuchDeviceOrAddress or 19 => StorageErrorKind.IoError,
            23 or TooManyOpenFiles => StorageErrorKind.TooManyOpenFiles,
            27 => StorageErrorKind.FileTooLarge,
            ReadOnly => StorageErrorKind.ReadOnly,
            IsAFolder or Exists => StorageErrorKind.NotAFile,
            _ => otherwise,
        };
    }

    /// <summary>An exception like the framework's.</summary>
    /// <param name="number">The error number.</param>
    /// <param name="path">The path of the failed call.</param>
    public static IOException ToException(int number, string path)
    {
        // The number stands for everything that is not a regular file: pipes and devices, too.
        string words = number == IsAFolder ? "Not a regular file" : Marshal.GetPInvokeErrorMessage(number);
        return new IOException($"{words} : '{path}'", number);
    }
}
