using Freshet.Connections;
using Freshet.Core.Pieces;
using Freshet.Running;
using Freshet.Tests.Disk;

namespace Freshet.Tests.Running;

public class DiskBlockReaderTests
{
    private const int Block = 16 * 1024;
    private const int PieceLength = 4 * 1024 * 1024;
    private const int Length = (2 * PieceLength) - (3 * Block);

    [Fact]
    public async Task Sequential_reads_are_read_ahead_further_and_further()
    {
        await using DiskBench bench = new(Length, PieceLength);
        DiskBlockReader reader = Open(bench);
        for (int i = 0; i < 6; i++)
            await ReadAsync(bench, reader, new BlockRange(new PieceIndex(0), i * Block, Block));
        int[] expected = [128, 256, 512, 1024, 1024, 1024];
        Assert.Equal(expected.Select((kibibytes, i) => ((long)(i + 1) * Block, kibibytes * 1024)), bench.Memory.Prefetched);
    }

    [Fact]
    public async Task Read_ahead_ends_with_the_piece()
    {
        await using DiskBench bench = new(Length, PieceLength);
        DiskBlockReader reader = Open(bench);
        for (int from = PieceLength - (7 * Block); from < PieceLength - (3 * Block); from += Block)
            await ReadAsync(bench, reader, new BlockRange(new PieceIndex(1), from, Block));
        Assert.Equal([(Length - (2L * Block), 2 * Block), (Length - (1L * Block), Block)], bench.Memory.Prefetched);
    }

    [Fact]
    public async Task Random_reads_cause_no_read_ahead()
    {
        await using DiskBench bench = new(Length, PieceLength);
        DiskBlockReader reader = Open(bench);
        foreach (int block in (int[])[7, 3, 9, 8, 11, 5])
            await ReadAsync(bench, reader, new BlockRange(new PieceIndex(0), block * Block, Block));
        Assert.Empty(bench.Memory.Prefetched);
    }

    [Fact]
    public async Task Without_a_wait_there_is_no_read_ahead()
    {
        await using DiskBench bench = new(Length, PieceLength);
        bench.Memory.IsCached = true;
        DiskBlockReader reader = Open(bench);
        await ReadAsync(bench, reader, new BlockRange(new PieceIndex(1), 0, Block));
        await ReadAsync(bench, reader, new BlockRange(new PieceIndex(1), Block, Block));
        Assert.Empty(bench.Memory.Prefetched);
    }

    private static DiskBlockReader Open(DiskBench bench) => new(() => bench.Torrent);

    private static async Task ReadAsync(DiskBench bench, DiskBlockReader reader, BlockRange block)
    {
        bench.Content.CopyTo(bench.Memory.Bytes, 0);
        byte[] buffer = new byte[Block];
        BlockReadResult result = await reader.ReadAsync(new[] { new BlockSlot(block, 0) }, buffer);
        Assert.Equal(1, result.Count);
        int from = (int)bench.Layout.OffsetOf(block.Piece) + block.Offset;
        Assert.True(bench.Content.AsSpan(from, Block).SequenceEqual(buffer));
    }
}
