using System.Runtime.InteropServices;
using Freshet.FileSystem;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Daemon.Security;

/// <summary>
/// Flushes a folder, so that a file that was renamed in it has its new name after a power cut, too. The framework opens no folders.
/// </summary>
internal static class FolderFlush
{
    /// <exception cref="IOException">The folder cannot be flushed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, and nobody can flush it who may not read it.</exception>
    public static void Flush(string folder)
    {
        // Windows has no such operation: there a rename is durable once the file system's log is.
        if (OperatingSystem.IsWindows())
            return;
        int opened = Native.Open(folder, OperatingSystem.IsLinux() ? Native.CloseOnExecOfLinux : 0);
        if (opened < 0)
            throw Failed(folder, Marshal.GetLastPInvokeError());
        using SafeFileHandle handle = new(opened, ownsHandle: true);
        if (DiskFlush.TryFlush(handle) is not 0 and int error)
            throw Failed(folder, error);
    }

    private static Exception Failed(string folder, int error)
    {
        string message = $"the folder {folder} cannot be flushed: {Marshal.GetPInvokeErrorMessage(error)}";
        return error is Native.AccessDenied or Native.NotPermitted ? new UnauthorizedAccessException(message) : new IOException(message);
    }
}
