using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Sessions;
using Freshet.Core.Torrents;
using FsCheck.Fluent;

namespace Freshet.Core.Tests.Sessions;

public class SessionMachineTests : ISessionEffects
{
    private readonly Dictionary<int, Allotment> _allotted = [];
    private readonly List<(int Connection, bool MustReplace)> _admitted = [];
    private readonly List<int> _refused = [];
    private readonly List<int> _madeRoom = [];
    private SessionMachine _machine;
    private int _connections;

    public SessionMachineTests() => _machine = new SessionMachine(Some(), this);

    [Fact]
    public void A_torrent_without_competition_gets_what_it_wants()
    {
        Demand(1, dials: 7, slots: 5);
        Assert.Equal(new Allotment(7, 5, false), _allotted[1]);
    }

    [Fact]
    public void Nobody_is_told_what_it_already_knows()
    {
        Demand(1, dials: 7);
        _allotted.Clear();
        Demand(1, dials: 7);
        Demand(2, dials: 3);
        Assert.Equal([2], _allotted.Keys);
    }

    [Fact]
    public void Scarce_shares_are_divided_evenly_and_small_wishes_are_met()
    {
        _machine = new SessionMachine(Some() with { Dials = 20, UploadSlots = 11 }, this);
        Demand(1, dials: 40, slots: 8);
        Demand(2, dials: 40, slots: 8);
        Demand(3, dials: 4, slots: 2);
        Assert.Equal([8, 8, 4], Enumerable.Range(1, 3).Select(torrent => _allotted[torrent].Dials));
        Assert.Equal([4, 4, 2], Enumerable.Range(1, 3).Select(torrent => _allotted[torrent].UploadSlots));
    }

    /// <summary>Each has more dead addresses than it can dial in a day.</summary>
    [Fact]
    public void If_there_are_fewer_dials_than_torrents_each_has_its_turn()
    {
        _machine = new SessionMachine(Some() with { Dials = 5 }, this);
        Random random = new(1);
        int[] dialling = new int[12];
        int[] turns = new int[dialling.Length];
        for (int round = 0; round < 200; round++)
        {
            for (int torrent = 0; torrent < dialling.Length; torrent++)
            {
                if (_allotted.GetValueOrDefault(torrent).Dials > dialling[torrent])
                {
                    dialling[torrent]++;
                    turns[torrent]++;
                }
                else if (dialling[torrent] > 0 && random.Next(3) == 0)
                {
                    dialling[torrent]--;
                }

                _machine.OnDemand(new TorrentKey(torrent), new TorrentDemand(50, 0, false) { Dialling = dialling[torrent] });
                if (random.Next(2) == 0)
                    _machine.Divide();
                Assert.InRange(dialling.Sum(), 0, 5);
            }
        }

        Assert.All(turns, count => Assert.InRange(count, turns.Max() / 2, turns.Max()));
    }

    [Fact]
    public void Dials_and_connections_together_stay_within_the_limit()
    {
        _machine = new SessionMachine(Some() with { Connections = 30 }, this);
        Demand(1, dials: 40);
        for (int i = 0; i < 25; i++)
            _machine.OnConnected(new TorrentKey(2), NetworkOf(i));
        Demand(1, dials: 40);
        Assert.Equal(5, _allotted[1].Dials);
        for (int i = 25; i < 30; i++)
            _machine.OnConnected(new TorrentKey(1), NetworkOf(i));
        _machine.Divide();
        Assert.Equal(0, _allotted[1].Dials);
    }

    [Fact]
    public void In_a_full_session_a_torrent_with_few_connections_gets_some_of_the_one_with_most()
    {
        _machine = new SessionMachine(Some() with { Connections = 30 }, this);
        for (int i = 0; i < 30; i++)
            _machine.OnConnected(new TorrentKey(1), NetworkOf(i));
        int has = 0;
        for (int round = 0; round < 100; round++)
        {
            _madeRoom.Clear();
            Demand(2, dials: 40);
            Assert.All(_madeRoom, torrent => Assert.Equal(1, torrent));
            Assert.InRange(_madeRoom.Count, 0, 8);
            for (int i = 0; i < _madeRoom.Count; i++)
                _machine.OnDisconnected(new TorrentKey(1), NetworkOf(29 - has - i));
            _machine.Divide();
            int dials = _allotted[2].Dials;
            for (int i = 0; i < dials; i++)
                _machine.OnConnected(new TorrentKey(2), NetworkOf(100 + has + i));
            has += dials;
            Assert.Equal(30, _machine.Connections);
        }

        Assert.Equal(15, has);
    }

    [Fact]
    public void A_newcomer_is_admitted_while_there_is_room_and_to_a_full_session_only_as_a_replacement()
    {
        _machine = new SessionMachine(Some() with { Connections = 10, IncomingBeyond = 2 }, this);
        for (int i = 0; i < 10; i++)
            Incoming(1, i);
        Assert.All(_admitted, admission => Assert.False(admission.MustReplace));
        Incoming(1, 10);
        Assert.True(_admitted[^1].MustReplace);
        Assert.Empty(_madeRoom);
        Incoming(2, 11);
        Assert.False(_admitted[^1].MustReplace);
        Assert.Equal([1], _madeRoom);
        Incoming(3, 12);
        Assert.Equal([13], _refused);
    }

    [Fact]
    public void A_torrent_that_finds_no_connection_to_end_is_not_waited_for()
    {
        _machine = new SessionMachine(Some() with { Connections = 10, IncomingBeyond = 2 }, this);
        for (int i = 0; i < 10; i++)
            Incoming(1, i);
        Incoming(2, 11);
        Assert.Equal([1], _madeRoom);
        _machine.OnNoRoomMade(new TorrentKey(1));
        _machine.OnDisconnected(new TorrentKey(2), NetworkOf(11));
        Incoming(1, 12);
        Assert.True(_admitted[^1].MustReplace);

        // Nobody waits for it any more.
        _machine.OnNoRoomMade(new TorrentKey(1));
        _machine.OnDisconnected(new TorrentKey(1), NetworkOf(12));
        Incoming(1, 13);
        Assert.True(_admitted[^1].MustReplace);
    }

    [Fact]
    public void One_network_has_no_more_than_its_share_of_a_session()
    {
        _machine = new SessionMachine(Some() with { Connections = 40 }, this);
        for (int i = 0; i < 100; i++)
            Incoming(i, network: 7);
        Assert.Equal(10, _admitted.Count);
        Incoming(1, network: 8);
        Assert.Equal(11, _admitted.Count);
        _machine.OnDisconnected(new TorrentKey(0), NetworkOf(7));
        Incoming(1, network: 7);
        Assert.Equal(12, _admitted.Count);
    }

    [Fact]
    public void On_loopback_networks_have_no_limit()
    {
        _machine = new SessionMachine(Some() with { Connections = 40 }, this);
        for (int i = 0; i < 30; i++)
            _machine.OnIncoming(new IncomingKey(i), new TorrentKey(1), IPAddress.Loopback);
        Assert.Equal(30, _admitted.Count);
    }

    [Fact]
    public void Torrents_are_checked_in_order_and_only_a_few_at_once()
    {
        _machine = new SessionMachine(Some() with { Checks = 2 }, this);
        foreach (int torrent in (int[])[3, 1, 2, 4])
            Demand(torrent, check: true);
        Assert.Equal([1, 3], _allotted.Where(entry => entry.Value.MayCheck).Select(entry => entry.Key).Order());
        Demand(1);
        Assert.Equal([2, 3], _allotted.Where(entry => entry.Value.MayCheck).Select(entry => entry.Key).Order());
        _machine.OnGone(new TorrentKey(3));
        _machine.Divide();
        Assert.True(_allotted[4].MayCheck);
    }

    [Fact]
    public void With_fewer_turns_the_last_to_come_are_checked_later()
    {
        _machine = new SessionMachine(Some() with { Checks = 3 }, this);
        for (int torrent = 1; torrent <= 4; torrent++)
            Demand(torrent, check: true);
        _machine.Apply(Some() with { Checks = 1 });
        _machine.Divide();
        Assert.Equal([1], _allotted.Where(entry => entry.Value.MayCheck).Select(entry => entry.Key));
    }

    [Fact]
    public void A_torrent_that_is_gone_leaves_nothing_behind()
    {
        for (int i = 0; i < 10; i++)
            Incoming(1, i);
        Demand(1, dials: 5, slots: 5);
        Assert.Equal(1, _machine.ActiveTorrents);
        _machine.OnGone(new TorrentKey(1));
        _machine.OnDisconnected(new TorrentKey(1), NetworkOf(1));
        Assert.Equal((0, 0), (_machine.Connections, _machine.ActiveTorrents));
    }

    [Fact]
    public void A_torrent_at_rest_is_not_looked_at()
    {
        Demand(1, dials: 5);
        Demand(1);
        Assert.Equal(Allotment.None, _allotted[1]);
        Assert.Equal(0, _machine.ActiveTorrents);
    }

    [Fact]
    public void Whatever_happens_the_limits_hold() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        Random random = new(seed);
        SessionLimits limits =
            Some() with { Connections = random.Next(2, 60), Dials = random.Next(1, 20), IncomingBeyond = random.Next(0, 5) };
        _machine = new SessionMachine(limits, this);
        _allotted.Clear();
        List<(int Torrent, Origin Network)> connections = [];
        for (int step = 0; step < 500; step++)
        {
            int torrent = random.Next(8);
            _admitted.Clear();
            switch (random.Next(4))
            {
                case 0:
                    Demand(torrent, random.Next(40), random.Next(9), random.Next(3) == 0);
                    break;
                case 1 when _allotted.GetValueOrDefault(torrent).Dials > 0:
                    Origin network = NetworkOf(random.Next(100));
                    _machine.OnConnected(new TorrentKey(torrent), network);
                    connections.Add((torrent, network));
                    break;
                case 2:
                    int number = random.Next(100);
                    Incoming(torrent, number);
                    if (_admitted is [(_, false)])
                        connections.Add((torrent, NetworkOf(number)));
                    else if (_admitted is [(_, true)])
                        _machine.OnDisconnected(new TorrentKey(torrent), NetworkOf(number));
                    break;
                case 3 when connections.Count > 0:
                    (int of, Origin left) = connections[random.Next(connections.Count)];
                    connections.Remove((of, left));
                    _machine.OnDisconnected(new TorrentKey(of), left);
                    break;
            }

            foreach (int tired in _madeRoom)
            {
                // Its last connection may have ended by itself meanwhile.
                int place = connections.FindIndex(connection => connection.Torrent == tired);
                if (place < 0)
                {
                    _machine.OnNoRoomMade(new TorrentKey(tired));
                    continue;
                }

                _machine.OnDisconnected(new TorrentKey(tired), connections[place].Network);
                connections.RemoveAt(place);
            }

            _madeRoom.Clear();
            _machine.Divide();
            Assert.Equal(connections.Count, _machine.Connections);
            Assert.InRange(_machine.Connections, 0, limits.Connections + limits.IncomingBeyond);
            int dials = _allotted.Values.Sum(allotment => allotment.Dials);
            Assert.InRange(dials, 0, Math.Min(limits.Dials, Math.Max(0, limits.Connections - _machine.Connections)));
            Assert.InRange(_allotted.Values.Sum(allotment => allotment.UploadSlots), 0, limits.UploadSlots);
            Assert.InRange(_allotted.Values.Count(allotment => allotment.MayCheck), 0, limits.Checks);
        }
    }).Holds(50);

    void ISessionEffects.Allot(TorrentKey torrent, Allotment allotment) => _allotted[torrent.Value] = allotment;

    void ISessionEffects.AllotBlocks(int most) => Assert.Fail("Nobody wants memory.");

    void ISessionEffects.Admit(IncomingKey connection, bool mustReplace) => _admitted.Add((connection.Value, mustReplace));

    void ISessionEffects.Refuse(IncomingKey connection) => _refused.Add(connection.Value);

    void ISessionEffects.MakeRoom(TorrentKey torrent) => _madeRoom.Add(torrent.Value);

    private static SessionLimits Some() => new() { Connections = 500, Dials = 50, UploadSlots = 100, IncomingBeyond = 50 };

    private static IPAddress AddressOf(int number) => new([10, 0, 0, (byte)number]);

    private static Origin NetworkOf(int number) => Origin.OfNetwork(AddressOf(number));

    private void Demand(int torrent, int dials = 0, int slots = 0, bool check = false)
    {
        _machine.OnDemand(new TorrentKey(torrent), new TorrentDemand(dials, slots, check));
        _machine.Divide();
    }

    private void Incoming(int torrent, int network) =>
        _machine.OnIncoming(new IncomingKey(++_connections), new TorrentKey(torrent), AddressOf(network));
}
