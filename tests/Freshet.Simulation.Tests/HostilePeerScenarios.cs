using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

using Freshet.Simulation.Parts;

namespace Freshet.Simulation.Tests;

public class HostilePeerScenarios
{
    private static readonly SimPeerOptions Slow = new() { Uplink = new DataRate(150_000) };

    [Fact]
    public void Only_a_peer_that_sends_nothing_but_bad_blocks_is_banned() => SimSwarm.OverSeeds(5, swarm =>
    {
        CorruptSeed corrupt = new(swarm, swarm.NewHost());
        swarm.AddSeed(Slow);
        swarm.AddSeed(Slow);
        SimPeer leecher = swarm.AddLeecher();
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(3), leecher);
        Assert.Equal([corrupt.Host.Address], leecher.Banned);
    });

    [Fact]
    public void A_peer_with_a_few_bad_blocks_spoils_nothing_and_costs_no_honest_peer_its_place() => SimSwarm.OverSeeds(5, swarm =>
    {
        CorruptSeed corrupt = new(swarm, swarm.NewHost(), share: 0.1);
        swarm.AddSeed(Slow);
        swarm.AddSeed(Slow);
        SimPeer[] leechers = [swarm.AddLeecher(Slow), swarm.AddLeecher(Slow)];
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(5), leechers);
        Assert.All(leechers, leecher => Assert.All(leecher.Banned, banned => Assert.Equal(corrupt.Host.Address, banned)));

        // Each piece that failed is good in the end, and shows who spoiled it.
        Assert.All(leechers, leecher => Assert.Equal(leecher.Facts.Any(fact => fact is TorrentFact.PieceFailed), leecher.Banned.Any()));
    });

    [Fact]
    public void Only_a_peer_that_lies_where_others_might_be_blamed_is_banned() => SimSwarm.OverSeeds(
        10,
        seed => new SimSwarm(seed, pieces: 12, blocksPerPiece: 16),
        swarm =>
        {
            SlySeed sly = new(swarm, swarm.NewHost());
            swarm.AddSeed(Slow);
            swarm.AddSeed(Slow);
            swarm.AddSeed(Slow);
            SimPeer leecher = swarm.AddLeecher();
            swarm.RunUntilSeeding(TimeSpan.FromMinutes(5), leecher);
            Assert.NotEqual(0, sly.Lies);
            Assert.Equal([sly.Host.Address], leecher.Banned);
        });

    [Fact]
    public void Blocks_of_a_peer_that_stalls_are_downloaded_from_others() => SimSwarm.OverSeeds(5, swarm =>
    {
        StallingSeed stalling = new(swarm, swarm.NewHost(), after: 10);
        swarm.AddSeed(new SimPeerOptions { Uplink = new DataRate(60_000) });
        SimPeer leecher = swarm.AddLeecher();

        // One line of 60 kB/s takes 26 s for everything.
        swarm.RunUntilSeeding(TimeSpan.FromSeconds(90), leecher);
        Assert.InRange(stalling.Requests, 11, 100);
        Assert.Empty(leecher.Banned);
    });

    [Fact]
    public void Endgame_finishes_when_one_peer_stalls() => SimSwarm.OverSeeds(10, swarm =>
    {
        StallingSeed stalling = new(swarm, swarm.NewHost(), after: 20);
        swarm.AddSeed();
        SimPeer leecher = swarm.AddLeecher();

        // Before any request to the stalled peer times out.
        swarm.RunUntilSeeding(TimeSpan.FromSeconds(8), leecher);
        Assert.True(stalling.Requests > 20, "the peer was asked for more than it sent");
    });

    [Fact]
    public void A_peer_that_rejects_everything_is_passed_over() => SimSwarm.OverSeeds(5, swarm =>
    {
        LiarSeed liar = new(swarm, swarm.NewHost());
        swarm.AddSeed(Slow);
        SimPeer leecher = swarm.AddLeecher();
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(2), leecher);
        Assert.InRange(liar.Requests, 1, 2_000);
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_peer_that_chokes_and_unchokes_without_end_is_still_used(bool isFast) => SimSwarm.OverSeeds(5, swarm =>
    {
        FlappingSeed flapping = new(swarm, swarm.NewHost(), isFast);
        flapping.Host.Uplink = new DataRate(400_000);
        SimPeer leecher = swarm.AddLeecher();

        // The line takes four seconds for everything, and is unused half of the time. Without rejects nobody knows which requests arrived
        // before a choke: half of the blocks may come twice.
        swarm.RunUntilSeeding(TimeSpan.FromSeconds(30), leecher);
        Assert.InRange(leecher.Machine.Snapshot(swarm.Clock.Now).Wasted.Bytes / Core.Limits.BlockLength, 0, isFast ? 10 : 48);
    });

    [Fact]
    public void Unrequested_blocks_are_discarded_and_a_peer_that_sends_many_is_dropped() => SimSwarm.OverSeeds(5, swarm =>
    {
        SpammingSeed spamming = new(swarm, swarm.NewHost());
        swarm.AddSeed(Slow);
        SimPeer leecher = swarm.AddLeecher();
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(2), leecher);
        Assert.Contains(
            leecher.Facts.OfType<TorrentFact.PeerDisconnected>(),
            fact => fact.Peer.Equals(spamming.Host.Address) && fact.Reason == DisconnectReason.ProtocolViolation);
        Assert.DoesNotContain(leecher.Facts, fact => fact is TorrentFact.PieceFailed);
    });

    [Fact]
    public void A_peer_that_quits_in_the_middle_of_a_block_costs_only_that_block() => SimSwarm.OverSeeds(5, swarm =>
    {
        QuittingSeed quitting = new(swarm, swarm.NewHost());
        swarm.AddSeed(Slow);
        SimPeer leecher = swarm.AddLeecher();
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(2), leecher);
        Assert.InRange(quitting.TimesDialled, 1, 20);

        // The block that it began is requested again from the other peer; nothing else is, and nobody is blamed.
        Assert.Equal(swarm.Content.Bytes.Length, leecher.Downloaded - leecher.Machine.Snapshot(swarm.Clock.Now).Wasted.Bytes);
        Assert.InRange(
            leecher.Machine.Snapshot(swarm.Clock.Now).Wasted.Bytes / Core.Limits.BlockLength, 0, 2 * PieceLimits.MinEndgameRequests);
        Assert.Empty(leecher.Banned);
    });

    [Fact]
    public void A_peer_that_sends_garbage_costs_one_connection() => SimSwarm.OverSeeds(5, swarm =>
    {
        BabblingSeed[] babbling = [.. Enumerable.Range(0, 5).Select(_ => new BabblingSeed(swarm, swarm.NewHost()))];
        swarm.AddSeed(Slow);
        SimPeer leecher = swarm.AddLeecher();
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(2), leecher);

        // One by the seed and one by the leecher.
        Assert.All(babbling, peer => Assert.Equal(2, peer.TimesDialled));
        Assert.All(babbling, peer => Assert.Contains(
            leecher.Facts.OfType<TorrentFact.PeerDisconnected>(),
            fact => fact.Peer.Equals(peer.Host.Address) && fact.Reason == DisconnectReason.ProtocolViolation));
    });

    [Fact]
    public void All_of_them_together_do_not_keep_honest_peers_from_finishing() => SimSwarm.OverSeeds(5, swarm =>
    {
        CorruptSeed corrupt = new(swarm, swarm.NewHost());
        CorruptSeed sometimes = new(swarm, swarm.NewHost(), share: 0.3);
        _ = new StallingSeed(swarm, swarm.NewHost(), after: 3);
        _ = new LiarSeed(swarm, swarm.NewHost());
        _ = new FlappingSeed(swarm, swarm.NewHost());
        _ = new SpammingSeed(swarm, swarm.NewHost());
        _ = new QuittingSeed(swarm, swarm.NewHost());
        _ = new BabblingSeed(swarm, swarm.NewHost());
        swarm.AddSeed(Slow);
        SimPeer[] leechers = [.. Enumerable.Range(0, 4).Select(_ => swarm.AddLeecher(Slow))];
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(10), leechers);
        Assert.All(
            leechers,
            leecher => Assert.All(
                leecher.Banned, banned => Assert.True(banned.Equals(corrupt.Host.Address) || banned.Equals(sometimes.Host.Address))));
    });
}
