using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Core.Tests.Torrents;

public class GrantTests
{
    private const int Block = Limits.BlockLength;
    private const int Length = (3 * Block) + 100;

    private static readonly Timestamp Began = new(TimeSpan.TicksPerDay);

    [Fact]
    public void A_piece_is_sent_when_each_of_its_blocks_is()
    {
        Grant grant = new(default, Length, Began);
        int[] left = [Length - Block, Length - (3 * Block), Length - (3 * Block), 0];
        (int Offset, int Size)[] sent = [(Block, Block), (0, 3 * Block), (2 * Block, Block), (3 * Block, 100)];
        for (int i = 0; i < sent.Length; i++)
        {
            grant.OnSent(new BlockRange(default, sent[i].Offset, sent[i].Size), Began);
            Assert.Equal(left[i], grant.Left);
        }
    }

    [Fact]
    public void Blocks_sent_twice_or_in_part_are_no_progress()
    {
        Grant grant = new(default, Length, Began);
        Timestamp then = Began + TimeSpan.FromSeconds(1);
        grant.OnSent(new BlockRange(default, 0, Block), then);
        for (int i = 0; i < 10; i++)
        {
            grant.OnSent(new BlockRange(default, 0, Block), then + TimeSpan.FromSeconds(i));
            grant.OnSent(new BlockRange(default, Block + 1, Block), then + TimeSpan.FromSeconds(i));
            grant.OnSent(new BlockRange(default, 3 * Block, 99), then + TimeSpan.FromSeconds(i));
        }

        Assert.Equal(Length - Block, grant.Left);
        Assert.Equal(then, grant.LastMoved);
    }
}
