using Freshet.Core.Torrents;
using Freshet.Core.Wire;
using Freshet.Simulation.Parts;

namespace Freshet.Simulation.Tests;

/// <summary>
/// Many connections from one machine, or from a few, that are there to obstruct. After each event no network has more connections than its
/// share of the torrent and of the session.
/// </summary>
public class CrowdScenarios
{
    // Without a crowd the download takes half a second plus the time to connect.
    private static readonly TimeSpan HardlyLonger = TimeSpan.FromSeconds(5);

    // The share of one network is smaller than that of the torrent.
    private static readonly SimPeerOptions SmallSession = new()
    {
        Settings = new TorrentSettings { MaxPeers = 100 },
        Limits = new() { Connections = 45, IncomingBeyond = 5, Dials = 5 },
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_crowd_at_one_address_does_not_keep_an_honest_peer_from_a_seed(bool isInterested) => SimSwarm.OverSeeds(5, swarm =>
    {
        SimPeer seed = swarm.AddSeed();
        Crowd crowd = new(swarm, swarm.NewHost(), seed.Host.Address, 300, Says(isInterested));
        swarm.Run(TimeSpan.FromSeconds(20));
        SimPeer leecher = swarm.AddLeecher();
        swarm.RunUntilSeeding(HardlyLonger, leecher);
        Assert.NotEqual(0, crowd.TimesIn);
        crowd.IsThere = false;
    });

    [Fact]
    public void A_crowd_at_many_addresses_in_one_network_does_not_keep_an_honest_peer_from_a_seed() => SimSwarm.OverSeeds(5, swarm =>
    {
        SimPeer seed = swarm.AddSeed();
        Crowd[] crowds = [.. swarm.NewNetwork(60)
            .Select(host => new Crowd(swarm, host, seed.Host.Address, 5, Says(isInterested: true)))];
        swarm.Run(TimeSpan.FromSeconds(20));
        SimPeer leecher = swarm.AddLeecher();
        swarm.RunUntilSeeding(HardlyLonger, leecher);
        Array.ForEach(crowds, static crowd => crowd.IsThere = false);
    });

    [Fact]
    public void Peers_at_many_addresses_that_never_request_hold_no_slots() => SimSwarm.OverSeeds(5, swarm =>
    {
        SimPeer seed = swarm.AddSeed();
        Crowd[] idlers = [.. Enumerable.Range(0, 60)
            .Select(_ => new Crowd(swarm, swarm.NewHost(), seed.Host.Address, 1, Says(isInterested: true)))];
        swarm.Run(TimeSpan.FromSeconds(20));
        SimPeer leecher = swarm.AddLeecher();
        swarm.RunUntilSeeding(HardlyLonger, leecher);
        Array.ForEach(idlers, static idler => idler.IsThere = false);
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_crowd_at_one_address_does_not_starve_a_leecher(bool claimsAll) => SimSwarm.OverSeeds(5, swarm =>
    {
        SimPeer leecher = swarm.AddLeecher();
        Crowd crowd = new(swarm, swarm.NewHost(), leecher.Host.Address, 300, claimsAll ? [PeerMessage.HaveAll] : Says(isInterested: true));
        swarm.Run(TimeSpan.FromSeconds(20));
        SimPeer seed = swarm.AddSeed();

        // Either of the two may dial the other.
        swarm.RunUntilSeeding(TimeSpan.FromSeconds(40), leecher);
        Assert.True(seed.IsSeeding);
        crowd.IsThere = false;
    });

    [Fact]
    public void A_full_session_admits_a_peer_that_requests_something() => SimSwarm.OverSeeds(5, swarm =>
    {
        SimPeer seed = swarm.AddSeed(SmallSession);
        Crowd[] crowds = [.. Enumerable.Range(0, 10)
            .Select(_ => new Crowd(swarm, swarm.NewHost(), seed.Host.Address, 20, Says(isInterested: false)))];
        swarm.Run(TimeSpan.FromSeconds(20));
        Assert.InRange(seed.Machine.Snapshot(swarm.Clock.Now).Peers, 40, 50);
        SimPeer leecher = swarm.AddLeecher();
        swarm.RunUntilSeeding(TimeSpan.FromSeconds(30), leecher);
        Array.ForEach(crowds, static crowd => crowd.IsThere = false);
    });

    [Fact]
    public void One_address_does_not_fill_a_small_session() => SimSwarm.OverSeeds(5, swarm =>
    {
        SimPeer seed = swarm.AddSeed(SmallSession);
        Crowd crowd = new(swarm, swarm.NewHost(), seed.Host.Address, 40, Says(isInterested: true));
        swarm.Run(TimeSpan.FromSeconds(20));
        Assert.InRange(seed.Machine.Snapshot(swarm.Clock.Now).Peers, 1, 45 / 4);
        SimPeer leecher = swarm.AddLeecher();
        swarm.RunUntilSeeding(HardlyLonger, leecher);
        crowd.IsThere = false;
    });

    private static PeerMessage[] Says(bool isInterested) =>
        isInterested ? [PeerMessage.HaveNone, PeerMessage.Interested] : [PeerMessage.HaveNone];
}
