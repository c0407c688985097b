using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Tests.Peers;

public class PeerBookTests
{
    private readonly PeerBook _book = new(new Random(1));
    private Timestamp _now = new(TimeSpan.TicksPerDay);

    [Fact]
    public void An_address_is_known_once()
    {
        Assert.True(_book.Add(Address(1), PeerSource.Tracker));
        Assert.False(_book.Add(Address(1), PeerSource.Manual));
        Assert.Equal(1, _book.IdleCount);
    }

    [Fact]
    public void The_way_that_worked_with_an_address_is_remembered_over_failures_and_incoming_connections()
    {
        PeerWay way = new(PeerTransport.Utp, PeerEncryption.Full);
        _book.Add(Address(1), PeerSource.Tracker);
        Assert.True(_book.TryTake(_now, out _, out DialHint hint));
        Assert.Null(hint.Worked);
        _book.OnConnected(Address(1), way);
        _book.OnEnded(Address(1), DisconnectReason.ClosedByPeer, wasUseful: true, _now);
        _book.OnConnected(Address(1));
        _book.OnEnded(Address(1), DisconnectReason.ClosedByPeer, wasUseful: true, _now);
        _now += TimeSpan.FromHours(1);
        Assert.True(_book.TryTake(_now, out _, out hint));
        Assert.Equal(way, hint.Worked);
        _book.OnEnded(Address(1), DisconnectReason.TimedOut, wasUseful: false, _now);
        _now += TimeSpan.FromHours(1);
        Assert.True(_book.TryTake(_now, out _, out hint));
        Assert.Equal(way, hint.Worked);
    }

    /// <summary>An address that only a peer has named comes last, until somebody else names it as well.</summary>
    [Theory]
    [InlineData(PeerSource.Manual)]
    [InlineData(PeerSource.Tracker)]
    public void An_address_is_worth_as_much_as_the_best_of_its_sources(PeerSource second)
    {
        Origin teller = Origin.OfNetwork(IPAddress.Parse("80.9.9.9"));
        for (int i = 0; i < 20; i++)
            _book.AddTold(Address(i), teller);
        Assert.False(_book.Add(Address(7), second));
        Assert.True(_book.TryTake(_now, out IPEndPoint address, out _));
        Assert.Equal(Address(7), address);

        // It no longer counts as named by that peer.
        int more = 0;
        while (_book.AddTold(Address(100 + more), teller))
            more++;
        Assert.Equal(PeerLimits.MaxToldPerNetwork - 19, more);
    }

    /// <summary>A peer that connects to us may claim any port as its own; one that answers there has proven it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_port_that_a_peer_claims_counts_as_told_until_we_have_dialled_it(bool dialled)
    {
        Origin teller = Origin.OfNetwork(IPAddress.Parse("80.9.9.9"));
        int told = 0;
        while (_book.AddTold(Address(told), teller, PeerSource.Incoming))
            _book.OnConnected(Address(told++));
        Assert.Equal(PeerLimits.MaxToldPerNetwork, told);
        if (dialled)
            _book.OnConnected(Address(0), PeerWay.Plain);
        Assert.Equal(dialled, _book.AddTold(Address(told), teller, PeerSource.Incoming));
    }

    [Theory]
    [InlineData("0.0.0.0", 1)]
    [InlineData("10.0.0.1", 0)]
    [InlineData("224.0.0.1", 1)]
    [InlineData("255.255.255.255", 1)]
    [InlineData("::", 1)]
    [InlineData("ff02::1", 1)]
    public void An_address_that_cannot_be_dialled_is_not_taken(string address, int port) =>
        Assert.False(_book.Add(new IPEndPoint(IPAddress.Parse(address), port), PeerSource.Tracker));

    [Fact]
    public void The_book_is_bounded()
    {
        for (int i = 0; i < PeerLimits.MaxKnownPeers; i++)
            Assert.True(_book.Add(Address(i), PeerSource.Tracker));
        Assert.False(_book.Add(Address(PeerLimits.MaxKnownPeers), PeerSource.Tracker));
    }

    [Fact]
    public void Hopeless_addresses_make_room_in_a_book_that_fills_up()
    {
        for (int i = 0; i < PeerLimits.MaxKnownPeers; i++)
            _book.Add(Address(i), PeerSource.Tracker);
        for (int i = 0; i < 10 * PeerLimits.MaxKnownPeers && _book.Count == PeerLimits.MaxKnownPeers; i++)
        {
            if (_book.TryTake(_now, out IPEndPoint address, out _))
                _book.OnEnded(address, DisconnectReason.TimedOut, wasUseful: false, _now);
            else
                _now += TimeSpan.FromMinutes(1);
        }

        Assert.True(_book.Add(Address(PeerLimits.MaxKnownPeers), PeerSource.Tracker));
    }

    [Fact]
    public void Addresses_that_never_failed_come_first_and_among_them_those_from_the_user()
    {
        _book.Add(Address(1), PeerSource.Tracker);
        Fail(DisconnectReason.Refused);
        _book.Add(Address(2), PeerSource.Tracker);
        _book.Add(Address(3), PeerSource.Manual);
        _now += TimeSpan.FromMinutes(20);
        Assert.Equal([Address(3), Address(2), Address(1)], [Take(), Take(), Take()]);
        Assert.Equal(3, _book.DiallingCount);
    }

    [Fact]
    public void A_useful_connection_clears_failures()
    {
        _book.Add(Address(1), PeerSource.Tracker);
        for (int i = 0; i < 8; i++)
            Fail(DisconnectReason.TimedOut);
        _now += TimeSpan.FromMinutes(20);
        IPEndPoint address = Take();
        Assert.True(_book.OnConnected(address));
        _book.OnEnded(address, DisconnectReason.ClosedByPeer, wasUseful: true, _now);
        _now += TimeSpan.FromSeconds(20);
        Assert.Equal(Address(1), Take());
    }

    [Fact]
    public void A_ban_covers_all_ports_of_an_address_but_only_one_port_of_loopback()
    {
        _book.Add(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 1), PeerSource.Tracker);
        _book.Add(new IPEndPoint(IPAddress.Loopback, 1), PeerSource.Tracker);
        _book.Ban(Origin.Of(new IPEndPoint(IPAddress.Parse("::ffff:10.0.0.1"), 2)), "bad");
        _book.Ban(Origin.Of(new IPEndPoint(IPAddress.Loopback, 2)), "bad");
        Assert.Equal(1, _book.IdleCount);
        Assert.False(_book.Add(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 3), PeerSource.Tracker));
        Assert.False(_book.Add(new IPEndPoint(IPAddress.Loopback, 2), PeerSource.Tracker));
        Assert.True(_book.Add(new IPEndPoint(IPAddress.Loopback, 3), PeerSource.Tracker));
    }

    [Fact]
    public void A_seed_is_left_alone_until_something_is_missing()
    {
        _book.Add(Address(1), PeerSource.Tracker);
        _book.OnSeed(Address(1), gives: true, _now);
        _book.SetDownloading(false);
        _now += TimeSpan.FromDays(1);
        Assert.False(_book.TryTake(_now, out _, out _));
        Assert.Equal(Timestamp.Never, _book.NextRested);
        Assert.False(_book.Add(Address(1), PeerSource.Tracker));
        _book.SetDownloading(true);
        Assert.Equal(Address(1), Take());
    }

    /// <summary>Anybody may claim to be one.</summary>
    [Fact]
    public void A_claim_to_be_a_seed_is_believed_for_an_hour()
    {
        _book.Add(Address(1), PeerSource.Tracker);
        _book.OnSeed(Address(1), gives: false, _now);
        Assert.False(_book.HasSeenSeed(_now));
        _book.OnSeed(Address(1), gives: true, _now);
        Assert.True(_book.HasSeenSeed(_now + TimeSpan.FromMinutes(59)));
        Assert.False(_book.HasSeenSeed(_now + TimeSpan.FromMinutes(60)));
    }

    [Fact]
    public void A_reported_seed_is_left_alone_while_we_seed_unless_somebody_names_it_without_saying_so()
    {
        Origin teller = Origin.OfNetwork(IPAddress.Parse("80.9.9.9"));
        for (int i = 1; i <= 3; i++)
            _book.AddTold(Address(i), teller, told: PeerExchangeFlags.UploadOnly | PeerExchangeFlags.Utp);
        _book.AddTold(Address(4), teller);
        _book.Add(Address(3), PeerSource.Tracker);
        _book.SetDownloading(false);
        _book.WakeAll();
        Assert.Equal([Address(3), Address(4)], [Take(), Take()]);
        Assert.False(_book.TryTake(_now, out _, out _));
        _book.AddTold(Address(2), Origin.OfNetwork(IPAddress.Parse("80.8.8.8")), told: PeerExchangeFlags.Utp);
        Assert.Equal(Address(2), Take());
        Assert.Equal(0, _book.IdleCount);

        // Something is missing again.
        _book.SetDownloading(true);
        Assert.True(_book.TryTake(_now, out IPEndPoint last, out DialHint hint));
        Assert.Equal((Address(1), PeerExchangeFlags.UploadOnly | PeerExchangeFlags.Utp), (last, hint.Told));
    }

    [Fact]
    public void A_seed_that_we_part_from_is_not_dialled_while_we_seed()
    {
        _book.SetDownloading(false);
        _book.Add(Address(1), PeerSource.Tracker);
        IPEndPoint address = Take();
        _book.OnConnected(address);
        _book.OnSeed(address, gives: true, _now);
        _book.OnEnded(address, DisconnectReason.BothSeeds, wasUseful: false, _now);
        Assert.Equal(0, _book.IdleCount);
        Assert.Equal(Timestamp.Never, _book.NextRested);
    }

    [Fact]
    public void Dead_addresses_are_left_alone_while_we_seed_however_often_they_are_named()
    {
        _book.SetDownloading(false);
        _book.Add(Address(1), PeerSource.Tracker);
        _book.Add(Address(2), PeerSource.Manual);
        int dials = 0;
        for (; _book.NextRested != Timestamp.Never; _now += TimeSpan.FromMinutes(1))
        {
            while (_book.TryTake(_now, out IPEndPoint address, out _))
            {
                dials++;
                _book.OnEnded(address, DisconnectReason.TimedOut, wasUseful: false, _now);
            }
        }

        Assert.Equal(8, dials);
        Assert.False(_book.Add(Address(1), PeerSource.Tracker));
        Assert.Equal(Timestamp.Never, _book.NextRested);
        _book.WakeAll();
        Assert.Equal(2, _book.ReadyCount);
    }

    /// <summary>Peers name those that they are connected to, and nobody else can reach most of these.</summary>
    [Fact]
    public void Dead_addresses_from_a_peer_are_not_dialled_again_because_another_peer_names_them()
    {
        Origin other = Origin.OfNetwork(IPAddress.Parse("80.8.8.8"));
        _book.SetDownloading(false);
        _book.AddTold(Address(1), Origin.OfNetwork(IPAddress.Parse("70.7.7.7")));
        for (int dials = 0; dials < 4; _now += TimeSpan.FromMinutes(1))
        {
            while (_book.TryTake(_now, out IPEndPoint address, out _))
            {
                dials++;
                _book.OnEnded(address, DisconnectReason.TimedOut, wasUseful: false, _now);
            }
        }

        Assert.False(_book.AddTold(Address(1), other));
        Assert.Equal(0, _book.Count);
        Assert.True(_book.AddTold(Address(2), other));
        Assert.True(_book.Add(Address(1), PeerSource.Tracker));
        Assert.Equal(2, _book.ReadyCount);
    }

    [Fact]
    public void Dead_addresses_from_peers_are_tried_again_when_there_is_something_new_to_request()
    {
        Bury(Address(1));
        Origin other = Origin.OfNetwork(IPAddress.Parse("80.8.8.8"));
        Assert.False(_book.AddTold(Address(1), other));
        _book.WakeAll();
        Assert.True(_book.AddTold(Address(1), other));
    }

    [Fact]
    public void Dead_addresses_from_peers_may_be_named_again_after_two_hours()
    {
        Bury(Address(1));
        Timestamp died = _now;
        for (; _now < died + PeerLimits.DeadFor - TimeSpan.FromMinutes(10); _now += TimeSpan.FromMinutes(10))
        {
            _book.Wake(_now);
            Assert.False(_book.AddTold(Address(1), Origin.OfNetwork(IPAddress.Parse("80.8.8.8"))));
        }

        _book.Wake(died + PeerLimits.DeadFor);
        Assert.True(_book.AddTold(Address(1), Origin.OfNetwork(IPAddress.Parse("80.8.8.8"))));
    }

    [Fact]
    public void An_address_that_connects_to_us_is_no_longer_dead()
    {
        Bury(Address(1));
        Assert.False(_book.AddTold(Address(1), Origin.OfNetwork(IPAddress.Parse("80.8.8.8"))));
        Assert.True(_book.AddTold(Address(1), Origin.OfNetwork(Address(1).Address), PeerSource.Incoming));
        Assert.True(_book.OnConnected(Address(1)));
    }

    [Fact]
    public void Dead_addresses_leave_when_room_is_scarce_except_those_from_the_user()
    {
        _book.SetDownloading(false);
        _book.Add(Address(1), PeerSource.Manual);
        for (int i = 0; i <= PeerLimits.MaxKnownPeers / 2; i++)
            _book.Add(new IPEndPoint(new IPAddress([10, 1, (byte)(i >> 8), (byte)i]), 6881), PeerSource.Tracker);
        for (; _book.NextRested != Timestamp.Never; _now += TimeSpan.FromMinutes(1))
        {
            while (_book.TryTake(_now, out IPEndPoint address, out _))
                _book.OnEnded(address, DisconnectReason.TimedOut, wasUseful: false, _now);
        }

        Assert.Equal(PeerLimits.MaxKnownPeers / 2, _book.Count);
        _book.WakeAll();
        Assert.Contains(Address(1), Enumerable.Range(0, _book.ReadyCount).Select(_ => Take()));
    }

    [Fact]
    public void An_address_that_the_user_names_again_no_longer_rests()
    {
        _book.Add(Address(1), PeerSource.Tracker);
        Fail(DisconnectReason.Refused);
        Assert.False(_book.Add(Address(1), PeerSource.Tracker));
        Assert.False(_book.TryTake(_now - TimeSpan.FromDays(1), out _, out _));
        Assert.False(_book.Add(Address(1), PeerSource.Manual));
        Assert.True(_book.TryTake(_now - TimeSpan.FromDays(1), out IPEndPoint address, out _));
        Assert.Equal(Address(1), address);
        Assert.Equal(1, _book.DiallingCount);
    }

    [Fact]
    public void Missing_pieces_keep_dead_addresses_in_the_book()
    {
        _book.Add(Address(1), PeerSource.Tracker);
        for (int i = 0; i < 10; i++)
            Fail(DisconnectReason.Refused);
        Assert.Equal(1, _book.Count);
    }

    [Fact]
    public void An_address_that_was_not_tried_is_put_back_as_it_was()
    {
        _book.Add(Address(1), PeerSource.Tracker);
        _book.PutBack(Take());
        Assert.Equal((0, 1), (_book.DiallingCount, _book.ReadyCount));
        Assert.Equal(Address(1), Take());
    }

    [Theory]
    [InlineData((int)DisconnectReason.Refused, 3, 7)]
    [InlineData((int)DisconnectReason.TimedOut, 11, 19)]
    [InlineData((int)DisconnectReason.ProtocolViolation, 90, 150)]
    [InlineData((int)DisconnectReason.BothSeeds, 450, 750)]
    public void The_outcome_of_a_connection_decides_how_long_an_address_rests(int reason, int least, int most)
    {
        for (int i = 0; i < 100; i++)
            Assert.InRange(BackOff.After((DisconnectReason)reason, 1, new Random(i)).TotalSeconds, least, most);
        Assert.InRange(BackOff.After((DisconnectReason)reason, 50, new Random(1)).TotalMinutes, 7.5, 12.5);
    }

    private static IPEndPoint Address(int number) => new(new IPAddress([10, 1, (byte)(number >> 8), (byte)number]), 6881);

    private IPEndPoint Take()
    {
        Assert.True(_book.TryTake(_now, out IPEndPoint address, out _));
        return address;
    }

    // A peer names an address, which is dialled until it is given up.
    private void Bury(IPEndPoint named)
    {
        Assert.True(_book.AddTold(named, Origin.OfNetwork(IPAddress.Parse("70.7.7.7"))));
        for (; _book.Count > 0; _now += TimeSpan.FromMinutes(1))
        {
            while (_book.TryTake(_now, out IPEndPoint address, out _))
                _book.OnEnded(address, DisconnectReason.TimedOut, wasUseful: false, _now);
        }
    }

    private void Fail(DisconnectReason reason)
    {
        _now += TimeSpan.FromMinutes(20);
        _book.OnEnded(Take(), reason, wasUseful: false, _now);
    }
}
