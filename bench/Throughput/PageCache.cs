using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Throughput;

/// <summary>Brings the page cache into the same state before each run.</summary>
internal static partial class PageCache
{
    private const int DoNotNeed = 4;

    /// <summary>Afterwards, nothing is left to be written back, and the file is in memory or not at all.</summary>
    public static void Prepare(string path, bool isCold)
    {
        Settle(path);
        if (!isCold)
            return;
        using SafeFileHandle file = File.OpenHandle(path);
        if (Advise(file, 0, 0, DoNotNeed) is var error and not 0)
            throw new InvalidOperationException($"{path} cannot be dropped from the page cache: error {error}");
    }

    /// <summary>Afterwards, nothing is left to be written back, and the file is in memory.</summary>
    public static void Settle(string path)
    {
        using (Process sync = Process.Start("sync"))
            sync.WaitForExit();
        byte[] buffer = new byte[1024 * 1024];
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        while (file.Read(buffer) > 0)
        {
            // Reading the file is enough.
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
