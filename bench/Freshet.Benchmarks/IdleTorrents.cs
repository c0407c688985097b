using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Freshet.Core.Metainfo;
using Freshet.Core.Torrents;

namespace Freshet.Benchmarks;

/// <summary>
/// What a session costs that seeds many torrents to nobody: processor time over some seconds in which nothing happens, and memory.
/// Not a micro-benchmark: the timer, the loops and the pool threads are what is measured.
/// </summary>
internal static class IdleTorrents
{
    public const string Verb = "idle";

    private const int FileLength = 16 * 1024;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(string[] args)
    {
        int count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5_000;
        string folder = Directory.CreateTempSubdirectory("freshet-idle").FullName;
        try
        {
            byte[] content = RandomNumberGenerator.GetBytes(FileLength);
            await File.WriteAllBytesAsync(Path.Combine(folder, "sample"), content);
            await using Session session = await Session.StartAsync(new SessionOptions
            {
                DownloadFolder = folder,
                StateFolder = null,
                BindAddress = System.Net.IPAddress.Loopback,
                ListenPort = 0,
            });
            for (int i = 0; i < count; i++)
                await session.AddAsync(TorrentSource.Bytes(MetainfoOf(content, i)));
            while (!session.Torrents.All(torrent => torrent.Status.State == TorrentState.Seeding))
                await Task.Delay(100);
            await Task.Delay(Settle);
            await MeasureAsync(count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(int count)
    {
        using Process process = Process.GetCurrentProcess();
        long allocated = GC.GetTotalAllocatedBytes();
        TimeSpan before = process.TotalProcessorTime;
        Stopwatch watch = Stopwatch.StartNew();
        await Task.Delay(Measured);
        process.Refresh();
        double seconds = watch.Elapsed.TotalSeconds;
        double percent = (process.TotalProcessorTime - before).TotalSeconds / seconds * 100;
        double rate = (GC.GetTotalAllocatedBytes() - allocated) / seconds / 1024;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} idle seeding torrents: {percent:0.00} % of a core, {rate:0} KiB/s allocated, {process.WorkingSet64 >> 20} MiB resident"));
    }

    // All have the one file; the source tag gives each an info-hash of its own.
    private static byte[] MetainfoOf(byte[] content, int number) => new MetainfoBuilder
    {
        Name = "sample",
        Files = [new MetainfoFile { Length = content.Length }],
        PieceLength = FileLength,
        PieceHashes = SHA1.HashData(content),
        Source = number.ToString(CultureInfo.InvariantCulture),
    }.Build();
}
