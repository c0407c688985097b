using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Simulation.Tests;

/// <summary>Realistic networks: most addresses that a tracker names are dead, many peers cannot be reached, and routes fail.</summary>
public class NetworkScenarios
{
    private static readonly SimPeerOptions Slow = new() { Uplink = new DataRate(100_000) };

    [Fact]
    public void Dead_addresses_among_those_announced_hold_nothing_up() => SimSwarm.OverSeeds(5, swarm =>
    {
        swarm.AddDeadAddresses(40);
        swarm.AddSeed();
        SimPeer leecher = swarm.AddLeecher();
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(2), leecher);
        Assert.NotEqual(0, swarm.Network.DialsInVain);
    });

    [Fact]
    public void A_complete_peer_does_not_dial_dead_addresses_for_ever() => SimSwarm.OverSeeds(3, swarm =>
    {
        swarm.AddDeadAddresses(40);
        swarm.AddSeed();
        swarm.Run(TimeSpan.FromHours(6));
        int before = swarm.Network.DialsInVain;
        swarm.Run(TimeSpan.FromHours(6));

        // The tracker names all of them every two minutes.
        Assert.InRange(swarm.Network.DialsInVain - before, 0, 40 * 6);
    });

    [Fact]
    public void Peers_that_cannot_be_reached_reach_the_others() => SimSwarm.OverSeeds(5, swarm =>
    {
        SimPeer seed = swarm.AddSeed(Slow with { IsBehindNat = true });
        SimPeer open = swarm.AddLeecher(Slow);
        SimPeer[] hidden = [.. Enumerable.Range(0, 4).Select(_ => swarm.AddLeecher(Slow with { IsBehindNat = true }))];
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(20), [open, .. hidden]);
        long uploaded = open.Machine.Snapshot(swarm.Clock.Now).Uploaded.Bytes;
        Assert.True(
            uploaded >= hidden.Length * (long)swarm.Content.Bytes.Length,
            $"{uploaded} bytes: it alone can be reached, by the seed and by all of them");
        Assert.Empty(seed.Banned);
    });

    [Fact]
    public void A_line_that_is_wide_one_way_and_narrow_the_other_is_fully_used() => SimSwarm.OverSeeds(5, swarm =>
    {
        SimPeerOptions home = new()
        {
            Uplink = new DataRate(50_000),
            Downlink = new DataRate(1_000_000),
            Latency = TimeSpan.FromMilliseconds(120),
            LatencyIn = TimeSpan.FromMilliseconds(10),
        };
        swarm.AddSeed(new SimPeerOptions { Uplink = DataRate.FromMiB(4) });
        SimPeer leecher = swarm.AddLeecher(home);
        TimeSpan ideal = TimeSpan.FromSeconds(swarm.Content.Bytes.Length / 1_000_000.0);
        swarm.RunUntilSeeding((ideal * 1.2) + TimeSpan.FromSeconds(5), leecher);
        Assert.True(leecher.Facts.OfType<TorrentFact.Completed>().Single().Took > ideal, "no faster than the line");
        Assert.InRange(leecher.Machine.Snapshot(swarm.Clock.Now).Wasted.Bytes, 0, Core.Limits.BlockLength);
    });

    [Fact]
    public void A_peer_that_loses_its_network_goes_on_when_it_is_back() => SimSwarm.OverSeeds(5, swarm =>
    {
        swarm.AddSeed(Slow);
        swarm.AddSeed(Slow);
        SimPeer leecher = swarm.AddLeecher();
        swarm.RunUntil(() => leecher.Machine.Have.Count > 4, TimeSpan.FromMinutes(1), "some pieces");
        SimNetwork.GoOffline(leecher.Host);
        swarm.Run(TimeSpan.FromSeconds(1));
        int had = leecher.Machine.Have.Count;
        swarm.Run(TimeSpan.FromMinutes(5));
        Assert.InRange(leecher.Machine.Have.Count, had, had + 1);
        swarm.Network.GoOnline(leecher.Host);
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(5), leecher);
    });

    [Fact]
    public void A_route_that_is_cut_leaves_the_others() => SimSwarm.OverSeeds(5, swarm =>
    {
        SimPeer cut = swarm.AddSeed(Slow);
        swarm.AddSeed(Slow);
        SimPeer leecher = swarm.AddLeecher();
        swarm.RunUntil(() => leecher.Machine.Have.Count > 2, TimeSpan.FromMinutes(1), "some pieces");
        swarm.Network.Cut(cut.Host, leecher.Host);

        // One line takes sixteen seconds for everything; what the other was asked for is downloaded over this one.
        swarm.RunUntilSeeding(TimeSpan.FromSeconds(60), leecher);
        swarm.Network.HealAll();
        swarm.Run(TimeSpan.FromMinutes(1));
    });

    [Fact]
    public void Whatever_happens_to_the_network_all_who_stay_get_everything() => SimSwarm.OverSeeds(
        6,
        seed => new SimSwarm(seed, pieces: 40, blocksPerPiece: 1 + (seed % 4)),
        swarm =>
        {
            Random random = swarm.NewRandom();
            swarm.AddDeadAddresses(20);
            swarm.AddSeed(Slow);
            for (int i = 0; i < 6; i++)
                swarm.AddLeecher(RandomOptions(random));
            for (int i = 0; i < 60; i++)
            {
                Befall(swarm, random);
                swarm.Run(TimeSpan.FromSeconds(random.NextDouble() * 4));
            }

            foreach (SimPeer peer in swarm.Peers)
            {
                swarm.Network.GoOnline(peer.Host);
                if (!peer.IsRunning)
                    peer.Restart();
            }

            swarm.Network.HealAll();
            swarm.RunUntilSeeding(TimeSpan.FromMinutes(30), [.. swarm.Peers]);
        });

    private static void Befall(SimSwarm swarm, Random random)
    {
        SimPeer peer = swarm.Peers[random.Next(swarm.Peers.Count)];
        switch (random.Next(6))
        {
            case 0 when peer.Host.IsOnline:
                SimNetwork.GoOffline(peer.Host);
                break;
            case 0 or 1:
                swarm.Network.GoOnline(peer.Host);
                break;
            case 2:
                swarm.Network.Cut(peer.Host, swarm.Peers[random.Next(swarm.Peers.Count)].Host);
                break;
            case 3:
                swarm.Network.HealAll();
                break;
            case 4 when peer.IsRunning:
                peer.Kill();
                break;
            case 5 when !peer.IsRunning:
                peer.Restart();
                break;
        }
    }

    private static SimPeerOptions RandomOptions(Random random) => new()
    {
        Uplink = new DataRate(random.Next(50_000, 500_000)),
        Downlink = random.Next(2) == 0 ? new DataRate(random.Next(100_000, 1_000_000)) : null,
        Latency = TimeSpan.FromMilliseconds(random.Next(1, 200)),
        LatencyIn = TimeSpan.FromMilliseconds(random.Next(1, 200)),
        Loss = random.Next(3) == 0 ? 0.05 : 0,

        // At least one can be reached: the seed.
        IsBehindNat = random.Next(2) == 0,
        PoolBlocks = random.Next(4, 100),
    };
}
