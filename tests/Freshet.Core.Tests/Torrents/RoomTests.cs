using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Torrents;

public class RoomTests
{
    [Fact]
    public void A_network_may_have_a_share_of_the_connections_and_then_replaces_its_own()
    {
        var rig = new TorrentRig(settings: new TorrentSettings { MaxPeers = 40 }).StartComplete();
        PeerKey[] idle = [.. Enumerable.Range(0, 10).Select(id => rig.Connect(1, id: 100 + id))];
        Assert.All(idle, key => Assert.Null(rig.DropOf(key)));
        Assert.Equal(DisconnectReason.TooManyPeers, rig.DropOf(rig.Connect(1, id: 200)));
        Assert.Null(rig.DropOf(rig.Connect(2)));
        rig.Advance(TimeSpan.FromSeconds(6));
        Assert.Null(rig.DropOf(rig.Connect(1, id: 201)));
        Assert.Single(idle, key => rig.DropOf(key) == DisconnectReason.Useless);
    }

    [Fact]
    public void A_full_torrent_gives_a_newcomer_a_place_of_the_network_that_has_most()
    {
        var rig = new TorrentRig(settings: new TorrentSettings { MaxPeers = 8 }).StartComplete();
        PeerKey single = rig.Connect(1);
        PeerKey[] crowd = [.. Enumerable.Range(0, 4).Select(id => rig.Connect(2, id: 100 + id))];
        PeerKey[] others = [.. Enumerable.Range(3, 3).Select(number => rig.Connect(number))];
        Assert.Null(rig.DropOf(rig.Connect(9)));
        Assert.Single(crowd, key => rig.DropOf(key) is not null);
        Assert.All([single, .. others], key => Assert.Null(rig.DropOf(key)));
    }

    [Fact]
    public void If_all_peers_wait_the_one_with_the_lowest_priority_goes()
    {
        var rig = new TorrentRig(settings: new TorrentSettings { MaxPeers = 4, UploadSlots = 0 }).StartComplete();
        Dictionary<PeerKey, uint> waiting = [];
        for (int number = 1; number <= 4; number++)
        {
            PeerKey key = rig.Connect(number);
            rig.Receive(key, PeerMessage.Interested);
            waiting.Add(key, PriorityOf(number));
        }

        rig.Advance(TimeSpan.FromSeconds(15));
        uint lowest = waiting.Values.Min();
        int worse = Enumerable.Range(5, 1000).First(number => PriorityOf(number) < lowest);
        int better = Enumerable.Range(5, 1000).First(number => PriorityOf(number) > lowest);
        Assert.Equal(DisconnectReason.TooManyPeers, rig.DropOf(rig.Connect(worse)));
        Assert.Null(rig.DropOf(rig.Connect(better)));
        Assert.Equal(DisconnectReason.TooManyPeers, rig.DropOf(waiting.MinBy(entry => entry.Value).Key));

        static uint PriorityOf(int number) => PeerPriority.Of(TorrentRig.Address(number), new IPEndPoint(IPAddress.Any, 6881));
    }

    [Fact]
    public void The_session_is_told_if_no_connection_can_be_ended_for_another_torrent()
    {
        var rig = new TorrentRig().Start();
        PeerKey only = rig.Connect(1);
        rig.Machine.OnMakeRoom(rig.Now);
        Assert.Equal((DisconnectReason.TooManyPeers, 0), (rig.DropOf(only), rig.Effects.NoRooms));
        rig.Machine.OnMakeRoom(rig.Now);
        Assert.Equal(1, rig.Effects.NoRooms);
    }

    [Fact]
    public void A_peer_that_wants_nothing_and_has_nothing_makes_room_for_another()
    {
        var rig = new TorrentRig(settings: new TorrentSettings { MaxPeers = 1 }).Start();
        PeerKey useless = rig.Connect(1);

        // It may have more to say at first.
        rig.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(DisconnectReason.TooManyPeers, rig.DropOf(rig.Connect(2)));
        rig.Advance(TimeSpan.FromSeconds(2));
        PeerKey other = rig.Connect(3);
        Assert.Equal(DisconnectReason.Useless, rig.DropOf(useless));
        Assert.Null(rig.DropOf(other));
    }

    [Fact]
    public void A_peer_that_chokes_us_for_long_makes_room_for_another()
    {
        var rig = new TorrentRig(settings: new TorrentSettings { MaxPeers = 1 }).Start();
        PeerKey choking = rig.Connect(1);
        rig.Receive(choking, PeerMessage.HaveAll);
        rig.Advance(TimeSpan.FromSeconds(50));
        rig.Receive(choking, PeerMessage.KeepAlive);
        rig.Advance(TimeSpan.FromSeconds(15));
        Assert.Null(rig.DropOf(rig.Connect(2)));
        Assert.Equal(DisconnectReason.Useless, rig.DropOf(choking));
    }

    [Fact]
    public void A_crowd_that_keeps_coming_in_leaves_a_place_for_dials()
    {
        var rig = new TorrentRig(settings: new TorrentSettings { MaxPeers = 8 }).Start();
        for (int number = 1; number <= 8; number++)
            rig.Connect(number);
        rig.Machine.OnPeersFound([TorrentRig.Address(500)], PeerSource.Manual, rig.Now);
        Assert.Empty(rig.Effects.Dialled);
        for (int number = 100; number < 400 && rig.Effects.Dialled.Count == 0; number++)
        {
            rig.Advance(TimeSpan.FromMilliseconds(250));
            rig.Connect(number);
        }

        Assert.Equal([TorrentRig.Address(500)], rig.Effects.Dialled);
        Assert.Null(rig.DropOf(rig.Connect(500, outgoing: true)));
    }

    [Fact]
    public void A_peer_that_takes_or_gives_blocks_is_not_dropped_for_another()
    {
        var rig = new TorrentRig(settings: new TorrentSettings { MaxPeers = 1 }).Start();
        PeerKey seed = rig.ConnectSeed(1);
        rig.Advance(TimeSpan.FromSeconds(8));
        rig.Receive(seed, rig.Block(rig.TakeRequests(seed)[0]));
        foreach (int number in Enumerable.Range(2, 20))
            Assert.Equal(DisconnectReason.TooManyPeers, rig.DropOf(rig.Connect(number)));
        Assert.Null(rig.DropOf(seed));
    }

    [Fact]
    public void Fewer_peers_in_the_settings_end_connections()
    {
        var rig = new TorrentRig().Start();
        PeerKey useful = rig.ConnectSeed(1);
        rig.Receive(useful, rig.Block(rig.TakeRequests(useful)[0]));
        PeerKey other = rig.Connect(2);
        rig.Machine.ApplySettings(new TorrentSettings { MaxPeers = 1 }, rig.Now);
        Assert.Equal(DisconnectReason.TooManyPeers, rig.DropOf(other));
        Assert.Null(rig.DropOf(useful));
    }
}
