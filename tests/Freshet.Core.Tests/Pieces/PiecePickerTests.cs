using Freshet.Core.Pieces;

using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Pieces;

public class PiecePickerTests
{
    private const int ManyHad = 10;

    [Fact]
    public void One_seed_gives_every_block_once()
    {
        Picking picking = new(pieces: 50);
        Bitfield all = picking.All();
        picking.Availability.AddPeer(all);
        HashSet<BlockRef> seen = [];
        while (!picking.Ledger.IsFinished)
        {
            BlockRef[] blocks = picking.Pick(picking.Peer(1, all), 7);
            Assert.NotEmpty(blocks);
            foreach (BlockRef block in blocks)
            {
                Assert.True(seen.Add(block), $"{block} was picked twice");
                if (picking.Receive(block) == BlockOutcome.CompletesPiece)
                    picking.Ledger.MarkHave(block.Piece);
            }
        }

        Assert.Equal(200, seen.Count);
        Assert.Empty(picking.Pick(picking.Peer(1, all), 7));
    }

    [Fact]
    public void The_rarest_piece_comes_first_once_there_is_something_to_trade()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Picking picking = WithSomeHad(pieces: 40, seed);
            Bitfield peer = picking.All();
            picking.Availability.AddPeer(peer);
            picking.Availability.AddPeer(picking.Pieces([.. Enumerable.Range(0, 40).Where(piece => piece != 25)]));
            Assert.Equal(Picking.Blocks(25, 0, 4), picking.Pick(picking.Peer(1, peer), 4));
        }
    }

    [Fact]
    public void The_first_pieces_are_random_not_rare()
    {
        HashSet<int> firsts = [];
        for (int seed = 0; seed < 50; seed++)
        {
            Picking picking = new(pieces: 40, seed: seed);
            Bitfield peer = picking.All();
            picking.Availability.AddPeer(peer);
            picking.Availability.AddPeer(picking.Pieces([.. Enumerable.Range(0, 40).Where(piece => piece != 25)]));
            firsts.Add(picking.Pick(picking.Peer(1, peer), 1)[0].Piece.Value);
        }

        Assert.True(firsts.Count > 15, $"only {firsts.Count} pieces of 40 in 50 torrents");
    }

    [Fact]
    public void A_snubbed_peer_gets_common_pieces()
    {
        Picking picking = WithSomeHad(pieces: 40, seed: 1);
        Bitfield peer = picking.All();
        picking.Availability.AddPeer(peer);
        picking.Availability.AddPeer(picking.Pieces(31));
        BlockRef block = Assert.Single(picking.Pick(picking.Peer(1, peer) with { IsSnubbed = true, Pace = PeerPace.Slow }, 1));
        Assert.Equal(31, block.Piece.Value);
    }

    [Fact]
    public void Begun_pieces_are_finished_first()
    {
        Picking picking = WithSomeHad(pieces: 40, seed: 1);
        Bitfield all = picking.All();
        picking.Availability.AddPeer(all);
        picking.Availability.AddPeer(all);
        BlockRef[] first = picking.Pick(picking.Peer(1, all), 2);
        BlockRef[] second = picking.Pick(picking.Peer(2, all), 4);
        Assert.Equal([first[0].Piece, first[0].Piece], second[..2].Select(block => block.Piece));
        Assert.NotEqual(first[0].Piece, second[2].Piece);
    }

    [Fact]
    public void A_fast_peer_begins_a_piece_of_its_own()
    {
        Picking picking = Crowd(out Bitfield all);
        BlockRef[] first = picking.Pick(picking.Peer(1, all), 2);
        BlockRef[] second = picking.Pick(picking.Peer(2, all, PeerPace.Fast), 4);
        Assert.Single(second.Select(block => block.Piece).Distinct());
        Assert.NotEqual(first[0].Piece, second[0].Piece);
    }

    [Fact]
    public void A_slow_peer_is_kept_away_from_the_piece_of_a_fast_one()
    {
        Picking picking = Crowd(out Bitfield all);
        BlockRef[] fast = picking.Pick(picking.Peer(1, all, PeerPace.Fast), 2);
        BlockRef[] slow = picking.Pick(picking.Peer(2, all, PeerPace.Slow), 1);
        Assert.NotEqual(fast[0].Piece, slow[0].Piece);
        Assert.Equal(fast[0].Piece, picking.Pick(picking.Peer(1, all, PeerPace.Fast), 1)[0].Piece);
    }

    [Fact]
    public void A_fast_peer_finishes_what_a_slow_one_abandoned_when_nothing_else_is_left()
    {
        Picking picking = new(pieces: 1);
        Bitfield all = picking.All();
        picking.Availability.AddPeer(all);
        picking.Availability.AddPeer(all);
        picking.Pick(picking.Peer(1, all, PeerPace.Slow), 1);
        Assert.Equal(Picking.Blocks(0, 1, 4), picking.Pick(picking.Peer(2, all, PeerPace.Fast), 10));
    }

    [Fact]
    public void An_abandoned_piece_is_open_to_everyone()
    {
        Picking picking = Crowd(out Bitfield all);
        BlockRef[] fast = picking.Pick(picking.Peer(1, all, PeerPace.Fast), 2);
        foreach (BlockRef block in fast)
            picking.Receive(block);
        Assert.NotEqual(fast[0].Piece, picking.Pick(picking.Peer(2, all, PeerPace.Slow), 1)[0].Piece);
        picking.Picker.Abandon(new PeerKey(1));
        Assert.Equal(fast[0].Piece, picking.Pick(picking.Peer(3, all, PeerPace.Slow), 1)[0].Piece);
    }

    [Fact]
    public void Fast_peers_also_finish_begun_pieces_if_there_are_too_many()
    {
        Picking picking = WithSomeHad(pieces: 100, seed: 1);
        Bitfield all = picking.All();
        picking.Availability.AddPeer(all);
        picking.Availability.AddPeer(all);
        for (int peer = 10; peer < 20; peer++)
            picking.Pick(picking.Peer(peer, all, PeerPace.Fast), 1);
        int begun = picking.Ledger.Started.Count;
        Assert.True(begun <= 4, $"{begun} pieces begun with two peers");
    }

    [Fact]
    public void High_priority_comes_before_normal_and_low_comes_last()
    {
        Picking picking = new(pieces: 20);
        Bitfield all = picking.All();
        picking.Availability.AddPeer(all);
        for (int i = 0; i < 10; i++)
            picking.Ledger.SetPriority(new PieceIndex(i), PiecePriority.Low);
        picking.Ledger.SetPriority(new PieceIndex(17), PiecePriority.High);
        BlockRef[] order = picking.Pick(picking.Peer(1, all), 80);
        Assert.Equal(80, order.Length);
        Assert.Equal(17, order[0].Piece.Value);
        Assert.All(order[4..40], block => Assert.InRange(block.Piece.Value, 10, 19));
        Assert.All(order[40..], block => Assert.InRange(block.Piece.Value, 0, 9));
    }

    [Fact]
    public void In_sequential_mode_pieces_come_in_order()
    {
        Picking picking = new(pieces: 200);
        Bitfield all = picking.All();
        picking.Availability.AddPeer(all);
        picking.Picker.IsSequential = true;
        picking.Ledger.MarkHave(new PieceIndex(1));
        BlockRef[] order = picking.Pick(picking.Peer(1, all), 800);
        Assert.Equal(Enumerable.Range(0, 200).Where(piece => piece != 1).SelectMany(piece => Picking.Blocks(piece, 0, 4)), order);
    }

    [Fact]
    public void Pieces_with_a_deadline_come_first_in_the_order_of_their_deadlines()
    {
        Picking picking = WithSomeHad(pieces: 40, seed: 1);
        Bitfield all = picking.All();
        picking.Availability.AddPeer(all);
        picking.Pick(picking.Peer(1, all), 1);
        Assert.True(picking.Picker.Deadlines.Set(new PieceIndex(30), Seconds(5)));
        Assert.True(picking.Picker.Deadlines.Set(new PieceIndex(31), Seconds(3)));
        Assert.True(picking.Picker.Deadlines.Set(new PieceIndex(30), Seconds(1)));
        Assert.Equal([.. Picking.Blocks(30, 0, 4), .. Picking.Blocks(31, 0, 4)], picking.Pick(picking.Peer(1, all), 8));
    }

    [Fact]
    public void A_late_block_is_requested_from_a_second_peer_but_not_from_a_third()
    {
        Picking picking = WithSomeHad(pieces: 40, seed: 1);
        Bitfield peer = picking.Pieces(30);
        picking.Availability.AddPeer(peer);
        picking.Picker.Deadlines.Set(new PieceIndex(30), Seconds(5));
        Assert.Equal(4, picking.Pick(picking.Peer(1, peer), 10).Length);
        Assert.Empty(picking.Pick(picking.Peer(2, peer) with { Now = Seconds(4), Outstanding = PieceLimits.MinEndgameRequests }, 10));
        PickContext busy = picking.Peer(2, peer) with { Now = Seconds(5), Outstanding = PieceLimits.MinEndgameRequests };
        Assert.Equal(4, picking.Pick(busy, 10).Length);
        Assert.Empty(picking.Pick(picking.Peer(3, peer) with { Now = Seconds(6), Outstanding = PieceLimits.MinEndgameRequests }, 10));
        Assert.Empty(picking.Pick(picking.Peer(1, peer) with { Now = Seconds(6), Outstanding = PieceLimits.MinEndgameRequests }, 10));
    }

    [Fact]
    public void A_peer_that_cannot_deliver_in_time_begins_with_the_last_deadline()
    {
        Picking picking = new(pieces: 20);
        Bitfield peer = picking.All();
        picking.Availability.AddPeer(peer);
        for (int i = 0; i < 3; i++)
            picking.Picker.Deadlines.Set(new PieceIndex(10 + i), Seconds(3 + i));
        PickContext slow = picking.Peer(1, peer, PeerPace.Slow) with { TimeToDeliver = TimeSpan.FromSeconds(10) };
        PickContext fast = picking.Peer(2, peer, PeerPace.Fast) with { TimeToDeliver = TimeSpan.FromSeconds(0.1) };
        PickContext middling = picking.Peer(3, peer) with { TimeToDeliver = TimeSpan.FromSeconds(4) };
        Assert.Equal(Picking.Blocks(12, 0, 4), picking.Pick(slow, 4));
        Assert.Equal(Picking.Blocks(10, 0, 2), picking.Pick(fast, 2));
        Assert.Equal(Picking.Blocks(11, 0, 4), picking.Pick(middling, 4));

        // Nothing is left out for lack of a faster peer.
        Assert.Equal(Picking.Blocks(10, 2, 4), picking.Pick(slow, 2));
    }

    [Fact]
    public void Deadlines_are_bounded_and_removed_when_their_piece_is_complete()
    {
        Picking picking = new(pieces: 1_000);
        for (int i = 0; i < PieceLimits.MaxDeadlines; i++)
            Assert.True(picking.Picker.Deadlines.Set(new PieceIndex(i), Seconds(i)));
        Assert.False(picking.Picker.Deadlines.Set(new PieceIndex(999), Seconds(1)));
        picking.Ledger.MarkHave(new PieceIndex(7));
        picking.Pick(picking.Peer(1, picking.Pieces(999)), 1);
        Assert.Equal(PieceLimits.MaxDeadlines - 1, picking.Picker.Deadlines.Count);
        Assert.True(picking.Picker.Deadlines.Clear(new PieceIndex(8)));
        Assert.False(picking.Picker.Deadlines.Clear(new PieceIndex(8)));
    }

    [Fact]
    public void While_choked_only_allowed_pieces_are_requested()
    {
        Picking picking = new(pieces: 20);
        Bitfield peer = picking.Pieces(3, 4, 5);
        picking.Availability.AddPeer(peer);
        Assert.Empty(picking.Pick(picking.Peer(1, peer) with { IsChoking = true }, 10));
        PieceIndex[] allowed = [new(4), new(9)];
        Assert.Equal(Picking.Blocks(4, 0, 4), picking.Pick(picking.Peer(1, peer) with { IsChoking = true, AllowedFast = allowed }, 10));
        Assert.Empty(picking.Pick(picking.Peer(1, peer) with { IsChoking = true, AllowedFast = allowed }, 10));
    }

    [Fact]
    public void Suggested_pieces_are_preferred_and_the_latest_comes_first()
    {
        Picking picking = WithSomeHad(pieces: 40, seed: 1);
        Bitfield all = picking.All();
        picking.Availability.AddPeer(all);
        PieceIndex[] suggested = [new(20), new(33), new(0)];
        BlockRef[] order = picking.Pick(picking.Peer(1, all) with { Suggested = suggested }, 8);
        Assert.Equal([.. Picking.Blocks(33, 0, 4), .. Picking.Blocks(20, 0, 4)], order);
    }

    [Fact]
    public void A_peer_on_parole_shares_no_piece()
    {
        Picking picking = Crowd(out Bitfield all);
        BlockRef[] others = picking.Pick(picking.Peer(1, all), 2);
        BlockRef[] its = picking.Pick(picking.Peer(2, all) with { IsOnParole = true }, 2);
        Assert.NotEqual(others[0].Piece, its[0].Piece);
        BlockRef[] more = picking.Pick(picking.Peer(3, all), 6);
        Assert.DoesNotContain(more, block => block.Piece == its[0].Piece);
        BlockRef[] rest = picking.Pick(picking.Peer(2, all) with { IsOnParole = true }, 2);
        Assert.All(rest, block => Assert.Equal(its[0].Piece, block.Piece));
    }

    [Fact]
    public void The_piece_of_a_peer_on_parole_is_open_to_everyone_when_it_leaves()
    {
        Picking picking = new(pieces: 1);
        Bitfield all = picking.All();
        picking.Availability.AddPeer(all);
        BlockRef[] its = picking.Pick(picking.Peer(2, all) with { IsOnParole = true }, 2);
        picking.Receive(its[0], peer: 2);
        picking.Receive(its[1], peer: 2);
        Assert.Empty(picking.Pick(picking.Peer(1, all), 10));
        picking.Picker.Abandon(new PeerKey(2));
        Assert.Equal(Picking.Blocks(0, 2, 4), picking.Pick(picking.Peer(1, all), 10));
    }

    [Fact]
    public void A_faster_peer_gets_the_piece_of_a_slow_suspect_when_nothing_else_is_left()
    {
        Picking picking = new(pieces: 2);
        Bitfield all = picking.All();
        picking.Availability.AddPeer(all);
        PieceIndex its = picking.Pick(picking.Peer(2, all, PeerPace.Slow) with { IsOnParole = true }, 2)[0].Piece;
        Assert.False(picking.Picker.TryFindHeldUp(picking.Peer(1, all, PeerPace.Fast), out _));
        BlockRef[] mine = picking.Pick(picking.Peer(1, all, PeerPace.Fast), 4);
        Assert.All(mine, block => Assert.NotEqual(its, block.Piece));
        Assert.False(picking.Picker.TryFindHeldUp(picking.Peer(2, all, PeerPace.Fast), out _));
        Assert.False(picking.Picker.TryFindHeldUp(picking.Peer(3, all, PeerPace.Slow), out _));
        Assert.False(picking.Picker.TryFindHeldUp(picking.Peer(4, all, PeerPace.Fast) with { IsSnubbed = true }, out _));
        Assert.True(picking.Picker.TryFindHeldUp(picking.Peer(5, all, PeerPace.Fast) with { IsOnParole = true }, out PieceIndex found));
        Assert.Equal(its, found);
    }

    [Fact]
    public void Endgame_does_not_begin_while_a_block_can_be_requested_elsewhere()
    {
        Picking picking = WithSomeHad(pieces: 12, seed: 1);
        Bitfield peer = picking.Pieces(10);
        Bitfield other = picking.Pieces(11);
        picking.Availability.AddPeer(peer);
        picking.Availability.AddPeer(other);
        Assert.Equal(4, picking.Pick(picking.Peer(1, peer), 10).Length);
        Assert.Empty(picking.Pick(picking.Peer(2, peer), 10));
        Assert.False(picking.Picker.IsEndgame);
        picking.Availability.RemovePeer(other);
        Assert.True(picking.Picker.IsEndgame);
        Assert.Empty(picking.Pick(picking.Peer(2, peer), 10));
    }

    [Fact]
    public void Interest_ends_with_the_last_missing_piece_that_the_peer_has()
    {
        Picking picking = new(pieces: 200);
        Bitfield peer = picking.Pieces(3, 150);
        Assert.True(picking.Ledger.WantsAnyOf(peer));
        picking.Ledger.MarkHave(new PieceIndex(3));
        Assert.True(picking.Ledger.WantsAnyOf(peer));
        picking.Ledger.MarkHave(new PieceIndex(150));
        Assert.False(picking.Ledger.WantsAnyOf(peer));
        Assert.True(picking.Ledger.WantsAnyOf(picking.All()));
    }

    // Ten pieces are complete, so the random first pieces are behind us.
    private static Picking WithSomeHad(int pieces, int seed)
    {
        Picking picking = new(pieces, seed: seed);
        for (int i = 0; i < ManyHad; i++)
            picking.Ledger.MarkHave(new PieceIndex(i));
        return picking;
    }

    // There are twenty seeds, so a few begun pieces are not too many.
    private static Picking Crowd(out Bitfield all)
    {
        Picking picking = WithSomeHad(pieces: 60, seed: 1);
        all = picking.All();
        for (int i = 0; i < 20; i++)
            picking.Availability.AddPeer(all);
        return picking;
    }

    private static Timestamp Seconds(double seconds) => new(TimeSpan.FromSeconds(seconds).Ticks);
}
