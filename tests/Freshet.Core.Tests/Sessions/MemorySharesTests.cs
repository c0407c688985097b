using Freshet.Core.Sessions;
using Freshet.Core.Torrents;
using FsCheck.Fluent;

namespace Freshet.Core.Tests.Sessions;

public class MemorySharesTests : ISessionEffects
{
    private const int Blocks = 1_000;

    private readonly List<int> _told = [];
    private SessionMachine _machine;

    public MemorySharesTests() => _machine = Machine(Blocks);

    private int Most => _told.Count > 0 ? _told[^1] : Blocks;

    [Fact]
    public void A_single_torrent_may_have_everything_and_nobody_is_notified()
    {
        Want(1, Blocks);
        Assert.Empty(_told);
    }

    [Fact]
    public void While_there_is_enough_for_all_nobody_is_limited()
    {
        Want(1, 400);
        Want(2, 600);
        Assert.Empty(_told);
        Want(3, 2);
        Assert.Equal([598], _told);
    }

    [Fact]
    public void A_torrent_that_wants_little_leaves_the_rest_to_the_others()
    {
        Want(1, Blocks);
        Want(2, 100);
        Want(3, Blocks);
        Assert.Equal(450, Most);
    }

    [Fact]
    public void A_torrent_that_wants_no_more_or_is_gone_makes_room()
    {
        Want(1, Blocks);
        Want(2, Blocks);
        Want(3, Blocks);
        Assert.Equal(333, Most);
        Want(1, 0);
        Assert.Equal(500, Most);
        _machine.OnGone(new TorrentKey(2));
        _machine.Divide();
        Assert.Equal(Blocks, Most);
        Assert.Equal(1, _machine.ActiveTorrents);
    }

    [Fact]
    public void With_more_torrents_than_blocks_each_may_have_one()
    {
        for (int torrent = 0; torrent < 2 * Blocks; torrent++)
            _machine.OnBlocksWanted(new TorrentKey(torrent), 8);
        _machine.Divide();
        Assert.Equal([1], _told);
    }

    [Fact]
    public void Less_memory_is_divided_at_once()
    {
        Want(1, Blocks);
        _machine.Apply(Limits(100));
        _machine.Divide();
        Assert.Equal([100], _told);
    }

    [Fact]
    public void Whatever_is_wanted_all_of_it_is_divided_fairly() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        Random random = new(seed);
        int blocks = random.Next(20, 500);
        _machine = Machine(blocks);
        _told.Clear();
        _told.Add(blocks);
        int[] wants = new int[random.Next(1, 20)];
        for (int step = 0; step < 100; step++)
        {
            int torrent = random.Next(wants.Length);
            wants[torrent] = random.Next(3) == 0 ? 0 : random.Next(random.Next(2) == 0 ? 10 : blocks + 1);
            if (random.Next(10) == 0)
            {
                wants[torrent] = 0;
                _machine.OnGone(new TorrentKey(torrent));
            }
            else
            {
                _machine.OnBlocksWanted(new TorrentKey(torrent), wants[torrent]);
            }

            _machine.Divide();
            int given = wants.Sum(want => Math.Min(want, Most));

            // Never more than there is, and less only if they want less, or if there is not one more for each.
            Assert.InRange(given, 0, blocks);
            int shorter = wants.Count(want => want > Most);
            Assert.True(shorter == 0 || given + shorter > blocks);
            Assert.InRange(Most, 1, blocks);
        }
    }).Holds(100);

    void ISessionEffects.AllotBlocks(int most) => _told.Add(most);

    void ISessionEffects.Allot(TorrentKey torrent, Allotment allotment) => Assert.Equal(Allotment.None, allotment);

    void ISessionEffects.Admit(IncomingKey connection, bool mustReplace) => Assert.Fail("Nothing came in.");

    void ISessionEffects.Refuse(IncomingKey connection) => Assert.Fail("Nothing came in.");

    void ISessionEffects.MakeRoom(TorrentKey torrent) => Assert.Fail("Nothing is connected.");

    private static SessionLimits Limits(int blocks) => new() { Connections = 10, Dials = 1, Blocks = blocks };

    private SessionMachine Machine(int blocks) => new(Limits(blocks), this);

    private void Want(int torrent, int blocks)
    {
        _machine.OnBlocksWanted(new TorrentKey(torrent), blocks);
        _machine.Divide();
    }
}
