using System.Net;
using Freshet.Core;
using Freshet.Core.Rates;
using Freshet.SimulatedFiles;

namespace Freshet.Tests.Sessions;

public sealed class SharedMemoryTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_download_to_a_disk_that_hangs_does_not_hold_up_another()
    {
        SampleData large = SampleData.Make(64 * 1024, null, 4 << 20);
        SampleData other = SampleData.Make(64 * 1024, null, 3 << 20);
        await using Session seed = await StartAsync(new SessionOptions { DownloadFolder = _folder["seed"] });
        await SeedAsync(seed, large, "large");
        await SeedAsync(seed, other, "other");

        using ManualResetEventSlim end = new();
        SimulatedFileSystem disk = new();
        disk.Hang = (call => call.Operation == FileOperation.Write && call.Path.StartsWith("/data/hung/", StringComparison.Ordinal), end);
        await using Session leech = await StartAsync(new SessionOptions
        {
            DownloadFolder = "/data",
            FileSystem = disk,
            BlockPoolSize = ByteSize.FromMiB(1),
            DiskThreads = 2,
        });
        Torrent hung = await AddAsync(leech, seed, large, "/data/hung");

        // It has taken the memory that one torrent may have.
        await Testing.Patience.Until(() => hung.Status.Downloaded.Bytes >= 64 * Limits.BlockLength);
        Torrent fine = await AddAsync(leech, seed, other, "/data/fine");
        await fine.Completion.WaitAsync(Patience, Token);
        Assert.False(hung.Completion.IsCompleted);
        AssertWhole(disk, other, "/data/fine");

        end.Set();
        await hung.Completion.WaitAsync(Patience, Token);
        AssertWhole(disk, large, "/data/hung");
    }

    private static void AssertWhole(SimulatedFileSystem disk, SampleData sample, string folder)
    {
        foreach ((string path, byte[] content) in sample.Files)
            Assert.True(content.AsSpan().SequenceEqual(disk.ReadAll($"{folder}/{path}")), path);
    }

    private static Task<Torrent> AddAsync(Session session, Session from, SampleData sample, string folder) => session.AddAsync(
        TorrentSource.Bytes(sample.Torrent), new TorrentOptions { DownloadFolder = folder, Peers = [.. from.ListenEndPoints] }, Token);

    private static Task<Session> StartAsync(SessionOptions options) => Session.StartAsync(
        options with { StateFolder = null, BindAddress = IPAddress.Loopback, ListenPort = 0 }, Token);

    private async Task SeedAsync(Session session, SampleData sample, string folder)
    {
        sample.WriteTo(_folder[folder]);
        Torrent torrent = await session.AddAsync(
            TorrentSource.Bytes(sample.Torrent), new TorrentOptions { DownloadFolder = _folder[folder] }, Token);
        await torrent.Completion.WaitAsync(Patience, Token);
    }
}
