using Freshet.Core.Pieces;
using FsCheck;
using FsCheck.Fluent;

namespace Freshet.Core.Tests.Pieces;

public class BitfieldTests
{
    private const int Runs = 300;

    [Fact]
    public void The_first_piece_is_the_highest_bit_of_the_first_byte()
    {
        // BEP 3: "The high bit in the first byte corresponds to piece index 0."
        Assert.True(Bitfield.TryParse([0b1000_0001, 0b0100_0000], 10, out Bitfield set));
        Assert.Equal([0, 7, 9], Pieces(set));
        Assert.Equal([0b1000_0001, 0b0100_0000], set.ToArray());
    }

    [Theory]
    [InlineData(10, 3)]
    [InlineData(10, 1)]
    [InlineData(8, 2)]
    [InlineData(64, 9)]
    [InlineData(0, 1)]
    public void A_wrong_length_is_refused(int pieces, int bytes)
    {
        Assert.False(Bitfield.TryParse(new byte[bytes], pieces, out Bitfield set));
        Assert.Equal(0, set.Count);
        Assert.False(Bitfield.TryParseLoosely(new byte[bytes], pieces, out set));
        Assert.Equal(0, set.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(127)]
    [InlineData(1001)]
    public void Spare_bits_are_refused_or_cleared(int pieces)
    {
        byte[] bytes = new byte[(pieces + 7) / 8];
        for (int spare = pieces % 8; spare < 8; spare++)
        {
            bytes[^1] = (byte)(0x80 >> spare);
            Assert.False(Bitfield.TryParse(bytes, pieces, out Bitfield set));
            Assert.Equal(0, set.Count);
            Assert.False(set.IsFull);
            Assert.True(Bitfield.TryParseLoosely(bytes, pieces, out set));
            Assert.Equal(0, set.Count);
        }

        Array.Fill(bytes, (byte)0xFF);
        Assert.True(Bitfield.TryParseLoosely(bytes, pieces, out Bitfield all));
        Assert.True(all.IsFull);
        Assert.True(Bitfield.TryParse(all.ToArray(), pieces, out _));
    }

    [Fact]
    public void A_bitfield_that_is_written_is_read_back() => Prop.ForAll(Sets(), set =>
    {
        Assert.True(Bitfield.TryParse(set.ToArray(), set.Length, out Bitfield again));
        Assert.Equal(Pieces(set), Pieces(again));
        Assert.Equal(set.Count, again.Count);
        Assert.Equal(Pieces(set), Pieces(set.Clone()));
        return again.ByteLength == set.ToArray().Length;
    }).Holds(Runs);

    [Fact]
    public void It_equals_the_set_that_adding_and_removing_makes()
    {
        Gen<int[]> lengthAndSteps = Gen.Choose(1, 300)
            .SelectMany(length => Gen.Choose(-length, length - 1).ArrayOf(), (length, steps) => (int[])[length, .. steps]);
        Prop.ForAll(lengthAndSteps.ToArbitrary(), steps =>
        {
            Bitfield set = new(steps[0]);
            SortedSet<int> model = [];
            foreach (int step in steps.AsSpan(1))
            {
                if (step >= 0)
                    Assert.Equal(model.Add(step), set.Add(new PieceIndex(step)));
                else
                    Assert.Equal(model.Remove(-step - 1), set.Remove(new PieceIndex(-step - 1)));
                Assert.Equal(model.Count, set.Count);
            }

            Assert.Equal(model, Pieces(set));
            Assert.All(Enumerable.Range(0, steps[0]), piece => Assert.Equal(model.Contains(piece), set[new PieceIndex(piece)]));
        }).Holds(Runs);
    }

    [Fact]
    public void Two_sets_are_compared_piece_by_piece() => Prop.ForAll(Sets(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (one, seed) =>
    {
        Random random = new(seed);
        Bitfield other = new(one.Length);
        int share = random.Next(1, 200);
        for (int i = 0; i < one.Length; i++)
        {
            if (random.Next(share) == 0)
                other.Add(new PieceIndex(i));
        }

        int[] common = [.. Pieces(one).Intersect(Pieces(other))];
        Assert.Equal(common.Length > 0, one.Intersects(other));
        int from = random.Next(one.Length + 2);
        Assert.Equal(FirstOf(common, from), one.FirstCommonAtOrAfter(other, new PieceIndex(from))?.Value);
        Assert.Equal(FirstOf(Pieces(one).Except(Pieces(other)), from), one.FirstNotIn(other, new PieceIndex(from))?.Value);
        Assert.Equal(FirstOf(Pieces(other).Except(Pieces(one)), from), other.FirstNotIn(one, new PieceIndex(from))?.Value);
        other.CopyFrom(one);
        Assert.Equal(Pieces(one), Pieces(other));
        return other.Count == one.Count;
    }).Holds(Runs);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(100)]
    public void Adding_all_pieces_sets_no_spare_bit(int pieces)
    {
        Bitfield set = new(pieces);
        set.AddAll();
        Assert.True(set.IsFull);
        Assert.Equal(pieces, Pieces(set).Length);
        Assert.True(Bitfield.TryParse(set.ToArray(), pieces, out _));
        set.Clear();
        Assert.Equal(0, set.Count);
        Assert.Empty(Pieces(set));
    }

    [Fact]
    public void Pieces_that_do_not_exist_are_refused()
    {
        Bitfield set = new(70);
        Assert.Throws<ArgumentOutOfRangeException>(() => set[new PieceIndex(70)]);
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Add(new PieceIndex(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Remove(new PieceIndex(127)));
        Assert.Throws<ArgumentOutOfRangeException>(() => set.Intersects(new Bitfield(71)));
        Assert.Null(set.FirstAtOrAfter(new PieceIndex(0)));
        Assert.Null(set.FirstAtOrAfter(new PieceIndex(70)));
    }

    private static Arbitrary<Bitfield> Sets() => Gen.Choose(0, 700).SelectMany(length => Gen.Choose(0, int.MaxValue), (length, seed) =>
    {
        Random random = new(seed);
        int share = random.Next(1, 30);
        Bitfield set = new(length);
        for (int i = 0; i < length; i++)
        {
            if (random.Next(share) == 0)
                set.Add(new PieceIndex(i));
        }

        return set;
    }).ToArbitrary();

    private static int[] Pieces(Bitfield set)
    {
        List<int> pieces = [];
        for (PieceIndex? piece = set.FirstAtOrAfter(default);
            piece is { } found;
            piece = set.FirstAtOrAfter(new PieceIndex(found.Value + 1)))
            pieces.Add(found.Value);
        return [.. pieces];
    }

    private static int? FirstOf(IEnumerable<int> pieces, int from) =>
        pieces.Where(piece => piece >= from).Select(piece => (int?)piece).Order().FirstOrDefault();
}
