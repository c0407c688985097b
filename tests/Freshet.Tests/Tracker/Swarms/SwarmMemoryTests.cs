using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;
using Freshet.Tracker;
using Freshet.Tracker.Swarms;

namespace Freshet.Tests.Tracker.Swarms;

/// <summary>
/// How much memory the peers of a tracker take. Run alone, since what other tests allocate in the meantime would be counted.
/// </summary>
[Collection(nameof(SwarmMemoryTests))]
[CollectionDefinition(nameof(SwarmMemoryTests), DisableParallelization = true)]
public sealed class SwarmMemoryTests(ITestOutputHelper output)
{
    private const int Torrents = 20_000;

    // As in TrackerOptions.MaxPeers and docs/performance.md.
    private const int MostBytes = 130;

    private readonly PeerId _id = new("-FR0100-abcdefghijkl"u8);
    private Timestamp _now = new(TimeSpan.TicksPerDay);

    [Fact]
    public void A_million_peers_at_as_many_addresses_take_few_bytes_each_and_those_that_replace_them_no_more()
    {
        const int Peers = 1_000_000;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        SwarmStore store = new(new TrackerOptions { MaxPeers = Peers }, new Random(1));
        Announce(store, 0, Peers);
        Assert.Equal(Peers, store.Peers);
        double full = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Peers;
        output.WriteLine($"{full:0.0} bytes a peer");
        Assert.InRange(full, 40, MostBytes);

        Announce(store, Peers, Peers / 2);
        Assert.Equal(Peers, store.Peers);
        full = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Peers;
        output.WriteLine($"{full:0.0} bytes per peer after half as many again");
        Assert.InRange(full, 40, MostBytes);
        GC.KeepAlive(store);
    }

    [Fact]
    public void Swarms_that_were_large_once_give_their_memory_back()
    {
        const int Swarms = 100;
        const int Peers = 10_000;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        SwarmStore store = new(new TrackerOptions(), new Random(1));
        for (int swarm = 0; swarm < Swarms; swarm++)
        {
            for (int peer = 0; peer < Peers; peer++)
                Announce(store, swarm, peer, AnnounceEvent.Started);
            for (int peer = 1; peer < Peers; peer++)
                Announce(store, swarm, peer, AnnounceEvent.Stopped);
        }

        Assert.Equal(Swarms, store.Peers);
        long kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{kept / 1024} KiB");

        // Memory that other tests left behind may be freed in the meantime.
        Assert.InRange(kept, long.MinValue, 2_000_000);
        GC.KeepAlive(store);
    }

    [Fact]
    public void A_swarm_that_shrinks_and_grows_loses_nobody()
    {
        SwarmStore store = new(new TrackerOptions { MaxAnnouncesPerSecond = 100_000 }, new Random(1));
        Random random = new(3);
        HashSet<int> there = [];
        for (int i = 0; i < 40_000; i++)
        {
            // It grows in the first half of each 10,000, and shrinks in the second.
            bool grows = random.Next(100) < (i / 5_000 % 2 == 0 ? 90 : 10);
            int peer = random.Next(2_000);
            Announce(store, 0, peer, grows ? AnnounceEvent.Started : AnnounceEvent.Stopped);
            if (grows ? there.Add(peer) : there.Remove(peer))
                Assert.Equal(there.Count, store.Peers);
        }

        foreach (int peer in there)
            Announce(store, 0, peer, AnnounceEvent.Stopped);
        Assert.Equal((0, 0), (store.Peers, store.Torrents));
    }

    private void Announce(SwarmStore store, int torrent, int peer, AnnounceEvent announceEvent)
    {
        Span<byte> hash = stackalloc byte[InfoHash.Length];
        hash.Clear();
        BitConverter.TryWriteBytes(hash, torrent);
        Span<byte> address = stackalloc byte[4];
        BitConverter.TryWriteBytes(address, peer);
        SwarmReply reply = store.Announce(
            new SwarmRequest
            {
                InfoHash = new InfoHash(hash),
                PeerId = _id,
                Address = PeerAddress.From(new IPAddress(address), 6881),
                Left = 1,
                Event = announceEvent,
                NumWant = 0,
            },
            _now);
        Assert.Null(reply.FailureReason);
        _now += TimeSpan.FromMicroseconds(100);
    }

    private void Announce(SwarmStore store, int first, int count)
    {
        Span<byte> address = stackalloc byte[4];
        Span<byte> torrent = stackalloc byte[InfoHash.Length];
        torrent.Clear();
        for (int i = first; i < first + count; i++)
        {
            BitConverter.TryWriteBytes(address, i);
            BitConverter.TryWriteBytes(torrent, i % Torrents);
            SwarmReply reply = store.Announce(
                new SwarmRequest
                {
                    InfoHash = new InfoHash(torrent),
                    PeerId = _id,
                    Address = PeerAddress.From(new IPAddress(address), 6881),
                    Left = i / Torrents % 4,
                    Event = AnnounceEvent.Started,
                    NumWant = 0,
                },
                _now);
            Assert.Null(reply.FailureReason);
            _now += TimeSpan.FromMicroseconds(100);
        }
    }
}
