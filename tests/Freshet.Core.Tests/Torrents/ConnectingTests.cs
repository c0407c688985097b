using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Tests.Torrents;

public class ConnectingTests
{
    private static readonly IPEndPoint OwnAddress = new(IPAddress.Parse("10.0.77.77"), 6881);

    [Fact]
    public void The_first_dial_waits_for_no_tick()
    {
        var rig = new TorrentRig().Start();
        rig.Machine.OnPeersFound([TorrentRig.Address(1)], PeerSource.Manual, rig.Now);
        Assert.Equal([TorrentRig.Address(1)], rig.Effects.Dialled);
    }

    [Fact]
    public void Peers_known_before_the_start_are_dialled_at_the_start()
    {
        var rig = new TorrentRig();
        rig.Machine.OnPeersFound([TorrentRig.Address(1)], PeerSource.Manual, rig.Now);
        Assert.Empty(rig.Effects.Dialled);
        rig.Start();
        Assert.Single(rig.Effects.Dialled);
    }

    [Fact]
    public void Half_open_connections_are_bounded()
    {
        var rig = new TorrentRig().Start();
        rig.Machine.OnPeersFound([.. Enumerable.Range(1, 500).Select(TorrentRig.Address)], PeerSource.Tracker, rig.Now);
        Assert.Equal(Limits.MaxHalfOpen, rig.Effects.Dialled.Count);
        rig.Machine.OnConnectFailed(rig.Effects.Dialled[0], DisconnectReason.Refused, rig.Now);
        Assert.Equal(Limits.MaxHalfOpen + 1, rig.Effects.Dialled.Count);
    }

    /// <summary>Both ends prefer the same connections, so that a swarm of full peers agrees on who is connected.</summary>
    [Fact]
    public void Where_there_is_no_room_for_all_those_with_high_priority_are_dialled_first()
    {
        Assert.InRange(MeanPriorityOfDialled(mostPeers: 100, knowsOwnAddress: true), 0.85, 1);

        // The address is part of the priority; and where there is room for all, two ends that agree would only dial each other at once.
        Assert.InRange(MeanPriorityOfDialled(mostPeers: 100, knowsOwnAddress: false), 0.35, 0.65);
        Assert.InRange(MeanPriorityOfDialled(mostPeers: 1_000, knowsOwnAddress: true), 0.35, 0.65);
    }

    [Fact]
    public void Priority_decides_between_equally_good_addresses_only()
    {
        IPEndPoint[] named = [.. Enumerable.Range(100, 20).Select(TorrentRig.Address)];
        var rig = new TorrentRig(settings: new TorrentSettings { MaxPeers = 30 }).Start();
        LearnOwnAddress(rig);
        rig.Machine.OnPeersFound([.. Enumerable.Range(200, 500).Select(TorrentRig.Address)], PeerSource.Tracker, rig.Now);
        int first = rig.Effects.Dialled.Count;
        rig.Machine.OnPeersFound(named, PeerSource.Manual, rig.Now);
        for (int i = 0; i < named.Length; i++)
            rig.Machine.OnConnectFailed(rig.Effects.Dialled[i], DisconnectReason.Refused, rig.Now);
        Assert.Equal(named.ToHashSet(), rig.Effects.Dialled[first..].ToHashSet());
    }

    [Fact]
    public void Connections_and_dials_together_stay_within_the_settings()
    {
        var rig = new TorrentRig(settings: new TorrentSettings { MaxPeers = 3 }).Start();
        rig.Connect(1);
        rig.Machine.OnPeersFound([.. Enumerable.Range(10, 20).Select(TorrentRig.Address)], PeerSource.Tracker, rig.Now);
        Assert.Equal(2, rig.Effects.Dialled.Count);
        rig.Connect(2);
        rig.Connect(3);
        PeerKey last = rig.Connect(4);
        Assert.Equal(DisconnectReason.TooManyPeers, rig.DropOf(last));
    }

    [Fact]
    public void A_failed_address_is_dialled_again_later_and_later()
    {
        var rig = new TorrentRig().Start();
        rig.Machine.OnPeersFound([TorrentRig.Address(1)], PeerSource.Manual, rig.Now);
        List<double> waits = [];
        for (int i = 0; i < 6; i++)
        {
            Freshet.Core.Rates.Timestamp failed = rig.Now;
            rig.Machine.OnConnectFailed(TorrentRig.Address(1), DisconnectReason.Refused, rig.Now);
            int before = rig.Effects.Dialled.Count;
            while (rig.Effects.Dialled.Count == before)
                rig.Advance(TimeSpan.FromSeconds(1));
            waits.Add((rig.Now - failed).TotalSeconds);
        }

        Assert.InRange(waits[0], 3, 8);
        Assert.InRange(waits[5], 100, 220);
        Assert.Equal(waits.Order(), waits);
    }

    [Fact]
    public void Nobody_is_dialled_before_the_check_is_over()
    {
        var rig = new TorrentRig();
        var all = new Bitfield(8);
        all.AddAll();
        rig.Machine.Start(new StartingPoint(new Bitfield(8), [], all), rig.Now);
        rig.Machine.OnPeersFound([TorrentRig.Address(1)], PeerSource.Manual, rig.Now);
        Assert.Empty(rig.Effects.Dialled);
        Assert.Equal(DisconnectReason.TorrentStopped, rig.DropOf(rig.Connect(2)));
        rig.Machine.OnCheckFinished(rig.Now);
        Assert.Single(rig.Effects.Dialled);
    }

    [Fact]
    public void We_meet_ourselves_once_and_never_dial_ourselves_again()
    {
        var rig = new TorrentRig().Start();
        rig.Machine.OnPeersFound([TorrentRig.Address(1)], PeerSource.Tracker, rig.Now);
        PeerKey key = rig.Connect(1, outgoing: true, id: 0);
        Assert.Equal(DisconnectReason.SelfConnection, rig.DropOf(key));
        rig.Machine.OnPeersFound([TorrentRig.Address(1)], PeerSource.Tracker, rig.Now);
        rig.Advance(TimeSpan.FromMinutes(30));
        Assert.Single(rig.Effects.Dialled);
        Assert.Equal(0, rig.Machine.Snapshot(rig.Now).Peers);
    }

    [Fact]
    public void A_second_connection_from_one_network_with_the_same_peer_id_is_refused()
    {
        var rig = new TorrentRig().Start();
        PeerKey first = rig.Connect(1, id: 7);
        PeerKey second = rig.Connect(1, id: 7);
        Assert.Null(rig.DropOf(first));
        Assert.Equal(DisconnectReason.Duplicate, rig.DropOf(second));
    }

    [Fact]
    public void A_peer_that_copies_a_peer_id_does_not_keep_its_owner_out()
    {
        var rig = new TorrentRig().Start();
        PeerKey thief = rig.Connect(1, id: 7);
        PeerKey victim = rig.Connect(2, id: 7);
        Assert.Null(rig.DropOf(victim));
        rig.Machine.OnDisconnected(thief, DisconnectReason.ClosedByPeer, rig.Now);
        Assert.Equal(1, rig.Machine.Snapshot(rig.Now).Peers);
        rig.Receive(victim, PeerMessage.HaveAll, PeerMessage.Unchoke);
        Assert.NotEmpty(rig.TakeRequests(victim));
    }

    [Fact]
    public void No_more_is_dialled_than_was_allotted()
    {
        var rig = new TorrentRig(allotment: Allotment.None).Start();
        rig.Machine.OnPeersFound([.. Enumerable.Range(1, 20).Select(TorrentRig.Address)], PeerSource.Tracker, rig.Now);
        Assert.Empty(rig.Effects.Dialled);
        Assert.Equal(20, rig.Effects.Demanded.Dials);
        rig.Machine.OnAllotted(new Allotment(3, 8, false), rig.Now);
        Assert.Equal(3, rig.Effects.Dialled.Count);
        rig.Machine.OnConnectFailed(rig.Effects.Dialled[0], DisconnectReason.Refused, rig.Now);
        Assert.Equal(4, rig.Effects.Dialled.Count);
    }

    [Fact]
    public void A_torrent_without_dials_wakes_up_to_ask_for_some_when_an_address_has_rested()
    {
        var rig = new TorrentRig(allotment: new Allotment(1, 8, false)).Start();
        rig.Machine.OnPeersFound([TorrentRig.Address(1)], PeerSource.Tracker, rig.Now);
        rig.Machine.OnConnectFailed(TorrentRig.Address(1), DisconnectReason.Refused, rig.Now);
        rig.Machine.OnAllotted(Allotment.None, rig.Now);
        rig.Machine.Tick(rig.Now);
        Assert.Equal(0, rig.Effects.Demanded.Dials);
        Freshet.Core.Rates.Timestamp due = rig.Machine.NextDue(rig.Now);
        Assert.InRange((due - rig.Now).TotalSeconds, 3, 8);
        rig.Pass(due - rig.Now);
        rig.Machine.Tick(rig.Now);
        Assert.Equal(1, rig.Effects.Demanded.Dials);
        Assert.Equal(Freshet.Core.Rates.Timestamp.Never, rig.Machine.NextDue(rig.Now));
    }

    [Fact]
    public void A_dial_that_was_not_tried_does_not_cause_a_walk_through_the_book()
    {
        var rig = new TorrentRig().Start();
        rig.Machine.OnPeersFound([.. Enumerable.Range(1, 100).Select(TorrentRig.Address)], PeerSource.Tracker, rig.Now);
        foreach (IPEndPoint address in rig.Effects.Dialled.ToArray())
            rig.Machine.OnConnectFailed(address, DisconnectReason.TooManyPeers, rig.Now);
        Assert.Equal(Limits.MaxHalfOpen, rig.Effects.Dialled.Count);
        Assert.Equal(100, rig.Machine.Snapshot(rig.Now).KnownPeers);
    }

    [Fact]
    public void A_seeding_torrent_comes_to_rest()
    {
        var rig = new TorrentRig().StartComplete();
        rig.Machine.OnPeersFound([.. Enumerable.Range(1, 30).Select(TorrentRig.Address)], PeerSource.Tracker, rig.Now);
        int answered = 0;
        for (TimeSpan time = default; time < TimeSpan.FromHours(4); time += TimeSpan.FromSeconds(5))
        {
            for (; answered < rig.Effects.Dialled.Count; answered++)
            {
                // A third are seeds, a third are dead, and a third want nothing and leave.
                IPEndPoint address = rig.Effects.Dialled[answered];
                int number = address.Address.GetAddressBytes()[3];
                if (number % 3 == 0)
                {
                    rig.Machine.OnConnectFailed(address, DisconnectReason.TimedOut, rig.Now);
                    continue;
                }

                PeerKey key = rig.Connect(number, outgoing: true);
                rig.Receive(key, number % 3 == 1 ? PeerMessage.HaveAll : PeerMessage.HaveNone);
                if (number % 3 == 2)
                    rig.Machine.OnDisconnected(key, DisconnectReason.ClosedByPeer, rig.Now);
            }

            rig.Pass(TimeSpan.FromSeconds(5));
            rig.Machine.Tick(rig.Now);
        }

        Assert.InRange(rig.Effects.Dialled.Count, 30, 10 + (20 * 4));
        Assert.Equal(Freshet.Core.Rates.Timestamp.Never, rig.Machine.NextDue(rig.Now));
        Assert.Equal(0, rig.Effects.Demanded.Dials);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void If_two_dial_each_other_both_keep_the_connection_of_the_greater_peer_id(bool incomingFirst)
    {
        // We are number 0, so the other's id is greater: its dial stays, in whichever order the two connections come up.
        var rig = new TorrentRig().Start();
        PeerKey first = rig.Connect(1, outgoing: !incomingFirst, id: 7);
        PeerKey second = rig.Connect(1, outgoing: incomingFirst, id: 7);
        Assert.Equal(DisconnectReason.Duplicate, rig.DropOf(incomingFirst ? second : first));
        Assert.Null(rig.DropOf(incomingFirst ? first : second));
        Assert.Equal(1, rig.Machine.Snapshot(rig.Now).Peers);
    }

    [Fact]
    public void A_peer_that_has_named_its_port_is_not_dialled_while_it_is_connected()
    {
        var rig = new TorrentRig().Start();
        PeerKey key = rig.Connect(1);
        rig.Receive(key, PeerMessage.Extended(0, new ExtensionHandshake { Port = 7000 }.ToArray()));
        rig.Machine.OnPeersFound([new IPEndPoint(TorrentRig.Address(1).Address, 7000)], PeerSource.Tracker, rig.Now);
        Assert.Empty(rig.Effects.Dialled);
        rig.Machine.OnDisconnected(key, DisconnectReason.ClosedByPeer, rig.Now);
        rig.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(rig.Effects.Dialled);
    }

    [Theory]
    [InlineData(DisconnectReason.TimedOut)]
    [InlineData(DisconnectReason.TooManyPeers)]
    public void A_peer_that_connects_while_we_dial_it_has_an_address_once_that_dial_has_failed(object reason)
    {
        var rig = new TorrentRig().Start();
        IPEndPoint address = new(TorrentRig.Address(1).Address, 7000);
        rig.Machine.OnPeersFound([address], PeerSource.Tracker, rig.Now);
        PeerKey key = rig.Connect(1);
        rig.Receive(key, PeerMessage.Extended(0, new ExtensionHandshake { Port = 7000 }.ToArray()));
        rig.Machine.OnConnectFailed(address, (DisconnectReason)reason, rig.Now);
        rig.Advance(TimeSpan.FromMinutes(3));
        Assert.Single(rig.Effects.Dialled);
        rig.Machine.OnDisconnected(key, DisconnectReason.ClosedByPeer, rig.Now);
        rig.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, rig.Effects.Dialled.Count);
    }

    [Fact]
    public void A_peer_that_connects_while_we_dial_it_has_an_address_once_both_connections_are_one()
    {
        var rig = new TorrentRig().Start();
        rig.Machine.OnPeersFound([TorrentRig.Address(1)], PeerSource.Tracker, rig.Now);
        PeerKey key = rig.ConnectFrom(new IPEndPoint(TorrentRig.Address(1).Address, 50_000), id: 7);
        rig.Receive(key, PeerMessage.Extended(0, new ExtensionHandshake { Port = TorrentRig.Address(1).Port }.ToArray()));
        PeerKey other = rig.Connect(1, outgoing: true, id: 7);
        Assert.Equal(DisconnectReason.Duplicate, rig.DropOf(other));
        rig.Machine.OnDisconnected(key, DisconnectReason.ClosedByPeer, rig.Now);
        rig.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, rig.Effects.Dialled.Count);
    }

    /// <summary>
    /// We keep what the greater peer id has dialled, libtorrent what the lower port has dialled: each may end the one that the other keeps.
    /// </summary>
    [Fact]
    public void If_two_dial_each_other_and_keep_different_connections_we_dial_again_soon()
    {
        var rig = new TorrentRig().Start();
        rig.Machine.OnPeersFound([TorrentRig.Address(1)], PeerSource.Tracker, rig.Now);
        PeerKey incoming = rig.ConnectFrom(new IPEndPoint(TorrentRig.Address(1).Address, 50_000), id: 7);
        Assert.Equal(DisconnectReason.Duplicate, rig.DropOf(rig.Connect(1, outgoing: true, id: 7)));
        rig.Advance(TimeSpan.FromMilliseconds(250));
        rig.Machine.OnDisconnected(incoming, DisconnectReason.ClosedByPeer, rig.Now);
        rig.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal([TorrentRig.Address(1), TorrentRig.Address(1)], rig.Effects.Dialled);
    }

    [Fact]
    public void A_host_that_connects_again_and_again_with_other_ports_takes_few_places_in_the_book()
    {
        // It answers at none of them: what it says may be worth a dial, but proves nothing.
        var rig = new TorrentRig(allotment: new Allotment(0, 10, true)).Start();
        for (int port = 1; port <= PeerLimits.MaxKnownPeers; port++)
        {
            PeerKey key = rig.Connect(1);
            rig.Receive(key, PeerMessage.Extended(0, new ExtensionHandshake { Port = port }.ToArray()));
            rig.Machine.OnDisconnected(key, DisconnectReason.ClosedByPeer, rig.Now);
        }

        Assert.InRange(rig.Machine.Snapshot(rig.Now).KnownPeers, 1, PeerLimits.MaxToldPerNetwork);
    }

    [Fact]
    public void The_greeting_announces_our_pieces_first_and_then_our_extensions()
    {
        var none = new TorrentRig().Start();
        Assert.Equal([MessageId.HaveNone, MessageId.Extended], none.Take(none.Connect(1)).Select(message => message.Id));
        Assert.Equal([MessageId.Extended], none.Take(none.Connect(2, fast: false)).Select(message => message.Id));
        Assert.Empty(none.Take(none.Connect(3, fast: false, extensions: false)));

        var some = new TorrentRig().Start(1, 3);
        List<PeerMessage> greeting = some.Take(some.Connect(1));
        Assert.Equal(some.Pieces(1, 3), greeting[0].Payload.ToArray());
        Assert.True(ExtensionHandshake.TryParse(greeting[1].Payload.Span, out ExtensionHandshake handshake));
        Assert.Equal(("Freshet 0.1.0", 6881, Limits.PromisedQueuedUploads), (handshake.Client, handshake.Port, handshake.RequestQueue));
        Assert.Equal(TorrentRig.Address(1).Address, handshake.YourIp);

        var all = new TorrentRig().StartComplete();
        Assert.Equal([MessageId.HaveAll, MessageId.Extended], all.Take(all.Connect(1)).Select(message => message.Id));
        Assert.Equal(all.Pieces(0, 1, 2, 3, 4, 5, 6, 7), all.Take(all.Connect(2, fast: false))[0].Payload.ToArray());
    }

    [Fact]
    public void Two_seeds_disconnect()
    {
        var rig = new TorrentRig().StartComplete();
        PeerKey seed = rig.Connect(1);
        rig.Receive(seed, PeerMessage.HaveAll);
        Assert.Equal(DisconnectReason.BothSeeds, rig.DropOf(seed));
        PeerKey partial = rig.Connect(2);
        rig.Receive(
            partial, PeerMessage.Bitfield(rig.Pieces(1)), PeerMessage.Extended(0, new ExtensionHandshake { UploadOnly = true }.ToArray()));
        Assert.Equal(DisconnectReason.BothSeeds, rig.DropOf(partial));
    }

    [Fact]
    public void Seeds_are_left_when_the_download_ends_and_leechers_are_kept()
    {
        var rig = new TorrentRig().Start();
        PeerKey leech = rig.Connect(2);
        PeerKey seed = rig.ConnectSeed(1);
        rig.Serve(seed);
        Assert.Equal(DisconnectReason.BothSeeds, rig.DropOf(seed));
        Assert.Null(rig.DropOf(leech));
    }

    [Fact]
    public void Peers_are_told_when_we_want_nothing_more()
    {
        var rig = new TorrentRig().Start();
        PeerKey leech = rig.Connect(2);
        PeerKey old = rig.Connect(3, extensions: false);
        rig.Take(leech);
        rig.Serve(rig.ConnectSeed(1));
        PeerMessage told = Assert.Single(rig.Take(leech), message => message.Id == MessageId.Extended);
        Assert.True(ExtensionHandshake.TryParse(told.Payload.Span, out ExtensionHandshake handshake));
        Assert.Equal((0, true), (told.Number, handshake.UploadOnly));
        Assert.DoesNotContain(rig.Take(old), message => message.Id == MessageId.Extended);
    }

    [Fact]
    public void A_seed_that_we_dialled_is_not_dialled_again_soon_once_we_seed()
    {
        var rig = new TorrentRig().Start();
        rig.Machine.OnPeersFound([TorrentRig.Address(1)], PeerSource.Tracker, rig.Now);
        PeerKey seed = rig.Connect(1, outgoing: true);
        rig.Receive(seed, PeerMessage.HaveAll, PeerMessage.Unchoke);
        rig.Serve(seed);
        Assert.Equal(DisconnectReason.BothSeeds, rig.DropOf(seed));
        rig.Advance(TimeSpan.FromMinutes(5));
        Assert.Single(rig.Effects.Dialled);
    }

    [Fact]
    public void A_silent_connection_is_kept_alive_by_us_and_given_up_if_the_peer_is_silent()
    {
        var rig = new TorrentRig().Start();
        PeerKey key = rig.Connect(1);
        rig.Advance(TimeSpan.FromSeconds(90));
        Assert.DoesNotContain(rig.Take(key), message => message.Id == MessageId.KeepAlive);
        rig.Advance(TimeSpan.FromSeconds(30));
        Assert.Contains(rig.Take(key), message => message.Id == MessageId.KeepAlive);
        rig.Receive(key, PeerMessage.KeepAlive);
        rig.Advance(TimeSpan.FromSeconds(235));
        Assert.Null(rig.DropOf(key));
        rig.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(DisconnectReason.TimedOut, rig.DropOf(key));
    }

    [Fact]
    public void The_session_is_told_how_many_dials_are_under_way()
    {
        var rig = new TorrentRig(allotment: Allotment.Unlimited with { Dials = 2 }).Start();
        rig.Machine.OnPeersFound([.. Enumerable.Range(0, 100).Select(TorrentRig.Address)], PeerSource.Tracker, rig.Now);
        Assert.Equal((2, Limits.MaxHalfOpen), (rig.Effects.Demanded.Dialling, rig.Effects.Demanded.Dials));
        rig.Machine.OnAllotted(Allotment.Unlimited with { Dials = 0 }, rig.Now);
        rig.Machine.OnConnectFailed(rig.Effects.Dialled[0], DisconnectReason.TimedOut, rig.Now);
        Assert.Equal((1, Limits.MaxHalfOpen), (rig.Effects.Demanded.Dialling, rig.Effects.Demanded.Dials));
    }

    private static void LearnOwnAddress(TorrentRig rig)
    {
        PeerKey peer = rig.Connect(1, outgoing: true);
        rig.Receive(peer, PeerMessage.Extended(0, new ExtensionHandshake { YourIp = OwnAddress.Address }.ToArray()));
    }

    // Of 500 addresses, 40 are dialled at once.
    private static double MeanPriorityOfDialled(int mostPeers, bool knowsOwnAddress)
    {
        var rig = new TorrentRig(settings: new TorrentSettings { MaxPeers = mostPeers }).Start();
        if (knowsOwnAddress)
            LearnOwnAddress(rig);
        rig.Machine.OnPeersFound([.. Enumerable.Range(100, 500).Select(TorrentRig.Address)], PeerSource.Tracker, rig.Now);
        Assert.Equal(Limits.MaxHalfOpen, rig.Effects.Dialled.Count);
        return rig.Effects.Dialled.Average(address => PeerPriority.Of(address, OwnAddress) / (double)uint.MaxValue);
    }
}
