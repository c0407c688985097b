using Freshet.Core.Pieces;

namespace Freshet.Core.Tests.Pieces;

public class RarityOrderTests
{
    [Fact]
    public void The_search_among_many_pieces_is_bounded_and_still_finds_the_only_one()
    {
        // Ten thousand pieces that a crowd has, one of which this peer has too.
        const int pieces = 10_000;
        Availability availability = new(pieces, new Random(1));
        availability.Begin([]);
        Bitfield most = new(pieces);
        most.AddAll();
        most.Remove(new PieceIndex(0));
        availability.AddPeer(most);
        availability.OpenOnly(most, PiecePriority.Normal);
        RarityOrder order = availability.OrderOf(PiecePriority.Normal);
        for (int piece = 1; piece < pieces; piece += 97)
        {
            Bitfield peer = new(pieces);
            peer.Add(new PieceIndex(piece));
            Assert.True(order.TryFindRarest(peer, commonest: false, out PieceIndex found));
            Assert.Equal(piece, found.Value);
            Assert.True(order.TryFindRandom(peer, out found));
            Assert.Equal(piece, found.Value);
        }

        Assert.False(order.TryFindRarest(new Bitfield(pieces), commonest: false, out _));
    }

    [Fact]
    public void Random_pieces_are_of_all_kinds()
    {
        Availability availability = new(100, new Random(1));
        availability.Begin([]);
        Bitfield all = new(100);
        all.AddAll();
        availability.AddPeer(all);
        availability.OpenOnly(all, PiecePriority.Normal);
        HashSet<PieceIndex> seen = [];
        for (int i = 0; i < 2_000; i++)
        {
            Assert.True(availability.OrderOf(PiecePriority.Normal).TryFindRandom(all, out PieceIndex piece));
            seen.Add(piece);
        }

        Assert.Equal(100, seen.Count);
    }
}
