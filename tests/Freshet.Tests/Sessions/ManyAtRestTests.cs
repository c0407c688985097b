using System.Net;
using Freshet.Core.Torrents;
using Freshet.Loops;
using Freshet.Tests.Connections;

namespace Freshet.Tests.Sessions;

/// <summary>
/// What a torrent at rest costs: memory, and nothing else. It is counted for the whole process, so the test runs alone and takes the
/// difference between some torrents and many. <c>bench/Freshet.Benchmarks restore</c> measures ten thousand.
/// </summary>
[Collection(nameof(Alone))]
public sealed class ManyAtRestTests : IDisposable
{
    private const int Some = 20;
    private const int Many = 240;

    /// <summary>What the runtime may open, start or end in the meantime. One for each torrent would be ten times as many.</summary>
    private const int Noise = (Many - Some) / 10;

    /// <summary>A torrent of these takes about 12 KB; a connection's buffer, or the hashes of many pieces, would exceed this.</summary>
    private const int MostBytesPerTorrent = 24 * 1024;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_torrent_at_rest_costs_no_handle_no_thread_and_no_timer()
    {
        Requires.That(OperatingSystem.IsLinux(), "Handles are counted in /proc, which only Linux has.");
        await using Session session = await Session.StartAsync(
            new SessionOptions
            {
                DownloadFolder = _folder["data"],
                StateFolder = _folder["state"],
                BindAddress = IPAddress.Loopback,
                ListenPort = 0,
                CheckpointInterval = TimeSpan.FromSeconds(1),
            },
            Token);
        await AddAsync(session, 0, Some);
        Usage some = Usage.Now();
        await AddAsync(session, Some, Many);
        Usage many = default;

        // Threads that added the torrents end when they have been idle for a while.
        await Patience.Until(() => (many = Usage.Now()).Threads <= some.Threads + Noise);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Some} torrents: {some}; {Many}: {many}");
        Assert.InRange(many.Handles, 0, some.Handles + Noise);
        Assert.InRange(many.Timers, 0, some.Timers + Noise);

        // Memory that earlier tests left behind may be freed in between, so there is no lower bound.
        Assert.InRange((many.Bytes - some.Bytes) / (Many - Some), long.MinValue, MostBytesPerTorrent);
    }

    private async Task AddAsync(Session session, int from, int to)
    {
        for (int i = from; i < to; i++)
        {
            SampleData sample = SampleData.MakeNamed($"sample {i}", 16 * 1024, null, 20_000, 5_000, 5_000);
            sample.WriteTo(_folder["data"]);
            await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: Token);
        }

        // At rest: complete, recorded, and with nothing to do for a long time.
        await Patience.Until(() => session.Torrents.All(static torrent =>
            torrent.Status.State == TorrentState.Seeding
            && torrent.Actor.NextTick.Ticks - TimeProvider.System.Now().Ticks > TimeSpan.TicksPerSecond * 5));
    }

    private readonly record struct Usage(int Handles, int Threads, long Timers, long Bytes)
    {
        public static Usage Now()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return new Usage(
                Directory.GetFileSystemEntries("/proc/self/fd").Length,
                Directory.GetDirectories("/proc/self/task").Length,
                Timer.ActiveCount,
                GC.GetTotalMemory(forceFullCollection: true));
        }
    }
}
