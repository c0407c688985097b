using System.Net;
using Freshet.Core.Torrents;
using Freshet.Disk;
using Freshet.SimulatedFiles;
using Freshet.Tests.Sessions;

namespace Freshet.Tests.Reliability;

/// <summary>A disk that was mounted after the session had started has its own threads, like one that was there before.</summary>
public sealed class LateMountTests
{
    [Fact]
    public async Task A_disk_that_was_mounted_later_and_hangs_holds_up_nobody_elsewhere()
    {
        using SmallFileSystem disk = SmallFileSystem.MountOrSkip(1 << 20);
        disk.Unmount();
        SimulatedFileSystem files = new();
        using ManualResetEventSlim answers = new();
        await using Session session = await Session.StartAsync(
            new SessionOptions
            {
                DownloadFolder = disk.Parent,
                StateFolder = null,
                FileSystem = files,
                BindAddress = IPAddress.Loopback,
                ListenPort = 0,
            },
            TestContext.Current.CancellationToken);

        // As many torrents on it as a disk has threads for calls.
        List<Torrent> late = [];
        for (int i = 0; i < DiskLimits.CallThreads; i++)
            late.Add(await AddAsync(session, disk.Path, 100_000 + i));
        Torrent elsewhere = await AddAsync(session, disk.Parent, 200_000);
        Assert.All(late, torrent => Assert.True(torrent.Actor.Store!.Disk.BelongsTo(disk.Parent)));
        disk.MountAgain();
        await Patience.Until(() => new MountPoints().Of(disk.Path) == disk.Path);
        foreach (Torrent torrent in late)
        {
            // The list of mounts is read again within a moment.
            await Patience.Until(() => !torrent.Actor.Store!.Disk.BelongsTo(disk.Path));
            await torrent.StartAsync(TestContext.Current.CancellationToken);
            await torrent.StopAsync(TestContext.Current.CancellationToken);
            Assert.False(torrent.Actor.Store!.Disk.BelongsTo(disk.Parent));
        }

        int hanging = 0;
        files.Hang = (call =>
        {
            if (!call.Path.StartsWith(disk.Path + "/", StringComparison.Ordinal))
                return false;
            Interlocked.Increment(ref hanging);
            return true;
        }, answers);
        Task[] starting = [.. late.Select(torrent => torrent.StartAsync(TestContext.Current.CancellationToken))];
        await Patience.Until(() => Volatile.Read(ref hanging) == late.Count);
        await elsewhere.StartAsync(TestContext.Current.CancellationToken).Bounded();
        Assert.Equal(TorrentState.Downloading, elsewhere.Status.State);
        await elsewhere.StopAsync(TestContext.Current.CancellationToken).Bounded();
        answers.Set();
        await Task.WhenAll(starting).Bounded();
    }

    private static Task<Torrent> AddAsync(Session session, string folder, int length)
    {
        SampleData sample = SampleData.MakeNamed($"sample {length}", 16 * 1024, null, length);
        return session.AddAsync(
            TorrentSource.Bytes(sample.Torrent),
            new TorrentOptions { DownloadFolder = folder, Stopped = true },
            TestContext.Current.CancellationToken);
    }
}
