using System.Runtime.InteropServices;

namespace Freshet.Daemon.Security;

/// <summary>
/// Flushes a folder, so that a file that was renamed in it has its new name after a power cut, too. The framework opens no folders.
/// </summary>
internal static class FolderFlush
{
    /// <exception cref="IOException">The folder cannot be flushed.</exception>
    public static void Flush(string folder)
    {
        // Windows has no such operation: there a rename is durable once the file system's log is.
        if (OperatingSystem.IsWindows())
            return;
        int opened = Native.Open(folder, OperatingSystem.IsLinux() ? Native.CloseOnExecOfLinux : 0);
        if (opened < 0)
            throw Failed(folder, Marshal.GetLastPInvokeError());
        try
        {
            // Some file systems have nothing to flush of a folder, and say so.
            if (Native.FSync(opened) != 0 && Marshal.GetLastPInvokeError() is var error and not Native.InvalidArgument)
                throw Failed(folder, error);
        }
        finally
        {
            _ = Native.Close(opened);
        }
    }

    private static IOException Failed(string folder, int error) =>
        new($"the folder {folder} cannot be flushed: {Marshal.GetPInvokeErrorMessage(error)}");
}
