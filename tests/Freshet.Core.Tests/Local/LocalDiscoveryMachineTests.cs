using System.Net;
using Freshet.Core.Local;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Local;

public class LocalDiscoveryMachineTests
{
    private static readonly IPEndPoint Near = new(IPAddress.Parse("192.168.1.7"), 6771);

    private readonly Network _network = new();
    private readonly LocalDiscoveryMachine _machine;
    private Timestamp _now = new(1_000_000_000);

    public LocalDiscoveryMachineTests() => _machine = new LocalDiscoveryMachine(_network, "ours");

    [Fact]
    public void Torrents_that_start_together_share_an_announce()
    {
        Assert.Equal(Timestamp.Never, _machine.NextDeadline);
        Add(1, 2, 3);
        Run(TimeSpan.FromSeconds(2));
        Assert.Equal([Hash(3), Hash(2), Hash(1)], Assert.Single(_network.Announces).Torrents);
    }

    [Fact]
    public void A_torrent_is_announced_every_five_minutes()
    {
        Add(1);
        Run(TimeSpan.FromMinutes(20.5));
        Assert.Equal([0, 5, 10, 15, 20], _network.Announces.Select(announce => Math.Round(MinutesOf(announce.At))));
    }

    [Fact]
    public void A_session_announces_at_most_once_a_minute()
    {
        Add(1);
        Run(TimeSpan.FromSeconds(10));
        Add(2);
        Run(TimeSpan.FromMinutes(3));
        Add(3);
        Run(TimeSpan.FromSeconds(2));
        Assert.Equal(3, _network.Announces.Count);
        AssertPace();
        Assert.Equal([Hash(2)], _network.Announces[1].Torrents);
        Assert.Equal([Hash(3)], _network.Announces[2].Torrents);
    }

    [Fact]
    public void Each_of_thousands_has_its_turn_and_new_ones_come_first()
    {
        Add([.. Enumerable.Range(0, 1_000)]);
        Run(TimeSpan.FromMinutes(10));
        Add(5_000);
        Run(TimeSpan.FromMinutes(2));
        Assert.Contains(_network.Announces[^2..], announce => announce.Torrents.Contains(Hash(5_000)));
        Run(TimeSpan.FromMinutes(31));
        AssertPace();
        Assert.All(_network.Announces, announce => Assert.InRange(announce.Torrents.Length, 1, LocalLimits.MaxLocalHashes));
        HashSet<InfoHash> announced = [.. _network.Announces.SelectMany(announce => announce.Torrents)];
        Assert.Equal(1_001, announced.Count);
        Assert.Equal(announced.Count, _network.Announces.Take(41).SelectMany(announce => announce.Torrents).Distinct().Count());
    }

    [Fact]
    public void A_torrent_that_is_removed_is_not_announced()
    {
        Add(1, 2);
        _machine.Remove(Hash(2), _now);
        Run(TimeSpan.FromSeconds(2));
        Assert.Equal([Hash(1)], Assert.Single(_network.Announces).Torrents);
        _machine.Remove(Hash(1), _now);
        Assert.Equal(Timestamp.Never, _machine.NextDeadline);
        Add(3);
        Assert.Equal(1, _machine.Torrents);
    }

    [Fact]
    public void A_torrent_that_is_stopped_and_started_keeps_its_interval()
    {
        Add(1);
        Run(TimeSpan.FromSeconds(90));
        _machine.Remove(Hash(1), _now);
        Add(1);
        Run(TimeSpan.FromMinutes(3));
        Assert.Single(_network.Announces);
        Run(TimeSpan.FromMinutes(2));
        Assert.Equal([0, 5], _network.Announces.Select(announce => Math.Round(MinutesOf(announce.At))));
    }

    [Fact]
    public void A_peer_is_at_the_address_of_the_datagram_and_the_port_that_it_names()
    {
        Add(1);
        Hear(Near, 6881, "theirs", 1, 2);
        Assert.Equal([(Hash(1), new IPEndPoint(Near.Address, 6881))], _network.Peers);
        Assert.Equal((1, 1, 0), (_machine.Heard, _machine.Found, _machine.Dropped));
    }

    [Fact]
    public void A_peer_with_a_link_local_address_is_on_the_interface_that_heard_it()
    {
        Add(1);
        Hear(new IPEndPoint(IPAddress.Parse("fe80::1%2"), 6771), 6881, "theirs", 1);
        (_, IPEndPoint peer) = Assert.Single(_network.Peers);
        Assert.Equal((2, "[fe80::1%2]:6881"), (peer.Address.ScopeId, peer.ToString()));
    }

    [Fact]
    public void Our_own_announces_are_recognized_by_their_cookie()
    {
        Add(1);
        Hear(Near, 6881, "ours", 1);
        Assert.Empty(_network.Peers);
    }

    [Theory]
    [InlineData("224.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("ff02::1")]
    [InlineData("fe80::1")]
    public void Announces_from_addresses_that_no_peer_can_have_are_dropped(string sender)
    {
        Add(1);
        Hear(new IPEndPoint(IPAddress.Parse(sender), 6771), 6881, "theirs", 1);
        Assert.Empty(_network.Peers);
        Assert.Equal(1, _machine.Dropped);
    }

    [Fact]
    public void A_flood_from_one_sender_costs_no_more_than_its_bound()
    {
        Add(1);
        for (int i = 0; i < 10_000; i++)
        {
            Hear(Near, 1 + i, "theirs", 1);
            _now += TimeSpan.FromMilliseconds(5);
        }

        Assert.Equal(LocalLimits.MaxLocalPeersPerTorrent, _network.Peers.Count);
        Assert.InRange(_machine.Heard, 1, LocalLimits.MaxLocalAnnouncesPerSender);
        _now += TimeSpan.FromMinutes(1);
        Hear(Near, 6881, "theirs", 1);
        Assert.Equal(LocalLimits.MaxLocalPeersPerTorrent + 1, _network.Peers.Count);
    }

    [Fact]
    public void A_flood_from_invented_senders_costs_no_more_than_its_bound()
    {
        Add([.. Enumerable.Range(0, 500)]);
        for (int i = 0; i < 100_000; i++)
        {
            Hear(new IPEndPoint(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]), 6771), 6881, "theirs", i % 500);
            _now += TimeSpan.FromTicks(1_000);
        }

        // Ten seconds' worth.
        Assert.InRange(_machine.Heard, 1, LocalLimits.MaxLocalSenders);
        Assert.InRange(_network.Peers.Count, 1, LocalLimits.MaxLocalSenders);
        Assert.Equal(100_000, _machine.Heard + _machine.Dropped);
    }

    private static InfoHash Hash(int number) => LocalAnnounceTests.Hash($"{number:x40}");

    private double MinutesOf(Timestamp at) => (at - _network.Announces[0].At).TotalMinutes;

    private void AssertPace()
    {
        for (int i = 1; i < _network.Announces.Count; i++)
        {
            TimeSpan between = _network.Announces[i].At - _network.Announces[i - 1].At;
            Assert.True(between >= TimeSpan.FromSeconds(60), $"{between} between two announces");
        }
    }

    private void Add(params int[] torrents)
    {
        foreach (int torrent in torrents)
            _machine.Add(Hash(torrent), _now);
    }

    private void Run(TimeSpan time)
    {
        Timestamp end = _now + time;
        while (_machine.NextDeadline <= end)
        {
            _now = Timestamp.Max(_now, _machine.NextDeadline);
            _network.Now = _now;
            _machine.OnDeadline(_now);
        }

        _now = end;
    }

    private void Hear(IPEndPoint sender, int port, string cookie, params int[] torrents) =>
        _machine.OnDatagram(LocalAnnounce.Write(false, port, cookie, Array.ConvertAll(torrents, Hash)), sender, _now);

    private sealed class Network : ILocalEffects
    {
        public Timestamp Now { get; set; }

        public List<(Timestamp At, InfoHash[] Torrents)> Announces { get; } = [];

        public List<(InfoHash, IPEndPoint)> Peers { get; } = [];

        public void Announce(ReadOnlySpan<InfoHash> torrents) => Announces.Add((Now, torrents.ToArray()));

        public void PeerFound(InfoHash torrent, IPEndPoint peer) => Peers.Add((torrent, peer));
    }
}
