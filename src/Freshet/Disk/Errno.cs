namespace Freshet.Disk;

/// <summary>The system's error numbers, where they differ by system. The framework passes them on as an IOException's HResult.</summary>
internal static class Errno
{
    public const int Interrupted = 4;
    public const int InvalidArgument = 22;
    public const int NoSpace = 28;

    public static int NotSupported => OperatingSystem.IsLinux() ? 95 : 45;
    public const int NoSuchDeviceOrAddress = 6;

    // HRESULTs of Windows' ERROR_HANDLE_DISK_FULL and ERROR_DISK_FULL.
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    private static int QuotaExceeded => OperatingSystem.IsLinux() ? 122 : 69;

    private static int StaleHandle => OperatingSystem.IsLinux() ? 116 : 70;

    /// <summary>Whether an error says that somebody else has a file locked (EWOULDBLOCK, or ERROR_SHARING_VIOLATION).</summary>
    public static bool IsLocked(int number) => number is WindowsSharingViolation || number == (OperatingSystem.IsLinux() ? 11 : 35);

    /// <summary>What an error number means, else <paramref name="otherwise"/>.</summary>
    public static StorageErrorKind KindOf(int number, StorageErrorKind otherwise)
    {
        if (number == QuotaExceeded)
            return StorageErrorKind.QuotaExceeded;
        if (number == StaleHandle)
            return StorageErrorKind.IoError;
        return number switch
        {
            NoSpace or WindowsDiskFull or WindowsHandleDiskFull => StorageErrorKind.DiskFull,
            1 or 13 => StorageErrorKind.PermissionDenied,
            2 or 20 => StorageErrorKind.Missing,
            5 or NoSuchDeviceOrAddress or 19 => StorageErrorKind.IoError,
            23 or 24 => StorageErrorKind.TooManyOpenFiles,
            27 => StorageErrorKind.FileTooLarge,
            30 => StorageErrorKind.ReadOnly,
            _ => otherwise,
        };
    }

    /// <summary>An exception as the framework would make it.</summary>
    public static IOException ToException(int number) =>
        new(System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(number), number);
}
