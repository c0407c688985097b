using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;
using Freshet.Tracker;
using Freshet.Tracker.Swarms;

namespace Freshet.Tests.Tracker.Swarms;

public class SwarmStoreTests
{
    private static readonly TrackerOptions Options = new()
    {
        MinInterval = TimeSpan.Zero,
        MaxAnnouncesPerSecond = 100_000,
        MaxPeersPerAddress = 1_000_000,
    };
    private static readonly InfoHash Torrent = new("aaaaaaaaaaaaaaaaaaaa"u8);

    private readonly Random _random = new(1);
    private Timestamp _now = new(TimeSpan.TicksPerDay);

    [Fact]
    public void Peers_of_a_swarm_learn_of_each_other_but_not_of_themselves()
    {
        SwarmStore store = new(Options, _random);
        Assert.Empty(Announce(store, "10.0.0.1:1").Peers);
        Assert.Equal(["10.0.0.1:1"], Names(Announce(store, "10.0.0.2:2")));
        Assert.Equal(["10.0.0.2:2"], Names(Announce(store, "10.0.0.1:1")));
        Assert.Equal((1, 2), (store.Torrents, store.Peers));
    }

    [Fact]
    public void Seeds_learn_only_of_those_that_download()
    {
        SwarmStore store = new(Options, _random);
        Announce(store, "10.0.0.1:1", left: 0);
        Announce(store, "10.0.0.2:1", left: 0);
        Announce(store, "10.0.0.3:1", left: 5);
        Announce(store, "10.0.0.4:1", left: 5, AnnounceEvent.Paused);
        Assert.Equal(["10.0.0.3:1"], Names(Announce(store, "10.0.0.1:1", left: 0)));
        Assert.Equal(["10.0.0.3:1"], Names(Announce(store, "10.0.0.4:1", left: 5, AnnounceEvent.Paused)));
        SwarmReply reply = Announce(store, "10.0.0.3:1", left: 5);
        Assert.Equal(["10.0.0.1:1", "10.0.0.2:1", "10.0.0.4:1"], Names(reply));

        // BEP 21: partial seeds are incomplete, but they are not downloaders.
        Assert.Equal(new SwarmCounts(2, 2, 0, 1), reply.Counts);
    }

    [Fact]
    public void A_download_that_completes_is_counted_once_and_makes_a_seed()
    {
        SwarmStore store = new(Options, _random);
        Announce(store, "10.0.0.1:1", left: 5);
        Assert.Equal(new SwarmCounts(1, 0, 1, 0), Announce(store, "10.0.0.1:1", left: 0, AnnounceEvent.Completed).Counts);
        Assert.Equal(new SwarmCounts(1, 0, 1, 0), Announce(store, "10.0.0.1:1", left: 0, AnnounceEvent.Completed).Counts);
        Assert.Equal(new SwarmCounts(0, 1, 1, 1), Announce(store, "10.0.0.1:1", left: 5).Counts);

        // It is not counted either for a peer that says so while something is left, which it could do with each announce.
        Assert.Equal(new SwarmCounts(0, 1, 1, 1), Announce(store, "10.0.0.1:1", left: 5, AnnounceEvent.Completed).Counts);
        Assert.Equal(1, store.Peers);
    }

    [Fact]
    public void A_peer_that_stops_is_forgotten_and_gets_no_peers()
    {
        SwarmStore store = new(Options, _random);
        Announce(store, "10.0.0.1:1");
        Announce(store, "10.0.0.2:1");
        SwarmReply reply = Announce(store, "10.0.0.1:1", 5, AnnounceEvent.Stopped);
        Assert.Empty(reply.Peers);
        Assert.Equal(1, reply.Counts.Incomplete);
        Assert.Empty(Announce(store, "10.0.0.2:1").Peers);
        Announce(store, "10.0.0.2:1", 5, AnnounceEvent.Stopped);
        Assert.Equal((0, 0), (store.Torrents, store.Peers));

        // A peer that was never there leaves nothing behind.
        Announce(store, "10.0.0.3:1", 5, AnnounceEvent.Stopped);
        Assert.Equal((0, 0), (store.Torrents, store.Peers));
    }

    [Fact]
    public void Silent_peers_are_not_returned_and_later_forgotten()
    {
        SwarmStore store = new(Options, _random);
        Announce(store, "10.0.0.1:1");
        _now += Options.Interval;
        Announce(store, "10.0.0.2:1");
        _now += Options.Interval;
        Assert.Equal(2, Announce(store, "10.0.0.3:1").Peers.Count);
        _now += TimeSpan.FromMinutes(1);
        Assert.Equal(["10.0.0.2:1"], Names(Announce(store, "10.0.0.3:1")));
        _now += Options.PeerLifetime;
        store.Sweep(_now);
        Assert.Equal((0, 0), (store.Torrents, store.Peers));
    }

    [Fact]
    public void Sweeping_reaches_every_swarm()
    {
        SwarmStore store = new(Options, _random);
        for (int i = 0; i < 3_000; i++)
            Announce(store, "10.0.0.1:1", torrent: Made(i));
        _now += Options.PeerLifetime;
        int before = store.Torrents;
        store.Sweep(_now);
        Assert.InRange(store.Torrents, 1, before - 1);
        for (int i = 0; i < 5; i++)
            store.Sweep(_now);
        Assert.Equal((0, 0), (store.Torrents, store.Peers));
    }

    [Theory]
    [InlineData(null, 50)]
    [InlineData(0, 0)]
    [InlineData(7, 7)]
    [InlineData(int.MaxValue, 200)]
    public void As_many_peers_are_returned_as_are_wanted_within_the_limit(int? wanted, int given)
    {
        SwarmStore store = new(Options, _random);
        for (int i = 0; i < 300; i++)
            Announce(store, $"10.0.{i / 200}.{i % 200}:1", i % 3);
        SwarmReply reply = Announce(store, "10.9.9.9:1", wanted: wanted);
        Assert.Equal(given, reply.Peers.Count);
        Assert.Equal(given, reply.Peers.Select(peer => peer.Address).Distinct().Count());
    }

    [Fact]
    public void Every_peer_is_drawn_about_as_often_as_any_other()
    {
        SwarmStore store = new(Options, _random);
        Dictionary<PeerAddress, int> drawn = [];
        for (int i = 0; i < 40; i++)
            Announce(store, $"10.0.0.{i}:1", i % 4);
        for (int i = 0; i < 4_000; i++)
        {
            foreach (SwarmPeer peer in Announce(store, "10.9.9.9:1", wanted: 10).Peers)
                drawn[peer.Address] = drawn.GetValueOrDefault(peer.Address) + 1;
        }

        Assert.Equal(40, drawn.Count);
        Assert.All(drawn.Values, times => Assert.InRange(times, 800, 1_200));
    }

    [Fact]
    public void The_askers_own_family_comes_first()
    {
        SwarmStore store = new(Options, _random);
        for (int i = 0; i < 30; i++)
        {
            Announce(store, $"10.0.0.{i}:1");
            Announce(store, $"[2001:db8::{i + 1}]:1");
        }

        Assert.All(Announce(store, "10.9.9.9:1", wanted: 30).Peers, peer => Assert.False(peer.Address.IsV6));
        Assert.All(Announce(store, "[2001:db8::ffff]:1", wanted: 30).Peers, peer => Assert.True(peer.Address.IsV6));
        Assert.Equal(10, Announce(store, "10.9.9.9:1", wanted: 40).Peers.Count(peer => peer.Address.IsV6));
    }

    [Fact]
    public void Requests_that_cannot_be_served_are_refused_in_words()
    {
        SwarmStore store = new(Options with { Allows = infoHash => infoHash == Torrent }, _random);
        Assert.Equal("port 0 cannot be connected to", Announce(store, "10.0.0.1:0").FailureReason);
        Assert.Equal("this tracker does not serve the torrent", Announce(store, "10.0.0.1:1", torrent: Made(1)).FailureReason);
        Assert.Null(Announce(store, "10.0.0.1:1").FailureReason);
        Assert.Equal((1, 1), (store.Torrents, store.Peers));
    }

    [Fact]
    public void A_peer_that_floods_a_swarm_mostly_pushes_out_itself()
    {
        SwarmStore store = new(Options with { MaxPeersPerTorrent = 200 }, _random);
        for (int i = 0; i < 100; i++)
            Announce(store, $"10.0.0.{i}:1", 0);
        for (int i = 0; i < 20_000; i++)
            Announce(store, $"10.6.6.6:{(i % 60_000) + 1}");
        Assert.Equal(200, store.Peers);
        Assert.True(store.TryScrape(Torrent, _now, out SwarmCounts counts));
        Assert.InRange(counts.Complete, 80, 100);
    }

    [Fact]
    public void Invented_torrents_push_out_each_other_before_real_ones()
    {
        SwarmStore store = new(Options with { MaxTorrents = 100, MaxPeers = 1_000 }, _random);
        for (int i = 0; i < 20; i++)
        {
            for (int peer = 0; peer < 5; peer++)
                Announce(store, $"10.0.{i}.{peer}:1", torrent: Made(i));
        }

        for (int i = 0; i < 20_000; i++)
            Announce(store, "10.6.6.6:1", torrent: Made(1_000 + i));
        Assert.Equal(100, store.Torrents);
        Assert.Equal(20, Enumerable.Range(0, 20).Count(i => store.TryScrape(Made(i), _now, out _)));
    }

    [Fact]
    public void No_limit_is_ever_exceeded_and_the_counts_are_right_in_a_random_life()
    {
        TrackerOptions options = Options with { MaxTorrents = 10, MaxPeers = 60, MaxPeersPerTorrent = 20 };
        for (int seed = 0; seed < 50; seed++)
        {
            Random random = new(seed);
            SwarmStore store = new(options, random);
            for (int step = 0; step < 2_000; step++)
            {
                _now += TimeSpan.FromSeconds(random.Next(60));
                if (random.Next(20) == 0)
                    store.Sweep(_now);
                string address = random.Next(2) == 0 ? $"10.0.0.{random.Next(60)}:{random.Next(1, 3)}" : $"[2001:db8::{random.Next(60)}]:1";
                Announce(store, address, random.Next(2), (AnnounceEvent)random.Next(5), random.Next(100), Made(random.Next(15)));
                int counted = 0;
                int torrents = 0;
                for (int i = 0; i < 15; i++)
                {
                    if (!store.TryScrape(Made(i), _now, out SwarmCounts counts))
                        continue;
                    torrents++;
                    counted += counts.Complete + counts.Incomplete;
                    Assert.InRange(counts.Complete + counts.Incomplete, 1, options.MaxPeersPerTorrent);
                    Assert.True(counts.Downloaders <= counts.Incomplete);
                }

                Assert.True(counted == store.Peers && torrents == store.Torrents, $"seed {seed}, step {step}");
                Assert.InRange(store.Peers, 0, options.MaxPeers);
                Assert.InRange(store.Torrents, 0, options.MaxTorrents);
            }
        }
    }

    private static InfoHash Made(int number) => new([.. BitConverter.GetBytes(number), .. new byte[16]]);

    private static IEnumerable<string> Names(SwarmReply reply) =>
        reply.Peers.Select(peer => new IPEndPoint(peer.Address.ToIPAddress(), peer.Address.Port).ToString()).Order(StringComparer.Ordinal);

    private SwarmReply Announce(
        SwarmStore store, string endPoint, long left = 5, AnnounceEvent announceEvent = AnnounceEvent.None, int? wanted = null,
        InfoHash? torrent = null)
    {
        IPEndPoint parsed = IPEndPoint.Parse(endPoint);
        SwarmRequest request = new()
        {
            InfoHash = torrent ?? Torrent,
            PeerId = new PeerId("-FR0100-abcdefghijkl"u8),
            Address = PeerAddress.From(parsed.Address, parsed.Port),
            Left = left,
            Event = announceEvent,
            NumWant = wanted,
        };
        return store.Announce(request, _now);
    }
}
