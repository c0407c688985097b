using Freshet.Core;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Disk;
using Freshet.FileSystem;

namespace Freshet.Tests.Disk;

public class DiskFailureTests
{
    private const int Block = Limits.BlockLength;

    [Fact]
    public async Task A_piece_that_the_disk_does_not_accept_is_reported_and_may_be_downloaded_again()
    {
        await using DiskBench bench = new(12 * Block, 4 * Block);
        bench.Memory.FailsToWrite = offset => offset == 4 * Block ? MemoryStorage.Full : null;
        await bench.SendAll(bench.AllBlocks);
        await bench.Until(() => bench.Hashed.Count == 2 && !bench.Failures.IsEmpty);
        (StorageError error, IReadOnlyList<PieceIndex> pieces) = Assert.Single(bench.Failures);
        Assert.Equal(StorageErrorKind.DiskFull, error.Kind);
        Assert.Equal([new PieceIndex(1)], pieces);
        await bench.Until(() => bench.Pool.Rented == 0);

        bench.Memory.FailsToWrite = _ => null;
        await bench.SendAll(bench.AllBlocks.Where(block => block.Piece.Value == 1));
        await bench.Until(() => bench.Hashed.Count == 3);
        Assert.All(bench.Hashed.Values, Assert.True);
        Assert.Equal(bench.Content, bench.Memory.Bytes);
    }

    [Fact]
    public async Task A_disk_that_accepts_nothing_holds_no_memory_back()
    {
        await using DiskBench bench = new(16 << 20, 4 << 20, poolBytes: 1 << 20);
        bench.Memory.FailsToWrite = _ => MemoryStorage.Full;
        BlockRef[] blocks = [.. bench.AllBlocks];
        new Random(11).Shuffle(blocks);
        await bench.SendAll(blocks);
        await bench.Until(() => bench.Pool.Rented == 0);
        Assert.NotEmpty(bench.Failures);
        Assert.Empty(bench.Hashed);
    }

    [Fact]
    public async Task Another_torrent_continues_while_one_fails()
    {
        await using DiskBench bench = new(16 * Block, 4 * Block);
        MemoryStorage broken = new(16 * Block) { FailsToWrite = _ => MemoryStorage.Full };
        CountingOwner owner = new();
        TorrentDisk other = bench.Open(broken, owner);
        foreach (BlockRef block in bench.AllBlocks)
        {
            await bench.Send(block, torrent: other);
            await bench.Send(block);
        }

        await bench.Until(() => bench.Hashed.Count == 4 && owner.Failures == 4);
        Assert.Equal(bench.Content, bench.Memory.Bytes);
        Assert.Empty(bench.Failures);
    }

    [Fact]
    public async Task A_piece_that_cannot_be_read_back_is_lost_once_and_after_that_the_disk_has_failed()
    {
        await using DiskBench bench = new(4 * Block, 4 * Block);
        bench.Memory.FailsToRead = _ => Broken;
        bench.Torrent.RestorePartial(new PartialPiece(default, new byte[] { 0xF0 }));
        await bench.Until(() => !bench.Unreadable.IsEmpty);
        Assert.Empty(bench.Failures);

        // If it were given up each time, it would be downloaded from peers for ever.
        bench.Torrent.RestorePartial(new PartialPiece(default, new byte[] { 0xF0 }));
        await bench.Until(() => !bench.Failures.IsEmpty);
        Assert.Same(Broken, Assert.Single(bench.Failures).Error);
        Assert.Single(bench.Unreadable);
        Assert.Empty(bench.Hashed);
    }

    [Fact]
    public async Task The_piece_of_a_bad_block_is_lost_if_several_blocks_are_read_for_a_peer()
    {
        await using DiskBench bench = new(8 * Block, 2 * Block);
        bench.Memory.FailsToReadRange = (offset, length) => offset <= 5 * Block && 5 * Block < offset + length ? Broken : null;
        BlockLease[] leases = new BlockLease[6];
        IoBuffer[] buffers = new IoBuffer[leases.Length];
        for (int i = 0; i < leases.Length; i++)
        {
            Assert.True(bench.Torrent.Blocks.TryRent(out leases[i]));
            buffers[i] = new IoBuffer(bench.Pool.AddressOf(leases[i]), Block);
        }

        Assert.Same(Broken, bench.Torrent.Read(0, buffers));
        Assert.Equal([new PieceIndex(2)], bench.Unreadable);
        Assert.Same(Broken, bench.Torrent.Read(0, buffers));
        Assert.Single(bench.Unreadable);
        Assert.Empty(bench.Failures);
        bench.Pool.Return(leases);
    }

    [Fact]
    public async Task An_owner_and_a_logger_that_throw_leave_the_disk_working()
    {
        await using DiskBench bench = new(16 * Block, 4 * Block) { ThrowsOnFault = true };
        ThrowingOwner owner = new();
        using ManualResetEventSlim allSent = new();
        MemoryStorage slow = new(16 * Block)
        {
            FailsToWrite = _ => allSent.Wait(TimeSpan.FromSeconds(30)) ? null : MemoryStorage.Full,
        };

        // The first piece is hashed by itself; the others arrive while it is written, and are hashed together.
        TorrentDisk other = bench.Open(slow, owner);
        foreach (BlockRef block in bench.AllBlocks)
            await bench.Send(block, torrent: other);
        allSent.Set();
        await bench.Until(() => owner.Calls == 4 && bench.Pool.Rented == 0);
        await bench.SendAll(bench.AllBlocks);
        await bench.Until(() => bench.Hashed.Count == 4);
        Assert.Equal(4, bench.TakeFaults());
    }

    [Fact]
    public async Task A_probe_fails_until_the_disk_accepts_data_and_changes_none()
    {
        await using DiskBench bench = new(8 * Block, 4 * Block);
        await bench.SendAll(bench.AllBlocks.Where(block => block.Piece.Value == 0));
        await bench.Until(() => bench.Hashed.Count == 1);
        bench.Memory.FailsToWrite = _ => MemoryStorage.Full;
        await bench.SendAll(bench.AllBlocks.Where(block => block.Piece.Value == 1));
        await bench.Until(() => bench.Failures.Count == 1);

        byte[] before = [.. bench.Memory.Bytes];
        bench.Torrent.ProbeDisk();
        await bench.Until(() => bench.Failures.Count == 2);
        Assert.Empty(bench.Failures.Last().Pieces);
        Assert.Equal(0, bench.Recoveries);

        bench.Memory.FailsToWrite = _ => null;
        bench.Torrent.ProbeDisk();
        await bench.Until(() => bench.Recoveries == 1);
        Assert.Equal(before, bench.Memory.Bytes);
    }

    [Fact]
    public async Task A_failed_flush_is_counted_before_the_next_begins()
    {
        await using DiskBench bench = new(Block, Block);
        using ManualResetEventSlim hasNextBegun = new();
        int flushes = 0;
        int counted = 0;
        bench.Memory.FailsToFlush = () =>
        {
            if (Interlocked.Increment(ref flushes) == 1)
            {
                // The next one has every chance to begin too early.
                hasNextBegun.Wait(TimeSpan.FromMilliseconds(200));
                return MemoryStorage.Full;
            }

            counted = bench.Torrent.FailedFlushes;
            hasNextBegun.Set();
            return null;
        };
        Task<FlushResult> first = bench.Torrent.FlushAsync(TestContext.Current.CancellationToken);
        await bench.Torrent.FlushAsync(TestContext.Current.CancellationToken);
        await first;
        Assert.True(hasNextBegun.IsSet);
        Assert.Equal(1, counted);
    }

    [Fact]
    public async Task A_flush_that_fails_is_reported_and_guarantees_nothing()
    {
        await using DiskBench bench = new(8 * Block, 4 * Block);
        bench.Memory.FailsToFlush = () => MemoryStorage.Full;
        await bench.SendAll(bench.AllBlocks.Take(2));
        FlushResult result = await bench.Torrent.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Same(MemoryStorage.Full, result.Error);
        Assert.Empty(result.Partial);
        Assert.Single(bench.Failures);
        bench.Memory.FailsToFlush = () => null;
        bench.Torrent.ProbeDisk();
        await bench.Until(() => bench.Recoveries == 1);
    }

    [Fact]
    public async Task A_block_that_cannot_be_read_for_a_peer_is_reported_to_both()
    {
        await using DiskBench bench = new(4 * Block, 4 * Block);
        bench.Memory.FailsToRead = _ => MemoryStorage.Full;
        Assert.True(bench.Torrent.Blocks.TryRent(out BlockLease lease));
        Assert.Same(MemoryStorage.Full, bench.Torrent.Read(0, [new IoBuffer(bench.Pool.AddressOf(lease), Block)]));
        bench.Pool.Return(lease);
        Assert.Single(bench.Failures);
    }

    private static readonly StorageError Broken = new(StorageErrorKind.IoError, "memory", "The disk is broken.");

    private sealed class ThrowingOwner : ITorrentDiskOwner
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public void OnPieceHashed(PieceVerdict verdict)
        {
            Interlocked.Increment(ref _calls);
            throw new InvalidOperationException("A bug of ours.");
        }

        public void OnPieceChecked(PieceIndex piece, bool isGood) => Assert.Fail("Nothing was checked.");

        public void OnPieceUnreadable(PieceIndex piece, StorageError error) => Assert.Fail(error.Message);

        public void OnCheckFinished() => Assert.Fail("Nothing was checked.");

        public void OnDiskFailed(StorageError error, DiskOperation operation, IReadOnlyList<PieceIndex> pieces) =>
            Assert.Fail(error.Message);

        public void OnDiskRecovered() => Assert.Fail("Nothing was probed.");
    }

    private sealed class CountingOwner : ITorrentDiskOwner
    {
        private int _failures;

        public int Failures => Volatile.Read(ref _failures);

        public void OnPieceHashed(PieceVerdict verdict) => Assert.Fail("Nothing was written.");

        public void OnPieceChecked(PieceIndex piece, bool isGood) => Assert.Fail("Nothing was checked.");

        public void OnPieceUnreadable(PieceIndex piece, StorageError error) => Assert.Fail(error.Message);

        public void OnCheckFinished() => Assert.Fail("Nothing was checked.");

        public void OnDiskFailed(StorageError error, DiskOperation operation, IReadOnlyList<PieceIndex> pieces) =>
            Interlocked.Add(ref _failures, pieces.Count);

        public void OnDiskRecovered() => Assert.Fail("Nothing was probed.");
    }
}
