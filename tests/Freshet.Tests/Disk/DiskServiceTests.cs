using System.Collections.Immutable;
using System.Security.Cryptography;
using Freshet.Core;
using Freshet.Core.Pieces;

using Freshet.Disk;

namespace Freshet.Tests.Disk;

public class DiskServiceTests
{
    private const int Block = Limits.BlockLength;

    [Theory]
    [InlineData(4 * Block, (37 * Block) + 5)]
    [InlineData(Block, 9 * Block)]
    [InlineData(1 << 20, (5 << 20) + 1)]
    [InlineData(20_000, 123_457)]
    public async Task Blocks_in_any_order_become_good_pieces_on_disk(int pieceLength, int length)
    {
        await using DiskBench bench = new(length, pieceLength);
        BlockRef[] blocks = [.. bench.AllBlocks];
        new Random(7).Shuffle(blocks);
        await bench.SendAll(blocks);
        await bench.Until(() => bench.Hashed.Count == bench.Layout.PieceCount);
        Assert.All(bench.Hashed.Values, Assert.True);
        Assert.Equal(bench.Content, bench.Memory.Bytes);
        Assert.Empty(bench.Failures);
    }

    [Fact]
    public async Task A_piece_larger_than_the_pool_is_finished_by_writing_its_blocks_early()
    {
        await using DiskBench bench = new(12 << 20, 4 << 20, poolBytes: 1 << 20);
        BlockRef[] blocks = [.. bench.AllBlocks];
        new Random(3).Shuffle(blocks);
        await bench.SendAll(blocks);
        await bench.Until(() => bench.Hashed.Count == 3);
        Assert.All(bench.Hashed.Values, Assert.True);
        Assert.Equal(bench.Content, bench.Memory.Bytes);
    }

    [Fact]
    public async Task Blocks_are_written_in_runs_as_they_arrive_and_the_rest_with_the_last()
    {
        await using DiskBench bench = new(20 * Block, 20 * Block);
        BlockRef[] blocks = [.. bench.AllBlocks];
        await bench.SendAll(blocks[..16]);
        await bench.Until(() => bench.Memory.Writes.Count == 1);
        await bench.SendAll(blocks[16..]);
        await bench.Until(() => bench.Hashed.Count == 1);
        Assert.Equal([16 * Block, 4 * Block], bench.Memory.Writes);
    }

    [Fact]
    public async Task A_large_piece_is_written_in_runs_as_it_arrives()
    {
        await using DiskBench bench = new(4 << 20, 4 << 20);
        await bench.SendAll(bench.AllBlocks);
        await bench.Until(() => bench.Hashed.Count == 1);
        Assert.True(bench.Hashed[default]);
        Assert.Equal(16, bench.Memory.Writes.Count);
        Assert.Equal(bench.Content, bench.Memory.Bytes);
    }

    [Fact]
    public async Task A_bad_piece_is_reported_and_not_written_and_may_be_downloaded_again()
    {
        await using DiskBench bench = new(8 * Block, 4 * Block);
        BlockRef[] blocks = [.. bench.AllBlocks];
        foreach (BlockRef block in blocks)
            await bench.Send(block, isBad: block.Index == 2 && block.Piece.Value == 1);
        await bench.Until(() => bench.Hashed.Count == 2);
        Assert.True(bench.Hashed[new PieceIndex(0)]);
        Assert.False(bench.Hashed[new PieceIndex(1)]);
        Assert.Equal(-1, bench.Memory.Bytes.AsSpan(4 * Block).IndexOfAnyExcept((byte)0));

        await bench.SendAll(blocks.Where(block => block.Piece.Value == 1));
        await bench.Until(() => bench.Hashed[new PieceIndex(1)]);
        Assert.Equal(bench.Content, bench.Memory.Bytes);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(64)]
    public async Task The_block_hashes_of_a_piece_are_reported_when_it_fails_and_again_when_it_is_good(int blocksPerPiece)
    {
        // Most blocks of the larger piece are not in memory any more when it is hashed: the pool has 64, and a piece may keep a few.
        await using DiskBench bench = new((2 * blocksPerPiece * Block) - 1_000, blocksPerPiece * Block, poolBytes: 1);
        BlockRef[] blocks = [.. bench.AllBlocks.Where(block => block.Piece.Value == 1)];
        foreach (BlockRef block in blocks)
            await bench.Send(block, isBad: block.Index == 2);
        await bench.Until(() => bench.Hashed.Count == 1);
        ImmutableArray<Bytes20> bad = bench.Blocks[new PieceIndex(1)];
        bench.Torrent.DiscardPiece(new PieceIndex(1));
        await bench.SendAll(blocks);
        await bench.Until(() => bench.Hashed[new PieceIndex(1)]);
        ImmutableArray<Bytes20> good = bench.Blocks[new PieceIndex(1)];
        Bytes20[] expected = [.. blocks.Select(block => new Bytes20(SHA1.HashData(
            bench.Content.AsSpan((int)bench.Layout.OffsetOf(block), bench.Layout.LengthOf(block)))))];
        Assert.Equal(expected, good);
        Assert.Equal([2], Enumerable.Range(0, blocksPerPiece).Where(block => bad[block] != good[block]));

        // A piece that never failed reports no hashes, and costs nothing.
        await bench.SendAll(bench.AllBlocks.Where(block => block.Piece.Value == 0));
        await bench.Until(() => bench.Hashed.Count == 2);
        Assert.True(bench.Blocks[default].IsDefault);
    }

    [Fact]
    public async Task A_duplicate_block_is_returned()
    {
        await using DiskBench bench = new(4 * Block, 4 * Block);
        BlockRef[] blocks = [.. bench.AllBlocks];
        await bench.SendAll([blocks[0], blocks[0], blocks[1], blocks[1], blocks[2], blocks[3], blocks[3]]);
        await bench.Until(() => bench.Hashed.Count == 1);
        Assert.True(bench.Hashed[default]);
    }

    [Fact]
    public async Task A_discarded_piece_may_be_downloaded_again()
    {
        await using DiskBench bench = new(4 * Block, 4 * Block);
        BlockRef[] blocks = [.. bench.AllBlocks];
        await bench.Send(blocks[0], isBad: true);
        await bench.Send(blocks[1]);
        bench.Torrent.DiscardPiece(default);
        await bench.SendAll(blocks);
        await bench.Until(() => bench.Hashed.Count == 1);
        Assert.True(bench.Hashed[default]);
    }

    [Fact]
    public async Task Blocks_of_a_piece_that_stalls_are_written_and_returned()
    {
        await using DiskBench bench = new(4 * Block, 4 * Block);
        BlockRef[] blocks = [.. bench.AllBlocks];
        await bench.SendAll(blocks[..3]);
        await bench.Until(() => bench.Pool.Rented == 0);
        Assert.Equal(3 * Block, bench.Memory.Writes.Sum());
        await bench.Send(blocks[3]);
        await bench.Until(() => bench.Hashed.Count == 1);
        Assert.True(bench.Hashed[default]);
    }

    [Fact]
    public async Task A_flush_reports_which_blocks_of_unfinished_pieces_are_on_disk()
    {
        await using DiskBench bench = new(12 * Block, 4 * Block);
        BlockRef[] blocks = [.. bench.AllBlocks];
        await bench.SendAll([.. blocks[..4], blocks[5], blocks[7], blocks[8]]);
        FlushResult result = await bench.Torrent.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Null(result.Error);
        Assert.True(bench.Hashed[default]);
        Assert.Equal(1, bench.Memory.Flushes);
        Assert.Equal(["1:5,7", "2:8"], result.Partial.Select(Describe).Order());
        Assert.Equal(bench.Content[(5 * Block)..(6 * Block)], bench.Memory.Bytes[(5 * Block)..(6 * Block)]);

        static string Describe(PartialPiece partial)
        {
            IEnumerable<int> blocks = Enumerable.Range(0, 4).Where(i => (partial.Blocks.Span[0] & (0x80 >> i)) != 0);
            return $"{partial.Piece}:{string.Join(',', blocks.Select(i => i + (4 * partial.Piece.Value)))}";
        }
    }

    [Fact]
    public async Task Blocks_of_an_earlier_run_are_read_back_and_hashed()
    {
        await using DiskBench bench = new(32 * Block, 16 * Block);
        bench.Content.CopyTo(bench.Memory.Bytes, 0);
        bench.Torrent.RestorePartial(new PartialPiece(default, new byte[] { 0b1110_1111, 0xFF }));
        bench.Torrent.RestorePartial(new PartialPiece(new PieceIndex(1), new byte[] { 0xFF, 0xFF }));
        await bench.Send(new BlockRef(default, 3));
        await bench.Until(() => bench.Hashed.Count == 2);
        Assert.All(bench.Hashed.Values, Assert.True);
    }

    [Fact]
    public async Task A_closed_torrent_keeps_no_block_and_accepts_none()
    {
        await using DiskBench bench = new(8 * Block, 4 * Block);
        BlockRef[] blocks = [.. bench.AllBlocks];
        await bench.SendAll(blocks[..3]);
        await bench.Torrent.CloseAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, bench.Pool.Rented);
        Assert.True(bench.Memory.IsDisposed);
        await bench.Send(blocks[3]);
        await bench.Until(() => bench.Pool.Rented == 0);
        Assert.Empty(bench.Hashed);
    }

    [Fact]
    public async Task Many_threads_may_give_blocks_at_the_same_time()
    {
        await using DiskBench bench = new(16 << 20, 1 << 20, workers: 4);
        BlockRef[] blocks = [.. bench.AllBlocks];
        new Random(5).Shuffle(blocks);
        await Task.WhenAll(blocks.Chunk(blocks.Length / 8).Select(chunk => Task.Run(() => bench.SendAll(chunk))));
        await bench.Until(() => bench.Hashed.Count == 16);
        Assert.All(bench.Hashed.Values, Assert.True);
        Assert.Equal(bench.Content, bench.Memory.Bytes);
    }
}
