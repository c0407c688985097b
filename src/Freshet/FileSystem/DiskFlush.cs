using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Freshet.FileSystem;

/// <summary>
/// Makes what was written durable (fsync). On Linux the framework's own call passes over the error of a disk that could not write what it
/// had accepted (EIO). The command line and the daemon compile this file, too, because it is not part of the library's interface.
/// </summary>
internal static partial class DiskFlush
{
    private const int Interrupted = 4;
    private const int InvalidArgument = 22;

    private static int NotSupported => OperatingSystem.IsLinux() ? 95 : 45;

    /// <summary>Makes the content of an open file durable.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its path, for the message.</param>
    /// <exception cref="IOException">The disk fails, or has failed since the last flush.</exception>
    public static void Flush(SafeFileHandle file, string path)
    {
        // Elsewhere more than fsync may be necessary, and the framework does it.
        if (!OperatingSystem.IsLinux())
            RandomAccess.FlushToDisk(file);
        else if (TryFlush(file) is not 0 and int error)
            throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'", error);
    }

    /// <summary>Makes an open file or folder durable by the C library's call alone.</summary>
    /// <returns>The error number, or 0.</returns>
    public static int TryFlush(SafeFileHandle opened)
    {
        while (FSync(opened) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
                return IsHarmless(error) ? 0 : error;
        }

        return 0;
    }

    /// <summary>
    /// Whether an error means that the file system has nothing to flush, like some network file systems for folders. A file system that
    /// has become read-only (EROFS) is not among these: it has lost what it accepted.
    /// </summary>
    internal static bool IsHarmless(int error) => error == InvalidArgument || error == NotSupported;

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FSync(SafeFileHandle file);
}
