using System.Collections.Concurrent;
using Freshet.Connections;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Disk;
using Freshet.Disk.Files;
using Freshet.FileSystem;
using Freshet.Running;
using Freshet.SimulatedFiles;

namespace Freshet.Tests.Disk;

public class VolumeTests
{
    private const int Block = Freshet.Core.Limits.BlockLength;

    [Fact]
    public void A_folder_belongs_to_the_deepest_mount_above_it()
    {
        Requires.That(OperatingSystem.IsLinux(), "Mount points are distinguished by paths that only Linux has.");
        MountPoints mounts = new();
        Assert.Equal("/", mounts.Of("/no such folder/at all").Path);
        Assert.Equal("/proc", mounts.Of("/proc/self").Path);
        Assert.Equal("/", mounts.Of("/process").Path);
    }

    [Fact]
    public void The_last_of_several_mounts_at_one_path_covers_the_others()
    {
        IReadOnlyList<Mount> list = MountPoints.Parse(
        [
            "22 1 0:21 / / rw,relatime - ext4 /dev/root rw",
            "not understood",
            "31 22 0:40 / /mnt/a\\040disk rw,relatime shared:7 - nfs4 server:/ rw",
            "35 31 0:44 / /mnt/a\\040disk rw,relatime - tmpfs none rw",
            "36 22 0:45 / /mnt/b\\134c rw - tmpfs none rw",
        ]);
        MountPoints mounts = new(() => list);
        Assert.Equal(new Mount("/mnt/a disk", 35), mounts.Of("/mnt/a disk/folder"));
        Assert.Equal(new Mount(@"/mnt/b\c", 36), mounts.Of(@"/mnt/b\c"));
        Assert.Equal(new Mount("/", 22), mounts.Of("/mnt/a diskette"));
    }

    [Fact]
    public async Task While_the_list_of_mounts_cannot_be_read_the_last_one_is_kept()
    {
        IReadOnlyList<Mount>? list = [new Mount("/", 1), new Mount("/disk", 2)];
        int reads = 0;
        MountPoints mounts = new(() =>
        {
            Interlocked.Increment(ref reads);
            return list;
        });
        Assert.Equal(new Mount("/disk", 2), mounts.Of("/disk/folder"));
        list = null;
        await Patience.Until(() =>
        {
            Assert.Equal(new Mount("/disk", 2), mounts.Of("/disk/folder"));
            return Volatile.Read(ref reads) > 1;
        });
        list = [new Mount("/", 1)];
        await Patience.Until(() => mounts.Of("/disk/folder") == new Mount("/", 1));
    }

    [Fact]
    public async Task A_mount_that_hangs_holds_up_neither_other_torrents_nor_the_end()
    {
        Requires.That(OperatingSystem.IsLinux(), "Mount points are distinguished by paths that only Linux has.");
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
        BlockShare blocks = hung.Blocks;
        foreach (BlockRef block in bench.AllBlocks)
        {
            Assert.True(blocks.TryRent(out BlockLease lease));
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
        Assert.True(blocks.Rented > 0);

        // After a while it no longer waits for what hangs.
        await hung.CloseAsync(TestContext.Current.CancellationToken).Bounded();
        end.Set();
        await bench.Until(() => blocks.Rented == 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Data_that_is_not_in_memory_is_read_by_a_disk_thread(bool isOpen)
    {
        ConcurrentQueue<string?> callers = new();
        SimulatedFileSystem system = new();
        using FileHandles handles = new();
        await using DiskBench bench = new(16 * Block, 4 * Block);
        system.CreateFolder(new FilePath("/", "data"));
        system.Put("/data/file", bench.Content);
        TorrentFile[] files = FileStorageTests.Files(("file", 16 * Block));
        FileStorage storage = new(FileStorageTests.Options("/data", handles, 4 * Block, files) with { System = system });
        TorrentDisk cold = bench.Open(storage, new Quiet());
        DiskBlockReader reader = new(() => cold);
        byte[] buffer = new byte[2 * Block];
        if (isOpen)
            await reader.ReadAsync(SlotsOf(new PieceIndex(0)), buffer);
        system.Fails = _ =>
        {
            callers.Enqueue(Thread.CurrentThread.Name);
            return null;
        };
        BlockReadResult result = await reader.ReadAsync(SlotsOf(new PieceIndex(1)), buffer);
        Assert.Equal(2, result.Count);
        Assert.True(bench.Content.AsSpan(4 * Block, 2 * Block).SequenceEqual(buffer));
        Assert.NotEmpty(callers);
        Assert.All(callers, name => Assert.Equal("Freshet disk read", name));
        await cold.CloseAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Calls_to_a_disk_run_on_its_own_threads_and_rethrow_exceptions()
    {
        DiskCalls calls = new("test", 2);
        using ManualResetEventSlim end = new();
        Task<string?>[] blocked = [.. Enumerable.Range(0, 4).Select(_ => calls.RunAsync("torrent", () =>
        {
            end.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            return Thread.CurrentThread.Name;
        }))];
        Assert.False(Thread.CurrentThread.Name == "test");
        end.Set();
        Assert.All(await Task.WhenAll(blocked), name => Assert.Equal("test", name));
        await Assert.ThrowsAsync<IOException>(() => calls.RunAsync<int>("torrent", () => throw new IOException("broken")));
        Assert.Equal(7, await calls.RunAsync("torrent", () => 7));
    }

    /// <summary>The first two blocks of a piece, as a peer requests them.</summary>
    private static BlockSlot[] SlotsOf(PieceIndex piece) =>
        [new(new BlockRange(piece, 0, Block), 0), new(new BlockRange(piece, Block, Block), Block)];

    private static Bitfield Full(int pieces)
    {
        Bitfield all = new(pieces);
        all.AddAll();
        return all;
    }
}
