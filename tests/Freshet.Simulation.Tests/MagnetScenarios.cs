using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Core.Torrents.Exchange;
using Freshet.Core.Wire.Extensions;
using Freshet.Simulation.Parts;

namespace Freshet.Simulation.Tests;

/// <summary>Peers that start with only an info-hash, among some that lie about the metadata.</summary>
public class MagnetScenarios
{
    private static readonly SimPeerOptions Speaking = new() { HasExchange = true };

    [Fact]
    public void Metadata_comes_from_seeds_among_liars_of_every_kind() => SimSwarm.OverSeeds(8, Create, swarm =>
    {
        byte[] info = swarm.Content.Metainfo.InfoBytes.ToArray();
        byte[] garbage = new byte[info.Length + 40_000];
        swarm.NewRandom().NextBytes(garbage);
        byte[] other = garbage[..info.Length];
        _ = new MetadataLiar(swarm, swarm.NewHost(), info.Length, static _ => null);
        _ = new MetadataLiar(swarm, swarm.NewHost(), ExchangeLimits.MaxMetadataLength, static _ => null);
        _ = new MetadataLiar(swarm, swarm.NewHost(), garbage.Length, piece => MetadataMessage.Data(piece, garbage));
        _ = new MetadataLiar(swarm, swarm.NewHost(), info.Length, piece => MetadataMessage.Data(piece, other));
        _ = new MetadataLiar(swarm, swarm.NewHost(), info.Length, piece => MetadataMessage.Data(piece, piece == 1 ? other : info));
        _ = new MetadataLiar(swarm, swarm.NewHost(), info.Length, MetadataMessage.Reject);
        SimPeer[] honest = [swarm.AddSeed(Speaking), swarm.AddSeed(Speaking)];
        SimPeer magnet = swarm.AddLeecher(Speaking with { IsMagnet = true });
        swarm.RunUntil(() => magnet.Machine.HasContent, TimeSpan.FromMinutes(2), "the metadata to be there");
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(5), magnet);

        // The lies cost only those who tell them.
        Assert.NotEmpty(magnet.Banned);
        Assert.DoesNotContain(magnet.Banned, banned => honest.Any(seed => seed.Host.Address.Equals(banned)));
        Assert.All(honest, seed => Assert.Empty(seed.Banned));
    });

    [Fact]
    public void Metadata_and_addresses_go_from_magnet_to_magnet() => SimSwarm.OverSeeds(8, Create, swarm =>
    {
        SimPeer seed = swarm.AddSeed(Speaking);
        SimPeer[] magnets = [.. Enumerable.Range(0, 6).Select(_ => swarm.AddLeecher(Speaking with { IsMagnet = true }))];
        swarm.RunUntilSeeding(TimeSpan.FromMinutes(5), magnets);
        Assert.True(seed.IsSeeding);
        Assert.All(magnets, magnet => Assert.Equal(TorrentState.Seeding, magnet.Machine.Phase.State));
    });

    // The rules of every scenario ensure that nobody uses what its first handshake did not offer. The transfer is so slow here that
    // addresses are exchanged long before it ends.
    [Fact]
    public void After_the_metadata_a_magnet_exchanges_addresses_over_old_connections() => SimSwarm.OverSeeds(4, Create, swarm =>
    {
        SimPeer seed = swarm.AddSeed(Speaking with { Uplink = new DataRate(32 * 1024) });
        SimPeer[] magnets = [.. Enumerable.Range(0, 3).Select(_ => swarm.AddLeecher(Speaking with { IsMagnet = true }))];
        swarm.RunUntil(() => magnets.All(magnet => magnet.Machine.HasContent), TimeSpan.FromMinutes(2), "the metadata to be there");
        swarm.Run(TimeSpan.FromSeconds(15));
        Assert.True(seed.IsSeeding);
        Assert.All(magnets, magnet => Assert.False(magnet.IsSeeding));
        Assert.All(magnets, magnet => Assert.Contains("ut_pex", magnet.UsedExtensions));
    });

    private static SimSwarm Create(int seed) => new(seed, metadataLength: 100_000);
}
