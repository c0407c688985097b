using System.Collections.Immutable;
using Freshet.Core.Pieces;
using FsCheck;
using FsCheck.Fluent;

namespace Freshet.Core.Tests.Pieces;

public class PieceLayoutTests
{
    private const int Runs = 300;

    /// <summary>Layouts of a few small files, many of them empty, of both kinds.</summary>
    private static Arbitrary<PieceLayout> Layouts =>
        Gen.Choose(1, 40).SelectMany(
            _ => Gen.Frequency((1, Gen.Constant(0L)), (2, Gen.Choose(1, 150).Select(length => (long)length))).ListOf(),
            (pieceLength, files) => (pieceLength, files))
            .SelectMany(_ => Gen.Elements(false, true), (it, aligned) => new PieceLayout(it.pieceLength, [.. it.files], aligned))
            .ToArbitrary();

    [Fact]
    public void The_last_piece_and_its_last_block_are_short()
    {
        PieceLayout layout = new(40_000, [50_000]);
        Assert.Equal(2, layout.PieceCount);
        Assert.Equal(40_000, layout.LengthOf(new PieceIndex(0)));
        Assert.Equal(10_000, layout.LengthOf(new PieceIndex(1)));
        Assert.Equal(3, layout.BlockCountOf(new PieceIndex(0)));
        Assert.Equal(1, layout.BlockCountOf(new PieceIndex(1)));
        Assert.Equal(40_000 - (2 * 16_384), layout.LengthOf(new BlockRef(new PieceIndex(0), 2)));
        Assert.Equal(10_000, layout.LengthOf(new BlockRef(new PieceIndex(1), 0)));
        Assert.Equal(40_000, layout.OffsetOf(new BlockRef(new PieceIndex(1), 0)));
    }

    [Fact]
    public void A_piece_may_hold_parts_of_several_files_and_pad_files_count()
    {
        PieceLayout layout = new(100, [30, 0, 70, 1, 99, 250]);
        Assert.Equal(5, layout.PieceCount);
        Assert.Equal([new(0, 0, 30), new(2, 0, 70)], Slices(layout, 0, 100));
        Assert.Equal([new(3, 0, 1), new(4, 0, 99)], Slices(layout, 100, 100));
        Assert.Equal([new(2, 60, 10), new(3, 0, 1), new(4, 0, 4)], Slices(layout, 90, 15));
        Assert.Equal(new PieceRange(new(0), 1), layout.PiecesOfFile(0));
        Assert.Equal(new PieceRange(new(0), 0), layout.PiecesOfFile(1));
        Assert.Equal(new PieceRange(new(2), 3), layout.PiecesOfFile(5));
    }

    [Fact]
    public void Aligned_files_begin_on_a_piece_boundary_and_end_with_a_short_piece()
    {
        PieceLayout layout = new(100, [30, 0, 120, 0, 100, 1], fileAligned: true);
        Assert.Equal([0, 30, 100, 220, 300, 400], Enumerable.Range(0, 6).Select(layout.OffsetOfFile));
        Assert.Equal([30, 100, 20, 100, 1], Enumerable.Range(0, 5).Select(piece => layout.LengthOf(new PieceIndex(piece))));
        Assert.Equal(251, layout.TotalLength);
        Assert.Equal(new PieceRange(new(1), 2), layout.PiecesOfFile(2));
        Assert.Equal([new(0, 20, 10), new(2, 0, 50)], Slices(layout, 20, 130));
    }

    [Fact]
    public void Torrents_of_empty_files_have_no_pieces()
    {
        Assert.Equal(0, new PieceLayout(16_384, [0, 0, 0]).PieceCount);
        PieceLayout none = new(16_384, []);
        Assert.Equal(0, none.PieceCount);
        Assert.Empty(Slices(none, 0, 0));
        Assert.False(none.Contains(new PieceIndex(0)));
    }

    [Fact]
    public void Lengths_that_do_not_add_up_are_refused()
    {
        Assert.ThrowsAny<ArithmeticException>(() => new PieceLayout(16_384, [long.MaxValue, long.MaxValue]));
        Assert.ThrowsAny<ArithmeticException>(() => new PieceLayout(16_384, [long.MaxValue, 1], fileAligned: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PieceLayout(16_384, [long.MaxValue]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PieceLayout(16_384, [-1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PieceLayout(0, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PieceLayout(Limits.MaxPieceLength + 1, [1]));
    }

    [Theory]
    [InlineData(0, 0, 16_384, true)]
    [InlineData(0, 16_384, 16_384, true)]
    [InlineData(1, 16_384, 616, true)]
    [InlineData(1, 16_384, 16_384, false)]
    [InlineData(0, 1, 16_384, false)]
    [InlineData(0, 0, 100, false)]
    [InlineData(0, -16_384, 16_384, false)]
    [InlineData(0, int.MaxValue - 16_383, 16_384, false)]
    [InlineData(2, 0, 16_384, false)]
    [InlineData(-1, 0, 16_384, false)]
    [InlineData(0, 0, 0, false)]
    [InlineData(0, 0, int.MinValue, false)]
    public void A_range_is_a_block_only_if_it_is_exactly_one(int piece, int offset, int length, bool isBlock)
    {
        PieceLayout layout = new(32_768, [32_768 + 17_000]);
        Assert.Equal(isBlock, layout.TryGetBlock(new BlockRange(new PieceIndex(piece), offset, length), out BlockRef block));
        if (isBlock)
            Assert.Equal(new BlockRange(new PieceIndex(piece), offset, length), layout.RangeOf(block));
    }

    [Fact]
    public void Slices_outside_the_torrent_are_refused()
    {
        PieceLayout layout = new(100, [250]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Slices(layout, 200, 51));
        Assert.Throws<ArgumentOutOfRangeException>(() => Slices(layout, -1, 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Slices(layout, long.MaxValue, 5));
        Assert.Empty(Slices(layout, 250, 0));
    }

    [Fact]
    public void Pieces_tile_the_files_exactly() => Prop.ForAll(Layouts, layout =>
    {
        long[] reached = new long[layout.FileCount];
        long total = 0;
        for (int i = 0; i < layout.PieceCount; i++)
        {
            PieceIndex piece = new(i);
            int length = 0;
            foreach (FileSlice slice in layout.SlicesOf(layout.OffsetOf(piece), layout.LengthOf(piece)))
            {
                // Every byte of every file, once, in order.
                Assert.Equal(reached[slice.FileIndex], slice.Offset);
                Assert.True(slice.Length > 0);
                Assert.True(layout.PiecesOfFile(slice.FileIndex).Contains(piece));
                reached[slice.FileIndex] += slice.Length;
                length += slice.Length;
            }

            Assert.Equal(layout.LengthOf(piece), length);
            Assert.Equal(piece, layout.PieceAt(layout.OffsetOf(piece) + length - 1));
            total += length;
        }

        Assert.Equal(layout.TotalLength, total);
        Assert.Equal(Enumerable.Range(0, layout.FileCount).Select(layout.LengthOfFile), reached);
    }).Holds(Runs);

    [Fact]
    public void Blocks_tile_pieces_exactly() =>
        Prop.ForAll(Gen.Choose(1, 200_000).ToArbitrary(), Gen.Choose(1, 700_000).ToArbitrary(), (pieceLength, total) =>
        {
            PieceLayout layout = new(pieceLength, [total]);
            long at = 0;
            for (int i = 0; i < layout.PieceCount; i++)
            {
                for (int j = 0; j < layout.BlockCountOf(new PieceIndex(i)); j++)
                {
                    BlockRef block = new(new PieceIndex(i), j);
                    Assert.Equal(at, layout.OffsetOf(block));
                    Assert.InRange(layout.LengthOf(block), 1, Limits.BlockLength);
                    Assert.True(layout.TryGetBlock(layout.RangeOf(block), out BlockRef same) && same == block);
                    at += layout.LengthOf(block);
                }

                Assert.InRange(layout.BlockCountOf(new PieceIndex(i)), 1, layout.BlocksPerPiece);
            }

            Assert.Equal(total, at);
        }).Holds(Runs);

    [Fact]
    public void Any_range_is_cut_into_slices_that_add_up() =>
        Prop.ForAll(Layouts, Gen.Choose(0, int.MaxValue).ToArbitrary(), Gen.Choose(0, 400).ToArbitrary(), (layout, where, most) =>
        {
            long begin = layout.TotalLength == 0 ? 0 : where % layout.TotalLength;
            int length = (int)Math.Min(most, layout.TotalLength - begin);
            bool[] wanted = [.. Enumerable.Range(0, layout.FileCount).SelectMany(file => Bytes(layout, file))
                .Select(at => at >= begin && at < begin + length)];
            bool[] got = [.. Enumerable.Range(0, layout.FileCount).SelectMany(file => Bytes(layout, file)
                .Select(at => Slices(layout, begin, length).Any(slice => Holds(layout, slice, file, at))))];
            Assert.Equal(wanted, got);
        }).Holds(60);

    [Fact]
    public void A_million_empty_files_between_two_others_are_stepped_over()
    {
        ImmutableArray<long> files = [50, .. Enumerable.Repeat(0L, Limits.MaxFiles - 2), 50];
        PieceLayout layout = new(10, files);
        for (int i = 0; i < 10_000; i++)
            Assert.Equal([new(0, 45, 5), new(Limits.MaxFiles - 1, 0, 5)], Slices(layout, 45, 10));
    }

    private static IEnumerable<long> Bytes(PieceLayout layout, int file) =>
        Enumerable.Range(0, (int)layout.LengthOfFile(file)).Select(at => layout.OffsetOfFile(file) + at);

    private static bool Holds(PieceLayout layout, FileSlice slice, int file, long at) =>
        slice.FileIndex == file
            && at >= layout.OffsetOfFile(file) + slice.Offset
            && at < layout.OffsetOfFile(file) + slice.Offset + slice.Length;

    private static List<FileSlice> Slices(PieceLayout layout, long offset, int length)
    {
        List<FileSlice> slices = [];
        foreach (FileSlice slice in layout.SlicesOf(offset, length))
            slices.Add(slice);
        return slices;
    }
}
