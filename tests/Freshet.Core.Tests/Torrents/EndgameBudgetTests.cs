using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Core.Tests.Torrents;

public class EndgameBudgetTests
{
    private const int Most = 64;

    private static readonly Timestamp Began = new(TimeSpan.TicksPerDay);

    private readonly EndgameBudget _budget = Create();

    [Fact]
    public void A_limited_number_of_blocks_is_in_doubt_at_once_for_a_limited_time()
    {
        for (int i = 0; i < Most; i++)
        {
            Assert.True(_budget.HasRoom);
            _budget.OnAskedAgain(Block(i), Began);
        }

        Assert.False(_budget.HasRoom);
        _budget.OnTick(After(2.9));
        Assert.False(_budget.HasRoom);
        _budget.OnTick(After(3.1));
        Assert.True(_budget.HasRoom);
    }

    [Fact]
    public void A_block_that_is_rejected_and_requested_again_is_in_doubt_as_long_as_any_other()
    {
        _budget.OnAskedAgain(Block(0), Began);
        _budget.OnRejected(Block(0));
        for (int i = 1; i < Most; i++)
            _budget.OnAskedAgain(Block(i), After(2.9));
        Assert.True(_budget.HasRoom);
        _budget.OnAskedAgain(Block(0), After(2.9));
        Assert.False(_budget.HasRoom);
        _budget.OnTick(After(3.1));
        Assert.False(_budget.HasRoom);
        _budget.OnTick(After(6));
        Assert.True(_budget.HasRoom);
    }

    private static BlockRef Block(int index) => new(new PieceIndex(index), 0);

    private static Timestamp After(double seconds) => Began + TimeSpan.FromSeconds(seconds);

    private static EndgameBudget Create()
    {
        TorrentRig rig = new();
        return new EndgameBudget(new TorrentContext(rig.Options, rig.Effects, new Random(1)));
    }
}
