using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

using Freshet.Core.Torrents;

namespace Freshet.Simulation.Tests;

/// <summary>We ourselves do not read from the peers here, so none of them may be considered slow.</summary>
public class PressureScenarios
{
    private static readonly SimPeerOptions Line = new() { Uplink = DataRate.FromMiB(2) };

    [Fact]
    public void A_disk_that_hangs_for_a_minute_causes_no_duplicates_and_costs_no_peer() => SimSwarm.OverSeeds(
        3,
        seed => new SimSwarm(seed, pieces: 500),
        swarm =>
        {
            swarm.AddSeed(Line);
            swarm.AddSeed(Line);
            SimPeer leecher = swarm.AddLeecher(new SimPeerOptions { PoolBlocks = 16 });
            swarm.RunUntil(() => leecher.Machine.Have.Count > 50, TimeSpan.FromSeconds(20), "some pieces");
            leecher.Disk.Hang(TimeSpan.FromSeconds(70));
            swarm.Run(TimeSpan.FromSeconds(69));
            Assert.Equal(16, leecher.Pool.Rented);
            AssertNothingCameTwice(swarm, leecher, within: TimeSpan.FromSeconds(30), peers: 2);
        });

    [Fact]
    public void A_disk_that_hangs_for_minutes_costs_no_peer_its_connection() => SimSwarm.OverSeeds(3, swarm =>
    {
        swarm.AddSeed(Line);
        SimPeer leecher = swarm.AddLeecher(new SimPeerOptions { PoolBlocks = 4 });
        swarm.RunUntil(() => leecher.Machine.Have.Count > 5, TimeSpan.FromSeconds(20), "some pieces");
        leecher.Disk.Hang(TimeSpan.FromMinutes(6));
        AssertNothingCameTwice(swarm, leecher, within: TimeSpan.FromMinutes(7));
    });

    [Fact]
    public void A_disk_that_is_always_slower_than_the_peers_causes_no_duplicates() => SimSwarm.OverSeeds(
        3,
        seed => new SimSwarm(seed, pieces: 300),
        swarm =>
        {
            for (int i = 0; i < 8; i++)
                swarm.AddSeed(Line);
            SimPeer leecher = swarm.AddLeecher(new SimPeerOptions { PoolBlocks = 8 });

            // Eight peers of 2 MiB/s, and a disk of 80 kB/s.
            leecher.Disk.Latency = TimeSpan.FromMilliseconds(200);
            AssertNothingCameTwice(swarm, leecher, within: TimeSpan.FromMinutes(10), peers: 8);
        });

    private static void AssertNothingCameTwice(SimSwarm swarm, SimPeer leecher, TimeSpan within, int peers = 1)
    {
        swarm.RunUntilSeeding(within, leecher);
        long doubled = leecher.Machine.Snapshot(swarm.Clock.Now).Wasted.Bytes / Core.Limits.BlockLength;

        // In endgame a peer is asked for a few blocks that others are asked for too, and for a few more when those have come.
        Assert.InRange(doubled, 0, 2 * PieceLimits.MinEndgameRequests * peers);
        Assert.DoesNotContain(leecher.Facts, fact => fact is TorrentFact.PeerDisconnected { Reason: DisconnectReason.TimedOut });
    }
}
