using System.Runtime.InteropServices;

namespace Freshet.Disk;

/// <summary>Makes a folder's entries durable, so that new and renamed files survive a power cut. The framework has no name for it.</summary>
internal static class FolderFlush
{
    /// <summary>Flushes; null if it is done, or needless as on Windows.</summary>
    public static StorageError? Run(string path)
    {
        if (OperatingSystem.IsWindows())
            return null;
        int folder = Native.Open(path, 0);
        int error = folder < 0 || Native.FSync(folder) < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (folder >= 0)
            _ = Native.Close(folder);

        // Some network file systems cannot flush folders; there is nothing more to be done there.
        return error is 0 or Errno.InvalidArgument || error == Errno.NotSupported ? null : StorageError.From(Errno.ToException(error), "flush", path);
    }
}
