using Freshet.Core;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Disk;
using Freshet.FileSystem;

namespace Freshet.Tests.Disk;

public class CheckTests
{
    private const int Block = Limits.BlockLength;

    [Theory]
    [InlineData(3 * Block, (100 * Block) + 77)]
    [InlineData(1 << 20, 3 << 20)]
    [InlineData(50_000, 1_234_567)]
    [InlineData(65_536, 65_535)]
    public async Task A_check_distinguishes_good_pieces_from_bad_ones(int pieceLength, int length)
    {
        await using DiskBench bench = new(length, pieceLength);
        bench.Content.CopyTo(bench.Memory.Bytes, 0);
        int bad = bench.Layout.PieceCount / 2;
        bench.Memory.Bytes[(int)bench.Layout.OffsetOf(new PieceIndex(bad))] ^= 1;
        bench.Torrent.CheckPieces(All(bench));
        await bench.Until(() => bench.ChecksFinished == 1);
        Assert.Equal(bench.Layout.PieceCount, bench.Checked.Count);
        Assert.Equal([new PieceIndex(bad)], bench.Checked.Where(pair => !pair.Value).Select(pair => pair.Key));
    }

    [Fact]
    public async Task Only_the_requested_pieces_are_checked()
    {
        await using DiskBench bench = new(64 * Block, Block);
        Bitfield some = new(64);
        some.Add(new PieceIndex(3));
        some.Add(new PieceIndex(40));
        some.Add(new PieceIndex(63));
        bench.Torrent.CheckPieces(some);
        await bench.Until(() => bench.ChecksFinished == 1);
        Assert.Equal([3, 40, 63], bench.Checked.Keys.Select(piece => piece.Value).Order());
    }

    [Fact]
    public async Task An_empty_check_ends_at_once()
    {
        await using DiskBench bench = new(Block, Block);
        bench.Torrent.CheckPieces(new Bitfield(1));
        Assert.Equal(1, bench.ChecksFinished);
    }

    [Fact]
    public async Task A_check_that_is_cancelled_ends_silently()
    {
        using ManualResetEventSlim reading = new();
        using ManualResetEventSlim goOn = new();
        await using DiskBench bench = new(640 * Block, Block);
        bench.Memory.FailsToRead = _ =>
        {
            reading.Set();
            Assert.True(goOn.Wait(TimeSpan.FromSeconds(30)));
            return null;
        };
        bench.Torrent.CheckPieces(All(bench));
        Assert.True(reading.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        bench.Torrent.CancelChecks();
        goOn.Set();
        await bench.Torrent.CloseAsync(TestContext.Current.CancellationToken);
        Assert.InRange(bench.Checked.Count, 1, 16);
        Assert.Equal(0, bench.ChecksFinished);
    }

    [Fact]
    public async Task A_bad_sector_costs_its_piece_and_the_check_goes_on_to_its_end()
    {
        await using DiskBench bench = new(640 * Block, 4 * Block);
        bench.Content.CopyTo(bench.Memory.Bytes, 0);
        bench.Memory.FailsToRead = offset => offset / (4 * Block) is 3 or 101 ? Broken : null;
        bench.Torrent.CheckPieces(All(bench));
        await bench.Until(() => bench.ChecksFinished == 1);
        Assert.Equal([3, 101], bench.Unreadable.Select(piece => piece.Value).Order());
        Assert.Equal([3, 101], bench.Checked.Where(pair => !pair.Value).Select(pair => pair.Key.Value).Order());
        Assert.Empty(bench.Failures);
    }

    [Fact]
    public async Task A_disk_that_fails_over_many_pieces_ends_the_check_which_resumes_where_it_failed()
    {
        await using DiskBench bench = new(640 * Block, Block, workers: 1);
        bench.Content.CopyTo(bench.Memory.Bytes, 0);
        bench.Memory.FailsToRead = offset => offset / Block % 8 == 5 ? Broken : null;
        bench.Torrent.CheckPieces(All(bench));
        await bench.Until(() => !bench.Failures.IsEmpty);
        Assert.Same(Broken, bench.Failures.First().Error);
        Assert.Equal(DiskLimits.MaxUnreadablePieces, bench.Unreadable.Count);
        Assert.Equal(0, bench.ChecksFinished);

        // What is read together with the failing piece can be read, which says nothing about that piece.
        int failures = bench.Failures.Count;
        bench.Torrent.ProbeDisk();
        await bench.Until(() => bench.Failures.Count > failures);
        Assert.Equal(0, bench.Recoveries);

        bench.Memory.FailsToRead = _ => null;
        bench.Torrent.ProbeDisk();
        await bench.Until(() => bench.Recoveries == 1);
        Bitfield one = new(640);
        one.Add(new PieceIndex(639));
        bench.Checked.Clear();
        bench.Torrent.CheckPieces(one);
        await bench.Until(() => bench.ChecksFinished == 1);
        Assert.True(bench.Checked[new PieceIndex(639)]);
    }

    [Fact]
    public async Task A_download_continues_during_a_check()
    {
        await using DiskBench bench = new(256 * Block, 4 * Block);
        MemoryStorage seeded = new(256 * Block);
        bench.Content.CopyTo(seeded.Bytes, 0);
        CheckCounter counter = new();
        bench.Open(seeded, counter).CheckPieces(All(bench));
        await bench.SendAll(bench.AllBlocks);
        await bench.Until(() => bench.Hashed.Count == 64 && counter.IsFinished);
        Assert.Equal(64, counter.Good);
    }

    private static readonly StorageError Broken = new(StorageErrorKind.IoError, "memory", "The disk is broken.");

    private static Bitfield All(DiskBench bench)
    {
        Bitfield all = new(bench.Layout.PieceCount);
        all.AddAll();
        return all;
    }

    private sealed class CheckCounter : ITorrentDiskOwner
    {
        private int _good;

        public int Good => Volatile.Read(ref _good);

        public bool IsFinished { get; private set; }

        public void OnPieceHashed(PieceVerdict verdict) => Assert.Fail("Nothing was written.");

        public void OnPieceChecked(PieceIndex piece, bool isGood) => Interlocked.Add(ref _good, isGood ? 1 : 0);

        public void OnPieceUnreadable(PieceIndex piece, StorageError error) => Assert.Fail(error.Message);

        public void OnCheckFinished() => IsFinished = true;

        public void OnDiskFailed(StorageError error, DiskOperation operation, IReadOnlyList<PieceIndex> pieces) =>
            Assert.Fail(error.Message);

        public void OnDiskRecovered() => Assert.Fail("Nothing was probed.");
    }
}
