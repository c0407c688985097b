using System.Diagnostics;
using System.Globalization;
using Freshet.Core.Torrents;

namespace Freshet.Benchmarks.Rest;

/// <summary>Restores a session from what was made, and prints what that costs the process.</summary>
internal static class RestoredSession
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);

    public static async Task MeasureAsync(string folder, TimeSpan rest)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Session session = await Session.StartAsync(new SessionOptions
        {
            DownloadFolder = RestTorrents.DataIn(folder),
            StateFolder = RestTorrents.StateIn(folder),
            BindAddress = System.Net.IPAddress.Loopback,
            ListenPort = 0,
        });
        TimeSpan opened = watch.Elapsed;
        while (!session.Torrents.All(torrent => torrent.Status.State == TorrentState.Seeding))
            await Task.Delay(5);
        TimeSpan restored = watch.Elapsed;
        using Process process = Process.GetCurrentProcess();
        double used = process.TotalProcessorTime.TotalSeconds;
        Print($"restored: {restored.TotalSeconds:0.00} s ({opened.TotalSeconds:0.00} s until the session was there), {used:0.00} CPU-s");

        Print($"allocated meanwhile: {GC.GetTotalAllocatedBytes() >> 20} MiB, in {GC.CollectionCount(0)} collections");

        await Task.Delay(Settle);
        process.Refresh();
        TimeSpan before = process.TotalProcessorTime;
        long allocated = GC.GetTotalAllocatedBytes();
        watch.Restart();
        await Task.Delay(rest);
        process.Refresh();
        double seconds = watch.Elapsed.TotalSeconds;
        double percent = (process.TotalProcessorTime - before).TotalSeconds / seconds * 100;
        Print($"at rest: {percent:0.00} % of a core, {(GC.GetTotalAllocatedBytes() - allocated) / seconds / 1024:0} KiB/s allocated");
        long heap = GC.GetTotalMemory(false) >> 20;
        Print($"memory: {process.WorkingSet64 >> 20} MiB resident (peak {process.PeakWorkingSet64 >> 20}), {heap} MiB on the heap");
        Print($"system: {Directory.GetFileSystemEntries("/proc/self/fd").Length} handles, {process.Threads.Count} threads");

        Print($"live on the heap: {GC.GetTotalMemory(forceFullCollection: true) >> 20} MiB");

        long written = BytesWritten();
        int count = session.Torrents.Count;
        watch.Restart();
        await session.DisposeAsync();
        Print($"stopped: {watch.Elapsed.TotalSeconds:0.00} s, {BytesWritten() - written} bytes written, of {count} torrents");
    }

    private static void Print(FormattableString line) => Console.WriteLine("freshet    " + line.ToString(CultureInfo.InvariantCulture));

    private static long BytesWritten() => long.Parse(
        File.ReadLines("/proc/self/io").First(line => line.StartsWith("wchar:", StringComparison.Ordinal)).AsSpan(6),
        CultureInfo.InvariantCulture);
}
