using System.Net;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;
using Freshet.Simulation.Parts;

namespace Freshet.Simulation.Tests;

/// <summary>Large swarms, some of whose members leave in the middle or are there to obstruct.</summary>
public class CitizenScenarios
{
    private static readonly SimPeerOptions Citizen = new()
    {
        HasExchange = true,
        Uplink = new DataRate(128 * 1024),
        Settings = new TorrentSettings { MaxPeers = 150 },
    };

    [Fact]
    public void Peers_that_stay_finish_even_if_half_leave_in_the_middle() => OverSeeds(4, 48, swarm =>
    {
        SimPeer seed = swarm.AddSeed(Citizen);
        SimPeer[] leechers = Add(swarm, 20, Citizen);
        int half = swarm.Content.Layout.PieceCount / 2;
        swarm.RunUntil(
            () => leechers.Average(peer => peer.Machine.Have.Count) >= half, TimeSpan.FromMinutes(10),
            "half of the torrent to be complete");
        foreach (SimPeer gone in leechers[..10])
            gone.Kill();
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(5), leechers[10..]);
        Assert.True(seed.IsSeeding);
        Assert.All(leechers[10..], peer => Assert.Empty(peer.Banned));
    });

    [Fact]
    public void Floods_of_requests_cost_only_those_who_make_them() => OverSeeds(4, 24, swarm =>
    {
        SimPeer seed = swarm.AddSeed(Citizen);
        FloodingPeer[] floods = [.. Enumerable.Range(0, 5).Select(_ => new FloodingPeer(swarm, swarm.NewHost(), seed.Host.Address))];
        swarm.Run(TimeSpan.FromSeconds(5));
        SimPeer leecher = swarm.AddLeecher(Citizen);

        // They are banned within half a minute. If the first connection does not succeed before that, it tries again a minute later.
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(3), leecher);
        Assert.All(floods, flood => Assert.True(flood.Requests > 5_000));
        Assert.Equal(floods.Length, seed.Banned.Count());
    });

    [Fact]
    public void Poisoned_peer_exchange_keeps_nobody_out_of_the_swarm() => OverSeeds(4, 24, swarm =>
    {
        for (int i = 0; i < 8; i++)
            _ = new MetadataLiar(swarm, swarm.NewHost(), 100, MetadataMessage.Reject);
        swarm.AddSeed(Citizen);
        SimPeer[] leechers = Add(swarm, 6, Citizen);
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(5), leechers);
        Assert.All(leechers, peer => Assert.Empty(peer.Banned));

        // Each of the eight sends fifty addresses a minute to each of the seven.
        Assert.InRange(swarm.Network.DialsInVain, 0, 7 * Core.Peers.PeerLimits.MaxTold);
    });

    [Fact]
    public void Sybils_in_one_block_of_addresses_do_not_keep_an_honest_peer_from_a_seed() => OverSeeds(3, 24, swarm =>
    {
        SimPeer seed = swarm.AddSeed(Citizen);
        Crowd[] sybils = [.. Enumerable.Range(1, 250).Select(i => new Crowd(
            swarm,
            new SimHost(new IPEndPoint(new IPAddress([10, 200, 0, (byte)i]), 6881)),
            seed.Host.Address,
            1,
            PeerMessage.HaveNone,
            PeerMessage.Interested))];
        swarm.Run(TimeSpan.FromSeconds(20));
        SimPeer leecher = swarm.AddLeecher(Citizen);
        double alone = swarm.Content.Bytes.Length / (double)Citizen.Uplink.BytesPerSecond;
        swarm.RunUntilSeeding(TimeSpan.FromSeconds((2 * alone) + 10), leecher);
        Assert.True(sybils.Sum(sybil => sybil.TimesIn) > 100);
        Array.ForEach(sybils, static sybil => sybil.IsThere = false);
    });

    private static SimPeer[] Add(SimSwarm swarm, int count, SimPeerOptions options) =>
        [.. Enumerable.Range(0, count).Select(_ => swarm.AddLeecher(options))];

    private static void OverSeeds(int count, int pieces, Action<SimSwarm> scenario) =>
        SimSwarm.OverSeeds(count, seed => new SimSwarm(seed, pieces, blocksPerPiece: 4), scenario);
}
