using Freshet.Core.Sessions;
using Freshet.Core.Torrents;

namespace Freshet.Core.Tests.Sessions;

public class QueueTests : ISessionEffects
{
    private readonly SortedDictionary<int, Allotment> _allotted = [];
    private readonly Dictionary<int, TorrentDemand> _demands = [];
    private readonly SessionMachine _machine;
    private int _told;

    public QueueTests() => _machine = new SessionMachine(Limits(new QueueLimits()), this);

    private int[] Active => [.. _allotted.Where(pair => pair.Value.Waits is null).Select(pair => pair.Key)];

    [Fact]
    public void Without_limits_nobody_waits()
    {
        for (int torrent = 1; torrent <= 50; torrent++)
            Want(torrent, torrent % 2 == 0 ? Activity.Seed : Activity.Download);
        Assert.Equal(50, Active.Length);
    }

    [Fact]
    public void The_first_by_position_have_their_turn_and_the_others_say_how_many_are_ahead()
    {
        Apply(new QueueLimits { Downloads = 2 });
        foreach (int torrent in new[] { 4, 2, 5, 1, 3 })
            Want(torrent, Activity.Download);
        Assert.Equal([1, 2], Active);
        Assert.Equal(new QueuePlace(0, 2, QueueLimit.Downloads), _allotted[3].Waits);
        Assert.Equal(2, _allotted[5].Waits?.Behind);
    }

    [Fact]
    public void A_torrent_that_moves_to_the_top_takes_the_turn_of_the_last_active_one()
    {
        Apply(new QueueLimits { Downloads = 2 });
        for (int torrent = 1; torrent <= 4; torrent++)
            Want(torrent, Activity.Download);
        _machine.OnPlaced(new TorrentKey(4), -1);
        _machine.Divide();
        Assert.Equal([1, 4], Active);
        Assert.Equal([0, 1], new[] { 2, 3 }.Select(torrent => _allotted[torrent].Waits!.Value.Behind));
    }

    [Fact]
    public void A_finished_download_makes_room_and_competes_with_the_seeds()
    {
        Apply(new QueueLimits { Downloads = 1, Seeds = 1 });
        Want(1, Activity.Seed);
        Want(2, Activity.Download);
        Want(3, Activity.Download);
        Assert.Equal([1, 2], Active);
        Want(2, Activity.Seed);
        Assert.Equal([1, 3], Active);
        Assert.Equal(QueueLimit.Seeds, _allotted[2].Waits?.Limit);
        Want(1, Activity.None);
        Assert.Null(_allotted[2].Waits);
    }

    [Fact]
    public void Downloads_come_before_seeds_under_a_common_limit()
    {
        Apply(new QueueLimits { Active = 3 });
        for (int torrent = 1; torrent <= 3; torrent++)
            Want(torrent, Activity.Seed);
        for (int torrent = 4; torrent <= 5; torrent++)
            Want(torrent, Activity.Download);
        Assert.Equal([1, 4, 5], Active);
        Assert.Equal(new QueuePlace(0, 3, QueueLimit.Active), _allotted[2].Waits);
    }

    [Fact]
    public void A_forced_torrent_neither_waits_nor_keeps_others_waiting()
    {
        Apply(new QueueLimits { Downloads = 1, Active = 1 });
        Want(1, Activity.Download);
        Want(2, Activity.Download);
        Want(3, Activity.Download, isForced: true);
        Assert.Equal([1, 3], Active);
        Want(1, Activity.Download, isForced: true);
        Assert.Equal([1, 2, 3], Active);
    }

    [Fact]
    public void A_slow_torrent_goes_on_and_counts_only_against_the_limit_for_all()
    {
        Apply(new QueueLimits { Downloads = 1, Active = 2 });
        for (int torrent = 1; torrent <= 3; torrent++)
            Want(torrent, Activity.Download);
        Want(1, Activity.Download, isSlow: true);
        Assert.Equal([1, 2], Active);
        Want(2, Activity.Download, isSlow: true);
        Assert.Equal([1, 2], Active);

        // Both are fast again, and the one that comes first keeps its turn.
        Want(1, Activity.Download);
        Want(2, Activity.Download);
        Assert.Equal([1], Active);
    }

    [Fact]
    public void Changed_limits_apply_at_once()
    {
        for (int torrent = 1; torrent <= 4; torrent++)
            Want(torrent, Activity.Download);
        Apply(new QueueLimits { Downloads = 0 });
        Assert.Empty(Active);
        Apply(new QueueLimits { Downloads = 3 });
        Assert.Equal([1, 2, 3], Active);
        Apply(new QueueLimits());
        Assert.Equal([1, 2, 3, 4], Active);
    }

    [Fact]
    public void A_torrent_that_is_gone_waits_for_nobody()
    {
        Apply(new QueueLimits { Downloads = 1 });
        for (int torrent = 1; torrent <= 3; torrent++)
            Want(torrent, Activity.Download);
        _machine.OnGone(new TorrentKey(1));
        _allotted.Remove(1);
        _machine.Divide();
        Assert.Equal([2], Active);
    }

    [Fact]
    public void A_torrent_that_waits_to_be_checked_says_how_many_are_ahead()
    {
        for (int torrent = 1; torrent <= 4; torrent++)
        {
            _machine.OnDemand(new TorrentKey(torrent), new TorrentDemand(0, 0, Check: true));
            _machine.Divide();
        }

        Assert.True(_allotted[1].MayCheck);
        Assert.Null(_allotted[1].WaitsForCheck);
        Assert.Equal([0, 1, 2], new[] { 2, 3, 4 }.Select(torrent => _allotted[torrent].WaitsForCheck!.Value.Behind));
        _machine.OnDemand(new TorrentKey(1), default);
        _machine.Divide();
        Assert.True(_allotted[2].MayCheck);
        Assert.Equal(new QueuePlace(1, 1, QueueLimit.Checks), _allotted[4].WaitsForCheck);
    }

    [Fact]
    public void Thousands_that_wait_are_not_all_notified_when_one_leaves()
    {
        const int Torrents = 2_000;
        Apply(new QueueLimits { Downloads = 1 });
        for (int torrent = 1; torrent <= Torrents; torrent++)
            _machine.OnDemand(new TorrentKey(torrent), Demand(Activity.Download));
        _machine.Divide();
        _told = 0;
        for (int torrent = 1; torrent <= Torrents; torrent++)
        {
            Want(torrent, Activity.None);
            for (int waiting = torrent + 2; waiting <= Torrents; waiting++)
            {
                int behind = waiting - torrent - 2;
                int told = _allotted[waiting].Waits!.Value.Behind;
                Assert.InRange(told, behind, behind <= QueuePlace.MostExact ? behind : behind * 8 / 7 + 1);
            }
        }

        Assert.InRange(_told, Torrents, Torrents * 100);
    }

    void ISessionEffects.Allot(TorrentKey torrent, Allotment allotment)
    {
        _told++;
        _allotted[torrent.Value] = allotment;
    }

    void ISessionEffects.AllotBlocks(int most)
    {
    }

    void ISessionEffects.Admit(IncomingKey connection, bool mustReplace) => Assert.Fail("Nobody came in.");

    void ISessionEffects.Refuse(IncomingKey connection) => Assert.Fail("Nobody came in.");

    void ISessionEffects.MakeRoom(TorrentKey torrent) => Assert.Fail("There is room.");

    private static SessionLimits Limits(QueueLimits queue) => new() { Connections = 500, Dials = 50, Queue = queue };

    private static TorrentDemand Demand(Activity wants, bool isSlow = false, bool isForced = false) =>
        new(0, 0, false) { Wants = wants, IsSlow = isSlow, IsForced = isForced };

    private void Apply(QueueLimits queue)
    {
        _machine.Apply(Limits(queue));
        _machine.Divide();
    }

    private void Want(int torrent, Activity wants, bool isSlow = false, bool isForced = false)
    {
        if (_demands.TryAdd(torrent, default))
            _machine.OnPlaced(new TorrentKey(torrent), torrent);
        _machine.OnDemand(new TorrentKey(torrent), Demand(wants, isSlow, isForced));
        _machine.Divide();
        if (wants == Activity.None)
            _allotted.Remove(torrent);
    }
}
