using Freshet.Core;
using Freshet.Core.Rates;
using Freshet.Simulation.Parts;

namespace Freshet.Simulation.Tests;

/// <summary>Realistic lines: slow and fast, near and far, and changing with time.</summary>
public class LineScenarios
{
    [Theory]
    [InlineData(10_000, 5)]
    [InlineData(10_000, 500)]
    [InlineData(100_000, 50)]
    [InlineData(100_000, 500)]
    [InlineData(1_000_000, 5)]
    [InlineData(1_000_000, 500)]
    [InlineData(10_000_000, 50)]
    [InlineData(10_000_000, 200)]
    [InlineData(100_000_000, 5)]
    [InlineData(1_000_000_000, 5)]
    public void A_line_is_fully_used_from_the_first_seconds_on(int bytesPerSecond, int roundTripMilliseconds)
    {
        // As much as takes ten seconds at that rate, but at least a few pieces, and no more than a test can hold.
        int pieces = (int)Math.Clamp(10L * bytesPerSecond / (16 * Limits.BlockLength), 1, 100);
        SimSwarm.OverSeeds(
            2,
            seed => new SimSwarm(seed, pieces, blocksPerPiece: 16),
            swarm =>
            {
                TimeSpan roundTrip = TimeSpan.FromMilliseconds(roundTripMilliseconds);
                SimPeerOptions options = new() { Uplink = new DataRate(bytesPerSecond), Latency = roundTrip / 4, PoolBlocks = 4_096 };
                SimPeer seed = swarm.AddSeed(options);
                SimPeer leecher = swarm.AddLeecher(options);
                leecher.Disk.Latency = TimeSpan.FromMicroseconds(5);
                swarm.RunUntil(() => leecher.ConnectionCount > 0, TimeSpan.FromSeconds(10), "a connection");

                // After the handshakes the depth doubles with each round trip until it fills the line, which takes no more than ten round
                // trips here.
                TimeSpan ideal = TimeSpan.FromSeconds(swarm.Content.Bytes.Length / (double)bytesPerSecond);
                swarm.RunUntilSeeding((ideal * 1.1) + (roundTrip * 14) + TimeSpan.FromSeconds(1), leecher);
                Assert.Equal(0, leecher.Machine.Snapshot(swarm.Clock.Now).Wasted.Bytes);
                Assert.Equal(swarm.Content.Bytes.Length, seed.Machine.Snapshot(swarm.Clock.Now).Uploaded.Bytes);
            });
    }

    [Theory]
    [InlineData(1_000_000, 20_000)]
    [InlineData(1_000_000, 5_000)]
    [InlineData(200_000, 10_000)]
    public void A_line_that_becomes_slow_causes_few_duplicates(int before, int after) => SimSwarm.OverSeeds(
        3,
        seed => new SimSwarm(seed, pieces: 60, blocksPerPiece: 4),
        swarm =>
        {
            SimPeer seed = swarm.AddSeed(new SimPeerOptions { Uplink = new DataRate(before) });
            SimPeer leecher = swarm.AddLeecher();
            swarm.RunUntil(() => leecher.Machine.Have.Count > 20, TimeSpan.FromMinutes(1), "some pieces");
            seed.Host.Uplink = new DataRate(after);
            swarm.RunUntilSeeding(TimeSpan.FromSeconds(swarm.Content.Bytes.Length / (double)after), leecher);
            Assert.InRange(leecher.Machine.Snapshot(swarm.Clock.Now).Wasted.Bytes / Limits.BlockLength, 0, 8);
        });

    [Fact]
    public void A_seed_with_a_short_queue_that_it_does_not_announce_is_fully_used() => SimSwarm.OverSeeds(
        5,
        seed => new SimSwarm(seed, pieces: 200, blocksPerPiece: 4),
        swarm =>
        {
            ShortQueueSeed seed = new(swarm, swarm.NewHost(), queue: 32);
            seed.Host.Uplink = DataRate.FromMiB(1);
            SimPeer leecher = swarm.AddLeecher();
            swarm.RunUntilSeeding(TimeSpan.FromSeconds(12.5 * 1.25), leecher);
            Assert.InRange(seed.Rejected, 1, 400);
        });

    [Fact]
    public void Peers_that_never_answer_do_not_hold_anything_up_for_long() => SimSwarm.OverSeeds(5, swarm =>
    {
        for (int i = 0; i < 10; i++)
            _ = new StallingSeed(swarm, swarm.NewHost());
        swarm.AddSeed(new SimPeerOptions { Uplink = new DataRate(150_000) });
        SimPeer leecher = swarm.AddLeecher();

        // The line takes ten seconds; what the others were asked for first is downloaded in endgame, before their requests time out.
        swarm.RunUntilSeeding(TimeSpan.FromSeconds(15), leecher);
    });

    [Fact]
    public void A_start_soon_after_a_stop_connects_to_the_same_peers_at_once() => SimSwarm.OverSeeds(5, swarm =>
    {
        swarm.AddSeed(new SimPeerOptions { Uplink = new DataRate(150_000) });
        SimPeer leecher = swarm.AddLeecher();
        swarm.RunUntil(() => leecher.Machine.Have.Count > 4, TimeSpan.FromMinutes(1), "some pieces");
        leecher.Pause();
        swarm.Run(TimeSpan.FromSeconds(1));
        leecher.Resume();
        swarm.RunUntil(() => leecher.Machine.Snapshot(swarm.Clock.Now).Peers == 1, TimeSpan.FromSeconds(1), "a connection");
    });

    [Fact]
    public void A_slow_suspect_does_not_hold_up_the_end() => SimSwarm.OverSeeds(
        5,
        seed => new SimSwarm(seed, pieces: 30, blocksPerPiece: 16),
        swarm =>
        {
            // One peer lies now and then; a slow honest one shares its pieces, and then gets some of its own.
            _ = new CorruptSeed(swarm, swarm.NewHost(), share: 0.2);
            swarm.AddSeed(new SimPeerOptions { Uplink = new DataRate(3_000) });
            swarm.AddSeed(new SimPeerOptions { Uplink = new DataRate(1_000_000) });
            SimPeer leecher = swarm.AddLeecher();

            // Everything takes 8 s on the fast line, and a single piece takes 80 s on the slow one.
            swarm.RunUntilSeeding(TimeSpan.FromSeconds(40), leecher);
        });
}
