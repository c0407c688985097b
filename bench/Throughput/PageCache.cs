using System.Diagnostics;

namespace Freshet.Throughput;

/// <summary>Brings the machine into the same state before each run.</summary>
internal static class PageCache
{
    /// <summary>Nothing is left to be written back, and the file is in memory.</summary>
    public static void Settle(string path)
    {
        using (Process sync = Process.Start("sync"))
            sync.WaitForExit();
        byte[] buffer = new byte[1024 * 1024];
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        while (file.Read(buffer) > 0)
        {
            // Reading is all.
        }
    }
}
