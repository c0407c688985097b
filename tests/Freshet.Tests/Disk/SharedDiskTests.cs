using Freshet.Core.Pieces;
using Freshet.Disk;
using Freshet.FileSystem;

namespace Freshet.Tests.Disk;

/// <summary>What torrents share of disks and memory: one that is slow or has stopped does not hold up the others.</summary>
public class SharedDiskTests
{
    private const int Block = Freshet.Core.Limits.BlockLength;

    [Theory]
    [InlineData("")]
    [InlineData("/proc/hung")]
    public async Task A_torrent_on_a_disk_that_hangs_leaves_memory_for_others(string folder)
    {
        Requires.That(OperatingSystem.IsLinux(), "Mount points are distinguished by paths that only Linux has.");
        using ManualResetEventSlim end = new();
        await using DiskBench bench = new(96 * Block, 8 * Block, poolBytes: 1 << 20);
        TorrentDisk hung = Open(bench, new GatedStorage(end, _ => { }), folder);
        int given = 0;
        foreach (BlockRef block in bench.AllBlocks)
        {
            if (!hung.Blocks.TryRent(out BlockLease lease))
                break;
            given++;
            bench.Fill(block, lease);
            hung.WriteBlock(block, lease);
        }

        // Everything that one torrent may hold.
        Assert.Equal((64, 64), (given, bench.Pool.Capacity));
        await bench.SendAll(bench.AllBlocks);
        await bench.Until(() => bench.Hashed.Count == bench.Layout.PieceCount);
        Assert.Equal(bench.Content, bench.Memory.Bytes);
        Assert.Equal(64, hung.Blocks.Rented);
        end.Set();
        await hung.CloseAsync(TestContext.Current.CancellationToken);
        await bench.Until(() => bench.Pool.Rented == 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/proc/other")]
    public async Task A_single_torrent_gets_the_whole_pool_whichever_disks_were_used_before(string folder)
    {
        Requires.That(OperatingSystem.IsLinux(), "Mount points are distinguished by paths that only Linux has.");
        await using DiskBench bench = new(8 * Block, 4 * Block, poolBytes: 2 << 20);
        await bench.SendAll(bench.AllBlocks);
        await bench.Until(() => bench.Hashed.Count == 2 && bench.Pool.Rented == 0);
        TorrentDisk alone = Open(bench, new MemoryStorage(8 * Block), folder);
        List<BlockLease> leases = [];
        while (alone.Blocks.TryRent(out BlockLease lease))
            leases.Add(lease);
        Assert.Equal(128, leases.Count);
        bench.Pool.Return([.. leases]);
    }

    [Fact]
    public async Task A_torrent_with_much_to_write_does_not_hold_up_another_on_its_thread()
    {
        using ManualResetEventSlim begin = new();
        List<char> writes = [];
        await using DiskBench bench = new(
            256 * Block, 16 * Block, new GatedStorage(begin, _ => writes.Add('a')), workers: 1);
        TorrentDisk other = Open(bench, new GatedStorage(begin, _ => writes.Add('b')), "");
        await bench.SendAll(bench.AllBlocks);
        foreach (BlockRef block in bench.AllBlocks.Take(32))
            await bench.Send(block, torrent: other);
        begin.Set();
        await bench.Until(() => bench.Hashed.Count == 16 && bench.Pool.Rented == 0);

        // The first was begun before the other torrent existed, and the next may have been.
        Assert.Contains('b', writes[..3]);
        Assert.Equal(2, writes[..5].Count(who => who == 'b'));
    }

    [Fact]
    public async Task A_torrent_with_many_reads_does_not_hold_up_those_of_another()
    {
        using ManualResetEventSlim begin = new();
        List<char> reads = [];
        DiskCalls calls = new("test", 1);
        Task<bool> first = calls.RunAsync("a", () => begin.Wait(TimeSpan.FromSeconds(30)));
        Task[] all =
        [
            .. Enumerable.Range(0, 20).Select(_ => calls.RunAsync("a", () => Note('a'))),
            .. Enumerable.Range(0, 2).Select(_ => calls.RunAsync("b", () => Note('b'))),
        ];
        begin.Set();
        Assert.True(await first);
        await Task.WhenAll(all);
        Assert.Equal("ababaa", string.Concat(reads[..6]));

        bool Note(char who)
        {
            reads.Add(who);
            return true;
        }
    }

    [Fact]
    public async Task A_torrent_whose_memory_has_shrunk_below_what_it_holds_returns_it_and_is_finished()
    {
        // Pieces so large that none is whole in the memory that is left.
        await using DiskBench bench = new(96 * Block, 48 * Block, poolBytes: 1 << 20);

        // No run of blocks, which would be written early.
        BlockRef[] order = [.. bench.AllBlocks.OrderBy(block => block.Index % 2)];
        await bench.SendAll(order[..40]);
        bench.Pool.MostOfOne = 3;
        await bench.Until(() => bench.Torrent.Blocks.Rented <= 3);
        await bench.SendAll(order[40..]);
        await bench.Until(() => bench.Hashed.Count == 2);
        Assert.All(bench.Hashed.Values, Assert.True);
    }

    [Fact]
    public async Task Torrents_that_may_hold_one_block_each_are_finished()
    {
        await using DiskBench bench = new(24 * Block, 6 * Block, poolBytes: 1 << 20);
        MemoryStorage storage = new(24 * Block);
        TorrentDisk other = Open(bench, storage, "");
        bench.Pool.MostOfOne = 1;
        foreach (BlockRef block in bench.AllBlocks)
        {
            await bench.Send(block);
            await bench.Send(block, torrent: other);
        }

        await bench.Until(() => bench.Hashed.Count == 4 && bench.Pool.Rented == 0);
        Assert.Equal(bench.Content, bench.Memory.Bytes);
        Assert.Equal(bench.Content, storage.Bytes);
    }

    private static TorrentDisk Open(DiskBench bench, IStorage storage, string folder) => bench.Service.Open(new TorrentDiskOptions
    {
        Storage = storage,
        Folder = folder,
        Layout = bench.Layout,
        Hashes = new Sha1Hashes(DiskBench.HashesOf(bench.Content, bench.Layout)),
        Owner = new Quiet(),
    });

    /// <summary>A disk that accepts every write, but completes none before the gate is open.</summary>
    private sealed class GatedStorage(ManualResetEventSlim gate, Action<long> onWrite) : IStorage
    {
        private readonly MemoryStorage _memory = new(256 * Block);

        public StorageError? Write(long offset, ReadOnlySpan<IoBuffer> buffers)
        {
            Assert.True(gate.Wait(TimeSpan.FromSeconds(60)));
            onWrite(offset);
            return _memory.Write(offset, buffers);
        }

        public StorageError? Read(long offset, ReadOnlySpan<IoBuffer> buffers) => _memory.Read(offset, buffers);

        public bool TryReadCached(long offset, ReadOnlySpan<IoBuffer> buffers) => false;

        public StorageError? Flush() => null;

        public void OnFoundGood(long offset, int length)
        {
        }

        public Extent ExtentOf(long offset, int length) => Extent.Data;

        public void Prefetch(long offset, int length)
        {
        }

        public void Dispose() => _memory.Dispose();
    }
}
