using Freshet.Core.Pieces;

namespace Freshet.Core.Tests.Pieces;

public class SpreadTests
{
    [Fact]
    public void The_copies_are_those_of_the_rarest_piece_plus_the_fraction_of_pieces_with_more()
    {
        Picking picking = new(pieces: 4);
        Bitfield have = picking.Pieces(0);
        Bitfield missing = picking.Pieces(1, 2, 3);
        Assert.Equal(new Spread(0, 0.25), picking.Availability.SpreadOf(have, missing));
        picking.Availability.AddPeer(picking.Pieces(1, 2));
        picking.Availability.AddPeer(picking.Pieces(1, 3));
        Assert.Equal(new Spread(1, 1.25), picking.Availability.SpreadOf(have, missing));
        picking.Availability.AddPeer(picking.All());
        Assert.Equal(new Spread(2, 2.25), picking.Availability.SpreadOf(have, missing));

        // Unwanted pieces do not count as missing.
        Assert.Equal(new Spread(3, 2.25), picking.Availability.SpreadOf(have, picking.Pieces(1)));
        Assert.Null(picking.Availability.SpreadOf(have, picking.Pieces()).OfRarestMissing);
    }

    [Fact]
    public void It_equals_what_counting_each_piece_gives()
    {
        Random random = new(7);
        for (int round = 0; round < 100; round++)
        {
            Picking picking = new(pieces: random.Next(1, 150));
            int pieces = picking.All().Length;
            List<Bitfield> peers = [.. Enumerable.Range(0, random.Next(5)).Select(_ => Some())];
            Bitfield have = Some();
            peers.ForEach(picking.Availability.AddPeer);
            int[] counts = [.. Enumerable.Range(0, pieces).Select(i => peers.Append(have).Count(set => set[new PieceIndex(i)]))];
            double copies = counts.Min() + (counts.Count(count => count > counts.Min()) / (double)pieces);
            Assert.Equal(copies, picking.Availability.SpreadOf(have, picking.Pieces()).Copies, 9);

            Bitfield Some() => picking.Pieces([.. Enumerable.Range(0, pieces).Where(_ => random.Next(3) > 0)]);
        }
    }
}
