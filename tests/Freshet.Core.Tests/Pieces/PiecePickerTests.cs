using Freshet.Core.Pieces;

namespace Freshet.Core.Tests.Pieces;

public class PiecePickerTests
{
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
    }
}
