using System.Runtime.InteropServices;

namespace Freshet.Persistence;

/// <summary>What .NET has no name for: flushing a folder, so that a rename in it survives a power cut.</summary>
internal static partial class Native
{
    private const int ReadOnly = 0;

    /// <summary>Flushes a folder's entries to disk. Where the system cannot (Windows does it by itself), nothing happens.</summary>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        int descriptor = Open(path, ReadOnly);
        if (descriptor < 0)
            throw new IOException($"The folder {path} cannot be opened: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        try
        {
            // Some file systems refuse it for folders (EINVAL), and have nothing to flush then.
            _ = FileSync(descriptor);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FileSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
