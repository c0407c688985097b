using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Disk;
using Freshet.Disk.Files;
using Freshet.FileSystem;
using Freshet.SimulatedFiles;

namespace Freshet.Tests.Disk;

public class VolumeTests
{
    private const int Block = Freshet.Core.Limits.BlockLength;

    [Fact]
    public async Task A_share_of_the_pool_cannot_be_taken_by_others()
    {
        BlockPool first = new(2 << 20);
        Assert.Equal(128, first.Capacity);
        List<BlockLease> leases = RentAll(first);
        Assert.Equal(128, leases.Count);

        // Another share opens: the first holds more than its own now, and gets no more till it has given back.
        BlockPool second = first.OpenShare();
        Assert.Equal((64, 64), (first.Capacity, second.Capacity));
        Task<BlockLease> waiting = second.RentAsync(TestContext.Current.CancellationToken).AsTask();
        Task<BlockLease> greedy = first.RentAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(waiting.IsCompleted);
        second.Return(leases[0]);
        BlockLease got = await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal((127, 1, 128), (first.Rented, second.Rented, first.RentedByAll));

        for (int i = 1; i <= 63; i++)
            first.Return(leases[i]);
        Assert.False(greedy.IsCompleted);
        Assert.Equal(63, RentAll(second).Count);
        first.Return(leases[64]);
        leases.Add(await greedy.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.False(first.TryRent(out _));
        second.Return(got);
        Assert.Throws<InvalidOperationException>(() => second.Return(got));
    }

    [Fact]
    public void A_folder_belongs_to_the_deepest_mount_above_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Mounts are told apart by Linux' paths here.");
        MountPoints mounts = new();
        Assert.Equal("/", mounts.Of("/no such folder/at all"));
        Assert.Equal("/proc", mounts.Of("/proc/self"));
        Assert.Equal("/", mounts.Of("/process"));
    }

    [Fact]
    public async Task A_mount_that_hangs_holds_up_neither_other_torrents_nor_the_end()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Mounts are told apart by Linux' paths here.");
        using ManualResetEventSlim end = new();
        SimulatedFileSystem system = new() { Hang = (call => call.Path.StartsWith("/proc/", StringComparison.Ordinal), end) };
        using FileHandles handles = new();
        await using DiskBench bench = new(16 * Block, 4 * Block);
        Quiet owner = new();
        TorrentFile[] files = FileStorageTests.Files(("file", 16 * Block));
        FileStorage storage = new(FileStorageTests.Options("/proc/hung", handles, 4 * Block, files) with { System = system });
        TorrentDisk hung = bench.Service.Open(new TorrentDiskOptions
        {
            Storage = storage,
            Folder = "/proc/hung",
            Layout = bench.Layout,
            Hashes = new Sha1Hashes(DiskBench.HashesOf(bench.Content, bench.Layout)),
            Owner = owner,
        });
        BlockPool pool = hung.Pool;
        foreach (BlockRef block in bench.AllBlocks)
        {
            Assert.True(pool.TryRent(out BlockLease lease));
            bench.Fill(block, lease);
            hung.WriteBlock(block, lease);
        }

        Task<FlushResult> flush = hung.FlushAsync(TestContext.Current.CancellationToken);
        hung.CheckPieces(Full(bench.Layout.PieceCount));
        await bench.SendAll(bench.AllBlocks);
        await bench.Until(() => bench.Hashed.Count == 4);
        bench.Torrent.CheckPieces(Full(bench.Layout.PieceCount));
        await bench.Until(() => bench.ChecksFinished == 1);
        Assert.Null((await bench.Torrent.FlushAsync(TestContext.Current.CancellationToken)).Error);
        Assert.False(flush.IsCompleted);
        Assert.True(pool.Rented > 0);

        // What hangs is left behind after a while.
        await hung.CloseAsync().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        end.Set();
        await bench.Until(() => pool.Rented == 0);
    }

    [Fact]
    public async Task What_is_not_in_memory_is_read_by_a_thread_of_the_disk()
    {
        DiskCalls calls = new("test", 2);
        using ManualResetEventSlim end = new();
        Task<string?>[] blocked = [.. Enumerable.Range(0, 4).Select(_ => calls.RunAsync(() =>
        {
            end.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            return Thread.CurrentThread.Name;
        }))];
        Assert.False(Thread.CurrentThread.Name == "test");
        end.Set();
        Assert.All(await Task.WhenAll(blocked), name => Assert.Equal("test", name));
        await Assert.ThrowsAsync<IOException>(() => calls.RunAsync<int>(() => throw new IOException("broken")));
        Assert.Equal(7, await calls.RunAsync(() => 7));
    }

    private static List<BlockLease> RentAll(BlockPool pool)
    {
        List<BlockLease> leases = [];
        while (pool.TryRent(out BlockLease lease))
            leases.Add(lease);
        return leases;
    }

    private static Bitfield Full(int pieces)
    {
        Bitfield all = new(pieces);
        all.AddAll();
        return all;
    }

    private sealed class Quiet : ITorrentDiskOwner
    {
        public void OnPieceHashed(PieceVerdict verdict)
        {
        }

        public void OnPieceChecked(PieceIndex piece, bool isGood)
        {
        }

        public void OnPieceUnreadable(PieceIndex piece, StorageError error)
        {
        }

        public void OnCheckFinished()
        {
        }

        public void OnDiskFailed(StorageError error, DiskOperation operation, IReadOnlyList<PieceIndex> pieces)
        {
        }

        public void OnDiskRecovered()
        {
        }
    }
}
