using Freshet.Core.Pieces;

namespace Freshet.Core.Tests.Pieces;

public class PieceLedgerTests
{
    private static readonly PieceIndex First = new(0);

    [Fact]
    public void A_block_is_first_new_then_a_duplicate_and_then_unwanted()
    {
        Picking picking = Started(out BlockRef[] blocks);
        Assert.Equal(BlockOutcome.Accepted, picking.Receive(blocks[0]));
        Assert.Equal(BlockOutcome.Duplicate, picking.Receive(blocks[0], peer: 2));
        Assert.Equal(BlockOutcome.Accepted, picking.Receive(blocks[1]));
        Assert.Equal(BlockOutcome.Accepted, picking.Receive(blocks[2]));
        Assert.False(picking.Ledger.IsWaitingForHash(First));
        Assert.Equal(BlockOutcome.CompletesPiece, picking.Receive(blocks[3]));
        Assert.True(picking.Ledger.IsWaitingForHash(First));
        picking.Ledger.MarkHave(First);
        Assert.Equal(BlockOutcome.Unwanted, picking.Receive(blocks[0]));
        Assert.True(picking.Ledger.IsFinished);
    }

    [Fact]
    public void Bytes_left_fall_when_a_piece_is_verified_and_unverified_bytes_are_counted_separately()
    {
        PieceLayout layout = new(2 * Limits.BlockLength, [(2 * Limits.BlockLength) + 100]);
        PieceLedger ledger = new(layout, new Availability(2, new Random(1)));
        Assert.Equal(BlockOutcome.CompletesPiece, ledger.Receive(new BlockRef(new PieceIndex(1), 0), new PeerKey(1), []));
        Assert.Equal(100, ledger.UnverifiedBytes);
        Assert.Equal(layout.TotalLength, ledger.WantedBytesLeft);
        ledger.MarkHave(new PieceIndex(1));
        Assert.Equal(0, ledger.UnverifiedBytes);
        Assert.Equal(layout.TotalLength - 100, ledger.WantedBytesLeft);
        ledger.MarkLost(new PieceIndex(1));
        Assert.Equal(layout.TotalLength, ledger.WantedBytesLeft);
    }

    [Fact]
    public void The_sender_of_a_block_is_known_until_the_piece_is_verified()
    {
        Picking picking = Started(out BlockRef[] blocks);
        picking.Receive(blocks[0], peer: 1);
        picking.Receive(blocks[1], peer: 2);
        Assert.Null(picking.ContributorOf(blocks[2]));
        picking.Receive(blocks[2], peer: 3);
        picking.Receive(blocks[3], peer: 1);
        Assert.Equal([1, 2, 3, 1], blocks.Select(block => picking.ContributorOf(block)!.Value));
        picking.Ledger.MarkHave(First);
        Assert.All(blocks, block => Assert.Null(picking.ContributorOf(block)));
    }

    [Fact]
    public void A_piece_that_fails_its_hash_is_open_again()
    {
        Picking picking = Started(out BlockRef[] blocks);
        foreach (BlockRef block in blocks)
            picking.Receive(block);
        picking.Ledger.Discard(First);
        Assert.True(picking.Ledger.IsOpen(First));
        Assert.Equal(0, picking.Ledger.UnverifiedBytes);
        Assert.Equal(0, picking.Ledger.Started.Count);
        Assert.Equal(blocks, picking.Pick(picking.Peer(2, picking.All()), 10));
    }

    [Fact]
    public void Requests_stay_open_when_the_disk_loses_the_rest()
    {
        Picking picking = Started(out BlockRef[] blocks);
        picking.Receive(blocks[0]);
        picking.Receive(blocks[2]);
        picking.Ledger.Discard(First);
        Assert.True(picking.Ledger.Started.TryGet(First, out StartedPiece? started));
        Assert.True(started.IsRequestedOf(1, new PeerKey(1)));
        Assert.Equal([blocks[0], blocks[2]], picking.Pick(picking.Peer(2, picking.All()), 10));
    }

    [Fact]
    public void Released_blocks_are_free_and_a_piece_without_any_is_open()
    {
        Picking picking = Started(out BlockRef[] blocks);
        PeerKey peer = new(1);
        Assert.False(picking.Ledger.Release(blocks[0], new PeerKey(2)));
        Assert.True(picking.Ledger.Release(blocks[1], peer));
        Assert.False(picking.Ledger.Release(blocks[1], peer));
        Assert.Equal([blocks[1]], picking.Pick(picking.Peer(2, picking.All()), 10));
        Assert.True(picking.Ledger.Release(blocks[1], new PeerKey(2)));
        foreach (BlockRef block in (BlockRef[])[blocks[0], blocks[2], blocks[3]])
            Assert.True(picking.Ledger.Release(block, peer));
        Assert.True(picking.Ledger.IsOpen(First));
        Assert.False(picking.Ledger.Release(blocks[0], peer));
    }

    [Fact]
    public void A_block_that_took_too_long_is_still_welcome()
    {
        Picking picking = Started(out BlockRef[] blocks);
        foreach (BlockRef block in blocks)
            picking.Ledger.Release(block, new PeerKey(1));
        Assert.Equal(BlockOutcome.Accepted, picking.Receive(blocks[2]));
        Assert.Equal([blocks[0], blocks[1], blocks[3]], picking.Pick(picking.Peer(2, picking.All()), 10));
    }

    [Fact]
    public void A_duplicate_block_names_the_requests_to_cancel()
    {
        Picking picking = Started(out BlockRef[] blocks);
        foreach (BlockRef block in blocks)
        {
            Assert.True(picking.Ledger.TryRequestAlso(block, new PeerKey(2)));
            Assert.True(picking.Ledger.TryRequestAlso(block, new PeerKey(3)));
            Assert.False(picking.Ledger.TryRequestAlso(block, new PeerKey(4)));
        }

        picking.Receive(blocks[1], peer: 2, out PeerKey[] alsoAsked);
        Assert.Equal([new PeerKey(1), new PeerKey(3)], alsoAsked.OrderBy(peer => peer.Value));
        picking.Receive(blocks[2], peer: 9, out alsoAsked);
        Assert.Equal(3, alsoAsked.Length);
    }

    [Fact]
    public void A_block_that_is_taken_over_is_no_longer_requested_from_the_first_peer()
    {
        Picking picking = Started(out BlockRef[] blocks);
        picking.Ledger.TakeOver(blocks[1], new PeerKey(1), new PeerKey(2));
        Assert.False(picking.Ledger.Release(blocks[1], new PeerKey(1)));
        Assert.Equal(BlockOutcome.Accepted, picking.Receive(blocks[1], peer: 1, out PeerKey[] alsoAsked));
        Assert.Equal([new PeerKey(2)], alsoAsked);
    }

    [Fact]
    public void Skipped_pieces_are_neither_picked_nor_left()
    {
        Picking picking = new(pieces: 3);
        Bitfield all = picking.All();
        picking.Availability.AddPeer(all);
        picking.Ledger.SetPriority(new PieceIndex(1), PiecePriority.Skip);
        Assert.Equal(picking.Layout.TotalLength * 2 / 3, picking.Ledger.WantedBytesLeft);
        Assert.DoesNotContain(picking.Pick(picking.Peer(1, all), 100), block => block.Piece.Value == 1);
        Assert.False(picking.Ledger.WantsAnyOf(picking.Pieces(1)));
        Assert.Equal(BlockOutcome.Unwanted, picking.Receive(new BlockRef(new PieceIndex(1), 0)));
        picking.Ledger.SetPriority(new PieceIndex(1), PiecePriority.Low);
        Assert.True(picking.Ledger.WantsAnyOf(picking.Pieces(1)));
        Assert.Equal(4, picking.Pick(picking.Peer(1, all), 100).Count(block => block.Piece.Value == 1));
    }

    [Fact]
    public void A_begun_piece_that_is_skipped_gives_up_its_blocks_and_makes_room_for_others()
    {
        Picking picking = new(pieces: 1);
        Bitfield all = picking.All();
        picking.Availability.AddPeer(all);
        BlockRef[] blocks = picking.Pick(picking.Peer(1, all), 2);
        Assert.Equal(BlockOutcome.Accepted, picking.Receive(blocks[0]));
        Assert.True(picking.Ledger.SetPriority(First, PiecePriority.Skip));
        Assert.True(picking.Ledger.IsFinished);
        Assert.Equal(0, picking.Ledger.UnverifiedBytes);
        Assert.Empty(picking.Pick(picking.Peer(1, all), 2));

        // Blocks that still arrive are discarded, and the piece is no longer begun.
        Assert.Equal(1, picking.Ledger.Started.Count);
        Assert.Equal(BlockOutcome.Unwanted, picking.Receive(blocks[1]));
        Assert.Equal(0, picking.Ledger.Started.Count);
        Assert.False(picking.Ledger.SetPriority(First, PiecePriority.Normal));
        Assert.Equal(Picking.Blocks(0, 0, 4), picking.Pick(picking.Peer(1, all), 10));
    }

    [Fact]
    public void A_skipped_piece_that_waits_for_its_hash_is_kept()
    {
        Picking picking = new(pieces: 1);
        foreach (BlockRef block in Picking.Blocks(0, 0, 4))
            picking.Receive(block);
        Assert.False(picking.Ledger.SetPriority(First, PiecePriority.Skip));
        Assert.True(picking.Ledger.IsWaitingForHash(First));
        picking.Ledger.MarkHave(First);
        Assert.True(picking.Ledger.Have[First]);
    }

    [Fact]
    public void Many_begun_pieces_that_are_skipped_do_not_keep_others_from_being_begun()
    {
        Picking picking = new(pieces: 20_000);
        Bitfield all = picking.All();
        picking.Availability.AddPeer(all);
        BlockRef[] blocks = picking.Pick(picking.Peer(1, all), 4 * PieceLimits.MaxStartedPieces);
        Assert.False(picking.Ledger.CanStart);
        foreach (BlockRef block in blocks.Where(block => block.Index == 0))
            picking.Receive(block);
        foreach (PieceIndex piece in blocks.Select(block => block.Piece).Distinct())
            picking.Ledger.SetPriority(piece, PiecePriority.Skip);
        foreach (BlockRef block in blocks)
            picking.Ledger.Release(block, new PeerKey(1));
        Assert.True(picking.Ledger.CanStart);
        Assert.Equal(0, picking.Ledger.Started.Count);
    }

    [Fact]
    public void A_complete_torrent_at_rest_holds_no_memory_per_piece()
    {
        const int Pieces = 1_000_000;
        PieceLayout layout = new(Limits.BlockLength, [(long)Pieces * Limits.BlockLength]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Availability availability = new(Pieces, new Random(1));
        PieceLedger ledger = new(layout, availability);
        Bitfield full = new(Pieces);
        full.AddAll();
        ledger.MarkAllHave();
        availability.AddPeer(full);
        Assert.True(ledger.Have.IsFull && ledger.IsFinished);
        Assert.Equal(0, ledger.WantedBytesLeft);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 100, 4_000);
    }

    [Fact]
    public void When_a_download_ends_only_the_priorities_of_unwanted_pieces_are_kept()
    {
        Picking picking = new(pieces: 10);
        picking.Ledger.SetPriority(new PieceIndex(1), PiecePriority.High);
        picking.Ledger.EndDownload();
        Assert.False(picking.Ledger.HasPriorities);
        picking.Ledger.SetPriority(new PieceIndex(1), PiecePriority.High);
        picking.Ledger.SetPriority(new PieceIndex(2), PiecePriority.Skip);
        picking.Ledger.EndDownload();
        Assert.Equal(PiecePriority.Skip, picking.Ledger.PriorityOf(new PieceIndex(2)));
        Assert.True(picking.Ledger.HasPriorities);
    }

    [Fact]
    public void When_a_download_ends_its_memory_is_released_and_it_may_begin_again()
    {
        Picking picking = new(pieces: 100_000);
        Bitfield peer = picking.Pieces(1, 70_000);
        picking.Availability.AddPeer(peer);
        for (int i = 0; i < 100_000; i++)
            picking.Ledger.MarkHave(new PieceIndex(i));
        picking.Ledger.EndDownload();
        Assert.False(picking.Availability.IsCounting);
        Assert.Equal(1, picking.Availability.PeerCount);
        picking.Ledger.MarkLost(new PieceIndex(70_000));
        picking.Ledger.MarkLost(new PieceIndex(5));
        picking.Ledger.BeginDownload([peer]);
        Assert.Equal(1, picking.Availability[new PieceIndex(70_000)]);
        Assert.Equal([70_000], picking.Pick(picking.Peer(1, peer), 10).Select(block => block.Piece.Value).Distinct());
        picking.Availability.RemovePeer(peer);
        Assert.False(picking.Availability.AnyOpen);
    }

    [Fact]
    public void Parts_of_pieces_are_restored_and_only_the_rest_is_requested()
    {
        Picking picking = new(pieces: 2);
        Bitfield all = picking.All();
        picking.Availability.AddPeer(all);
        Assert.True(picking.Ledger.TryRestore(First, [0b1010_0000]));
        Assert.Equal(2 * Limits.BlockLength, picking.Ledger.UnverifiedBytes);
        Assert.Equal(PieceLedger.FromDisk.Value, picking.ContributorOf(new BlockRef(First, 2)));
        Assert.Equal(
            [new BlockRef(First, 1), new BlockRef(First, 3)],
            picking.Pick(picking.Peer(1, all), 10).Where(block => block.Piece == First));
        Assert.False(picking.Ledger.TryRestore(new PieceIndex(1), [0b1110_0000]), "it has already begun");
    }

    [Fact]
    public void Parts_that_do_not_fit_a_piece_are_not_restored()
    {
        Picking picking = new(pieces: 2);
        Assert.False(picking.Ledger.TryRestore(First, [0b0000_1000]));
        Assert.False(picking.Ledger.TryRestore(First, [0, 0]));
        Assert.False(picking.Ledger.TryRestore(First, []));
        Assert.False(picking.Ledger.TryRestore(First, [0]));
        Assert.False(picking.Ledger.TryRestore(new PieceIndex(2), [0b1000_0000]));
        picking.Ledger.MarkHave(First);
        Assert.False(picking.Ledger.TryRestore(First, [0b1000_0000]));
        Assert.False(picking.Ledger.TryRestore(new PieceIndex(1), [0b1111_0000]));
    }

    [Fact]
    public void The_number_of_begun_pieces_is_bounded()
    {
        // A piece of 16 MiB has 1,024 blocks, so about a thousand pieces may be begun.
        PieceLayout layout = new(16 * 1024 * 1024, [3_000L * 16 * 1024 * 1024]);
        PieceLedger ledger = new(layout, new Availability(layout.PieceCount, new Random(1)));
        int begun = 0;
        while (ledger.CanStart)
            ledger.Receive(new BlockRef(new PieceIndex(begun++), 0), new PeerKey(1), []);
        Assert.Equal(PieceLimits.MaxStartedBlocks / 1_024, begun);
    }

    private static Picking Started(out BlockRef[] blocks)
    {
        Picking picking = new(pieces: 1);
        picking.Availability.AddPeer(picking.All());
        blocks = picking.Pick(picking.Peer(1, picking.All()), 10);
        Assert.Equal(4, blocks.Length);
        return picking;
    }
}
