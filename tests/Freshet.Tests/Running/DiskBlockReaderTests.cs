using Freshet.Connections;
using Freshet.Core.Pieces;
using Freshet.Disk;
using Freshet.Running;
using Freshet.Tests.Disk;

namespace Freshet.Tests.Running;

public class DiskBlockReaderTests
{
    private const int Block = 16 * 1024;
    private const int PieceLength = 4 * 1024 * 1024;
    private const int Length = (2 * PieceLength) - (3 * Block);

    [Theory]
    [InlineData(0, 0, PieceLength - DiskLimits.MaxReadAhead - Block, DiskLimits.MaxReadAhead)]
    [InlineData(0, 0, 0, DiskLimits.MaxReadAhead)]
    [InlineData(1, PieceLength, PieceLength - (5 * Block), Block)]
    public async Task What_follows_a_block_that_had_to_be_waited_for_is_read_ahead(int piece, int begin, int offset, int ahead)
    {
        await using DiskBench bench = new(Length, PieceLength);
        await ReadAsync(bench, new BlockRange(new PieceIndex(piece), offset, Block));
        Assert.Equal([((long)begin + offset + Block, ahead)], bench.Memory.Prefetched);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, PieceLength - (4 * Block))]
    public async Task Nothing_is_read_ahead_where_nothing_was_waited_for_or_the_piece_ends(bool isCached, int offset)
    {
        await using DiskBench bench = new(Length, PieceLength);
        bench.Memory.IsCached = isCached;
        await ReadAsync(bench, new BlockRange(new PieceIndex(1), offset, Block));
        Assert.Empty(bench.Memory.Prefetched);
    }

    private static async Task ReadAsync(DiskBench bench, BlockRange block)
    {
        bench.Content.CopyTo(bench.Memory.Bytes, 0);
        byte[] buffer = new byte[Block];
        BlockReadResult result = await new DiskBlockReader(() => bench.Torrent).ReadAsync(new[] { new BlockSlot(block, 0) }, buffer);
        Assert.Equal(1, result.Count);
        int from = (int)bench.Layout.OffsetOf(block.Piece) + block.Offset;
        Assert.True(bench.Content.AsSpan(from, Block).SequenceEqual(buffer));
    }
}
