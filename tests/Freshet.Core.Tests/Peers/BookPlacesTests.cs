using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Peers;

/// <summary>Which addresses get a place in the book, and which lose theirs.</summary>
public class BookPlacesTests
{
    private static readonly Origin Liar = Origin.OfHost("liar.example");
    private static readonly Origin Honest = Origin.OfHost("honest.example");
    private static readonly Origin Teller = Origin.OfNetwork(IPAddress.Parse("80.9.9.9"));

    private readonly PeerBook _book = new(new Random(1));
    private readonly Timestamp _now = new(TimeSpan.TicksPerDay);

    [Fact]
    public void A_full_book_takes_what_the_user_names_and_what_another_source_finds()
    {
        Fill(Liar);
        for (int i = 0; i < 50; i++)
        {
            Assert.False(_book.Add(Address(20_000 + i), PeerSource.Tracker, Liar));
            Assert.True(_book.Add(Address(30_000 + i), PeerSource.Tracker, Honest));
            Assert.True(_book.Add(Address(31_000 + i), PeerSource.Dht));
            Assert.True(_book.Add(Address(32_000 + i), PeerSource.Local));
            Assert.True(_book.Add(Address(33_000 + i), PeerSource.Manual));
            Assert.True(_book.AddTold(Address(34_000 + i), Teller));
        }

        Assert.Equal(PeerLimits.MaxKnownPeers, _book.Count);
        for (int i = 0; i < 50; i++)
            Assert.All([30_000, 31_000, 32_000, 33_000, 34_000], first => Assert.True(IsKnown(Address(first + i))));
    }

    [Fact]
    public void Two_sources_that_find_any_number_get_half_of_the_book_each()
    {
        Fill(Liar);
        for (int i = 0; i < PeerLimits.MaxKnownPeers; i++)
            _book.Add(Address(20_000 + i), PeerSource.Dht);
        Assert.Equal(PeerLimits.MaxKnownPeers, _book.Count);
        int found = Enumerable.Range(0, PeerLimits.MaxKnownPeers).Count(i => IsKnown(Address(20_000 + i)));
        Assert.InRange(found, (PeerLimits.MaxKnownPeers / 2) - 1, PeerLimits.MaxKnownPeers / 2);
    }

    [Fact]
    public void Within_a_source_only_failed_addresses_make_room_for_new_ones()
    {
        Fill(Honest);
        List<IPEndPoint> failed = [];
        for (int i = 0; i < 1_000; i++)
        {
            Assert.True(_book.TryTake(_now, out IPEndPoint address, out _));
            _book.OnEnded(address, DisconnectReason.Refused, wasUseful: false, _now);
            failed.Add(address);
        }

        int taken = Enumerable.Range(0, 2_000).Count(i => _book.Add(Address(20_000 + i), PeerSource.Tracker, Honest));
        Assert.InRange(taken, 900, 1_000);
        Assert.Equal(taken, failed.Count(address => !IsKnown(address)));
    }

    [Fact]
    public void A_peer_that_is_connected_or_dialled_or_named_by_the_user_stays()
    {
        List<IPEndPoint> kept = [.. Enumerable.Range(50_000, 100).Select(Address)];
        foreach (IPEndPoint address in kept)
            _book.Add(address, PeerSource.Manual);
        Fill(Liar);
        for (int i = 0; i < 300; i++)
        {
            Assert.True(_book.TryTake(_now, out IPEndPoint address, out _));
            if (i % 2 == 0)
                _book.OnConnected(address, PeerWay.Plain);
            kept.Add(address);
        }

        for (int i = 0; i < 10_000; i++)
            _book.Add(Address(20_000 + (i % 20_000)), (PeerSource)(i % 2 == 0 ? PeerSource.Dht : PeerSource.Manual));
        Assert.Equal(PeerLimits.MaxKnownPeers, _book.Count);
        Assert.All(kept, address => Assert.True(IsKnown(address)));
    }

    [Fact]
    public void A_peer_that_turns_out_to_be_us_keeps_no_place_for_ever()
    {
        Fill(Liar);
        while (_book.TryTake(_now, out IPEndPoint address, out _))
        {
            _book.OnConnected(address, PeerWay.Plain);
            _book.OnEnded(address, DisconnectReason.SelfConnection, wasUseful: false, _now);
        }

        Assert.True(_book.Add(Address(20_000), PeerSource.Tracker, Honest));
        Assert.True(_book.Add(Address(20_001), PeerSource.Manual));
    }

    [Fact]
    public void A_peer_that_has_proven_useful_leaves_last()
    {
        List<IPEndPoint> proven = [.. Enumerable.Range(0, 1_500).Select(Address)];
        foreach (IPEndPoint address in proven)
            _book.Add(address, PeerSource.Tracker, Honest);
        while (_book.TryTake(_now, out IPEndPoint address, out _))
        {
            _book.OnConnected(address, PeerWay.Plain);
            _book.OnEnded(address, DisconnectReason.ClosedByPeer, wasUseful: true, _now);
        }

        for (int i = 0; _book.Count < PeerLimits.MaxKnownPeers; i++)
            _book.Add(Address(5_000 + i), i % 2 == 0 ? PeerSource.Dht : PeerSource.Local);
        for (int i = 0; i < 200; i++)
            Assert.True(_book.AddTold(Address(20_000 + i), Teller));
        Assert.All(proven, address => Assert.True(IsKnown(address)));
    }

    [Fact]
    public void A_peer_that_the_user_names_gets_the_last_place_of_other_sources()
    {
        for (int i = 1; i < PeerLimits.MaxKnownPeers; i++)
            Assert.True(_book.Add(Address(i), PeerSource.Manual));
        Assert.True(_book.Add(Address(20_000), PeerSource.Tracker));
        Assert.True(_book.Add(Address(20_001), PeerSource.Manual));
        Assert.False(IsKnown(Address(20_000)));
        Assert.False(_book.Add(Address(20_002), PeerSource.Manual));
    }

    [Theory]
    [InlineData("81.1.1.1", PeerLimits.MaxPerHost)]
    [InlineData("::ffff:81.1.1.1", PeerLimits.MaxPerHost)]
    [InlineData("2a00:1::1", PeerLimits.MaxPerHostNetwork)]
    [InlineData("192.168.1.1", 1_000)]
    [InlineData("127.0.0.1", 1_000)]
    public void A_host_has_few_places_whatever_its_ports(string host, int most)
    {
        int taken = Enumerable.Range(1, 1_000).Count(port => _book.Add(At(host, port), PeerSource.Tracker, Liar));
        Assert.Equal(most, taken);
        Assert.True(_book.Add(At(host, 2_000), PeerSource.Manual));
        Assert.True(_book.AddTold(At(host, 2_001), Origin.OfNetwork(IPAddress.Parse(host)), PeerSource.Incoming));

        // Addresses that are gone leave their places.
        foreach (int port in Enumerable.Range(1, 1_000))
            _book.OnConnected(At(host, port));
        _book.ForgetAllButManual();
        Assert.Equal(most, Enumerable.Range(1, 1_000).Count(port => _book.Add(At(host, port), PeerSource.Tracker, Liar)));
    }

    [Fact]
    public void All_addresses_of_an_ipv6_network_are_one_host()
    {
        int taken = Enumerable.Range(1, 1_000).Count(i => _book.Add(At($"2a00:1::{i:x}", 6881), PeerSource.Dht));
        Assert.Equal(PeerLimits.MaxPerHostNetwork, taken);
        Assert.True(_book.Add(At("2a00:1:0:1::1", 6881), PeerSource.Dht));
    }

    [Fact]
    public void False_ports_of_a_host_do_not_prevent_the_right_one_from_being_named()
    {
        for (int port = 1; port <= PeerLimits.MaxPerHost; port++)
            Assert.True(_book.AddTold(At("81.1.1.1", port), Origin.OfNetwork(IPAddress.Parse($"80.9.{port}.1"))));
        Assert.False(_book.AddTold(At("81.1.1.1", 100), Teller));
        for (int port = 200; port < 200 + PeerLimits.MaxPerHost; port++)
            Assert.True(_book.Add(At("81.1.1.1", port), PeerSource.Tracker, Liar));
        Assert.True(_book.Add(At("81.1.1.1", 6881), PeerSource.Tracker, Honest));
        Assert.True(IsKnown(At("81.1.1.1", 6881)));
        Assert.Equal(PeerLimits.MaxPerHost, _book.Count);

        // Nor can whoever named it first push it out.
        for (int port = 300; port < 400; port++)
            Assert.False(_book.Add(At("81.1.1.1", port), PeerSource.Tracker, Liar));
    }

    /// <summary>A peer that the relay's network has named before, and that is not proven, has been named too often.</summary>
    [Fact]
    public void A_hole_takes_a_place_from_the_network_that_names_it()
    {
        int told = 0;
        while (_book.AddTold(Address(told), Teller))
            told++;
        Assert.True(_book.Punch(Address(20_000), Teller, _now + TimeSpan.FromSeconds(5)));
        Assert.True(_book.TryTake(_now, out IPEndPoint first, out DialHint hint));
        Assert.Equal((Address(20_000), true), (first, hint.IsPunched));
        Assert.Equal(PeerLimits.MaxToldPerNetwork, _book.Count);

        // When peers have named too many in total, one of those who named most loses a place.
        for (int network = 0; network < 200; network++)
        {
            for (int i = 0; i < 50; i++)
                _book.AddTold(Address(1_000 + (100 * network) + i), Origin.OfNetwork(new IPAddress([90, 1, 1, (byte)network])));
        }

        Assert.Equal(PeerLimits.MaxTold, _book.Count);
        Origin relay = Origin.OfNetwork(IPAddress.Parse("95.1.1.1"));
        Assert.True(_book.Punch(Address(40_000), relay, _now + TimeSpan.FromSeconds(5)));
        Assert.Equal(PeerLimits.MaxTold, _book.Count);
        Assert.Equal(told - 2, Enumerable.Range(0, told).Count(i => IsKnown(Address(i))));
    }

    [Fact]
    public void A_hole_takes_a_place_from_its_own_host()
    {
        for (int port = 1; port <= PeerLimits.MaxPerHost; port++)
            _book.Add(At("81.1.1.1", port), PeerSource.Tracker, Honest);
        Assert.True(_book.Punch(At("81.1.1.1", 100), Teller, _now + TimeSpan.FromSeconds(5)));
        Assert.Equal(PeerLimits.MaxPerHost, _book.Count);
    }

    private static IPEndPoint Address(int number) =>
        new(new IPAddress([91, (byte)(number >> 16), (byte)(number >> 8), (byte)number]), 6881);

    private static IPEndPoint At(string host, int port) => new(IPAddress.Parse(host), port);

    private void Fill(Origin tracker)
    {
        for (int i = 0; _book.Count < PeerLimits.MaxKnownPeers; i++)
            Assert.True(_book.Add(Address(i), PeerSource.Tracker, tracker));
    }

    private bool IsKnown(IPEndPoint address) => _book.SourcesOf(address) != default;
}
