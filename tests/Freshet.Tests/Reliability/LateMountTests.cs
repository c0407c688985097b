using System.Net;
using Freshet.Core.Torrents;
using Freshet.Disk;
using Freshet.SimulatedFiles;
using Freshet.Tests.Connections;
using Freshet.Tests.Sessions;

namespace Freshet.Tests.Reliability;

/// <summary>A disk that is mounted while a session runs has its own threads, like one that was there before.</summary>
public sealed class LateMountTests
{
    [Fact]
    public async Task A_disk_that_was_mounted_later_and_hangs_holds_up_nobody_elsewhere()
    {
        using SmallFileSystem disk = SmallFileSystem.MountOrSkip(1 << 20);
        disk.Unmount();
        SimulatedFileSystem files = new();
        using ManualResetEventSlim answers = new();
        await using Session session = await StartAsync(disk.Parent, files, TimeProvider.System);

        // As many torrents on it as a disk has threads for calls.
        List<Torrent> late = [];
        for (int i = 0; i < DiskLimits.CallThreads; i++)
            late.Add(await AddAsync(session, disk.Path, 100_000 + i));
        Torrent elsewhere = await AddAsync(session, disk.Parent, 200_000);
        Assert.All(late, torrent => Assert.True(torrent.Actor.Store!.Disk.BelongsTo(disk.Parent)));
        disk.MountAgain();
        await Patience.Until(() => new MountPoints().Of(disk.Path).Path == disk.Path);
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

    [Fact]
    public async Task A_disk_that_hangs_and_is_replaced_at_its_path_leaves_its_threads_behind()
    {
        using SmallFileSystem disk = SmallFileSystem.MountOrSkip(1 << 20);
        SimulatedFileSystem files = new();
        using ManualResetEventSlim answers = new();
        VirtualTime time = new();
        await using Session session = await StartAsync(disk.Parent, files, time);
        List<Torrent> torrents = [];
        for (int i = 0; i <= DiskLimits.CallThreads; i++)
            torrents.Add(await AddAsync(session, disk.Path, 100_000 + i));
        bool hangs = true;
        int hanging = 0;
        files.Hang = (call =>
        {
            if (!Volatile.Read(ref hangs) || !call.Path.StartsWith(disk.Path + "/", StringComparison.Ordinal))
                return false;
            Interlocked.Increment(ref hanging);
            return true;
        }, answers);
        Task[] starting = [.. torrents.SkipLast(1).Select(torrent => torrent.StartAsync(TestContext.Current.CancellationToken))];
        await Patience.Until(() => Volatile.Read(ref hanging) == starting.Length);
        Mount before = new MountPoints().Of(disk.Path);
        Task stopping = torrents[0].StopAsync(TestContext.Current.CancellationToken);
        await time.PassUntil(() => stopping.IsCompleted);
        await stopping;

        // As threads do that hang in it.
        using FileStream use = File.Create(disk["in use"]);
        disk.Unmount();
        disk.MountAgain();
        Volatile.Write(ref hangs, false);
        await Patience.Until(() => new MountPoints().Of(disk.Path) is var now && now.Path == before.Path && now != before);
        foreach (Torrent torrent in (Torrent[])[torrents[^1], torrents[0]])
        {
            await Patience.Until(() => !torrent.Actor.Store!.Disk.BelongsTo(disk.Path));
            await torrent.StartAsync(TestContext.Current.CancellationToken).Bounded();
            Assert.Equal(TorrentState.Downloading, torrent.Status.State);
        }

        answers.Set();
        await Task.WhenAll(starting).Bounded();
    }

    private static Task<Session> StartAsync(string folder, SimulatedFileSystem files, TimeProvider time) => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = folder,
            StateFolder = null,
            FileSystem = files,
            BindAddress = IPAddress.Loopback,
            ListenPort = 0,
            TimeProvider = time,
        },
        TestContext.Current.CancellationToken);

    private static Task<Torrent> AddAsync(Session session, string folder, int length)
    {
        SampleData sample = SampleData.MakeNamed($"sample {length}", 16 * 1024, null, length);
        return session.AddAsync(
            TorrentSource.Bytes(sample.Torrent),
            new TorrentOptions { DownloadFolder = folder, Stopped = true },
            TestContext.Current.CancellationToken);
    }
}
