using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Simulation.Tests;

/// <summary>
/// How a seed gives out what nobody else has. Its line is slow and those of the leechers are faster, so a copy cannot be complete among
/// them before the seed has sent one: that time is the ideal.
/// </summary>
public class SeedingScenarios(ITestOutputHelper output)
{
    private static readonly SimPeerOptions Slow = new()
    {
        HasExchange = true,
        Uplink = new DataRate(256 * 1024),
        Settings = new TorrentSettings { MaxPeers = 150 },
    };
    private static readonly SimPeerOptions Fast = Slow with { Uplink = new DataRate(8 * Slow.Uplink.BytesPerSecond) };

    // No copy can be everywhere sooner than the seed has sent one: the mean over several random seeds, and each of them.
    private const double MostTime = 1.12;
    private const double MostTimeOfOne = 1.2;
    private const double MostCopies = 1.1;

    /// <summary>The numbers of leechers and of random seeds.</summary>
    public static TheoryData<int, int> Crowds => new() { { 8, 4 }, { 20, 7 }, { 100, 4 } };

    [Theory]
    [MemberData(nameof(Crowds))]
    public void A_slow_seed_feeds_many_in_little_more_than_the_time_of_one_copy(int count, int seeds)
    {
        List<double> times = [];
        OverSeeds(
            seeds,
            pieces: 64,
            swarm =>
            {
                SimPeer seed = swarm.AddSeed(Slow);
                SimPeer[] leechers = Add(swarm, count, Fast);
                Timestamp began = swarm.Clock.Now;
                TimeSpan ideal = TimeOfOneCopy(swarm);
                int next = 0;
                swarm.RunUntil(
                    () => HaveCopy(leechers, swarm.Content.Layout.PieceCount, ref next), MostTime * ideal,
                    "the leechers to have everything between them");
                Assert.InRange(CopiesSentBy(seed, swarm), 0.95, MostCopies);
                swarm.RunUntilSeeding((MostTimeOfOne * ideal) - (swarm.Clock.Now - began), leechers);
                times.Add((swarm.Clock.Now - began) / ideal);
            });
        output.WriteLine(string.Join(' ', times.Select(static time => $"{time:0.000}")));
        Assert.InRange(times.Average(), 1, MostTime);
    }

    /// <summary>
    /// Giving out one copy first gains nothing if nobody passes it on. What is lost until that is known is no more than a moment, however
    /// fast the line is.
    /// </summary>
    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void Leechers_that_give_nothing_get_all_that_the_seed_can_send(int count) => SimSwarm.OverSeeds(
        2,
        static seed => new SimSwarm(seed, pieces: 8, blocksPerPiece: 64),
        swarm =>
        {
            SimPeerOptions fast = Fast with { Uplink = DataRate.FromMiB(64) };
            swarm.AddSeed(fast);
            SimPeer[] leechers = Add(swarm, count, Taking(fast));
            TimeSpan ideal = TimeSpan.FromSeconds(count * (double)swarm.Content.Bytes.Length / fast.Uplink.BytesPerSecond);
            swarm.RunUntilSeeding((1.1 * ideal) + TimeSpan.FromSeconds(1), leechers);
        });

    /// <summary>What only takers have is as good as nowhere: it is given once more, to those who pass it on.</summary>
    [Fact]
    public void Takers_do_not_hold_up_givers_at_a_slow_seed() => OverSeeds(
        3,
        pieces: 64,
        swarm =>
        {
            swarm.AddSeed(Slow);
            SimPeer[] givers = Add(swarm, 8, Fast);
            Add(swarm, 8, Taking(Fast));
            swarm.RunUntilSeeding(1.3 * TimeOfOneCopy(swarm), givers);
        });

    private static SimPeerOptions Taking(SimPeerOptions options) =>
        options with { Settings = options.Settings with { UploadSlots = 0 } };

    private static void OverSeeds(int count, int pieces, Action<SimSwarm> scenario) =>
        SimSwarm.OverSeeds(count, seed => new SimSwarm(seed, pieces, blocksPerPiece: 4), scenario);

    private static SimPeer[] Add(SimSwarm swarm, int count, SimPeerOptions options) =>
        [.. Enumerable.Range(0, count).Select(_ => swarm.AddLeecher(options))];

    private static TimeSpan TimeOfOneCopy(SimSwarm swarm) =>
        TimeSpan.FromSeconds(swarm.Content.Bytes.Length / (double)Slow.Uplink.BytesPerSecond);

    private static double CopiesSentBy(SimPeer seed, SimSwarm swarm) =>
        seed.Machine.Snapshot(swarm.Clock.Now).Uploaded.Bytes / (double)swarm.Content.Bytes.Length;

    // Nobody loses a piece, so the search for one that nobody has goes on from the last one found.
    private static bool HaveCopy(SimPeer[] peers, int pieces, ref int next)
    {
        while (next < pieces && HasAny(peers, new PieceIndex(next)))
            next++;
        return next == pieces;
    }

    private static bool HasAny(SimPeer[] peers, PieceIndex piece)
    {
        foreach (SimPeer peer in peers)
        {
            if (peer.Machine.Have[piece])
                return true;
        }

        return false;
    }
}
