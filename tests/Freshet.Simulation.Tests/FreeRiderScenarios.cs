using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Simulation.Tests;

/// <summary>
/// What a peer gets that passes nothing on. As long as those who give want all that there is, it is far behind them; what nobody else wants
/// is its own, so that it finishes soon after the last of them.
/// </summary>
public class FreeRiderScenarios(ITestOutputHelper output)
{
    private const int Seeds = 6;

    private static readonly SimPeerOptions Giver = new()
    {
        HasExchange = true,
        Uplink = new DataRate(128 * 1024),
        Settings = new TorrentSettings { MaxPeers = 150 },
    };

    private static readonly SimPeerOptions FreeRider = Giver with { Settings = Giver.Settings with { UploadSlots = 0 } };
    private static readonly DataRate OfSeeds = new(4 * Giver.Uplink.BytesPerSecond);

    /// <summary>
    /// The numbers of seeds, of givers and of free-riders, and the most that the latter may have, as a part of what the givers have, on
    /// average over several random seeds. A seed alone gives out the only copy and sees who passes it on; several tell nobody apart. In the
    /// smallest swarm the seeds, which serve all alike, have nearly half of the capacity: that alone makes 0.4.
    /// </summary>
    public static TheoryData<int, int, int, double> Swarms => new() { { 1, 10, 3, 0.35 }, { 3, 10, 3, 0.45 }, { 2, 5, 1, 0.65 } };

    [Theory]
    [MemberData(nameof(Swarms))]
    public void Free_riders_are_far_behind_until_the_givers_are_done(int seeds, int giverCount, int freeRiderCount, double most)
    {
        List<double> parts = [];
        SimSwarm.OverSeeds(
            Seeds,
            static seed => new SimSwarm(seed, pieces: 128, blocksPerPiece: 8),
            swarm =>
            {
                for (int i = 0; i < seeds; i++)
                    swarm.AddSeed(Giver with { Uplink = new DataRate(OfSeeds.BytesPerSecond / seeds) });
                SimPeer[] givers = Add(swarm, giverCount, Giver);
                SimPeer[] freeRiders = Add(swarm, freeRiderCount, FreeRider);

                // What it takes if the givers use all that there is, and free-riders get nothing.
                long capacity = OfSeeds.BytesPerSecond + (giverCount * Giver.Uplink.BytesPerSecond);
                TimeSpan ideal = TimeSpan.FromSeconds((double)giverCount * swarm.Content.Bytes.Length / capacity);
                swarm.RunUntil(
                    () => givers.Count(static peer => peer.IsSeeding) >= giverCount / 2, 2 * ideal, "half of the givers to be done");
                parts.Add(freeRiders.Average(PiecesOf) / givers.Average(PiecesOf));
                swarm.RunUntilSeeding(ideal, givers);
                Assert.DoesNotContain(freeRiders, static peer => peer.IsSeeding);
                swarm.RunUntilSeeding(ideal, freeRiders);
            });
        output.WriteLine(string.Join(' ', parts.Select(static part => $"{part:0.00}")));
        Assert.InRange(parts.Average(), 0.01, most);
    }

    private static int PiecesOf(SimPeer peer) => peer.Machine.Have.Count;

    private static SimPeer[] Add(SimSwarm swarm, int count, SimPeerOptions options) =>
        [.. Enumerable.Range(0, count).Select(_ => swarm.AddLeecher(options))];
}
