using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Simulation.Tests;

/// <summary>
/// The engine's own files and records on a disk whose power is cut at random moments, even in the middle of a call. After each event every
/// piece that is believed to be good is compared with the original.
/// </summary>
public class PowerScenarios
{
    private static readonly SimPeerOptions Slow = new() { Uplink = new DataRate(150_000), BetweenCheckpoints = TimeSpan.FromSeconds(1) };

    [Fact]
    public void Power_cuts_at_random_moments_lose_nothing_recorded_and_nothing_wrong_is_believed() => SimSwarm.OverSeeds(
        15,
        seed => new SimSwarm(seed, files: Files(seed)),
        swarm =>
        {
            Random random = swarm.NewRandom();
            swarm.AddSeed(Slow);
            SimPeer leecher = swarm.AddLeecher(Slow);
            leecher.Disk.Latency = TimeSpan.FromMilliseconds(random.Next(1, 30));
            for (int i = 0; i < 12; i++)
            {
                swarm.Run(TimeSpan.FromSeconds(random.NextDouble() * 4));
                Die(swarm, leecher, random);
                Bitfield recorded = leecher.Disk.Files.LastRecorded;
                leecher.Restart();
                AssertHas(leecher, recorded);
            }

            swarm.RunUntilSeeding(TimeSpan.FromMinutes(5), leecher);
        });

    [Fact]
    public void What_a_failed_flush_gave_up_is_not_believed_after_a_power_cut() => SimSwarm.OverSeeds(
        15,
        seed => new SimSwarm(seed, files: Files(seed)),
        swarm =>
        {
            Random random = swarm.NewRandom();
            swarm.AddSeed(Slow);
            SimPeer leecher = swarm.AddLeecher(Slow);
            for (int i = 0; i < 8; i++)
            {
                swarm.Run(TimeSpan.FromSeconds(random.NextDouble() * 2));
                leecher.Disk.Files.CannotFlush = true;
                swarm.Run(TimeSpan.FromSeconds(random.NextDouble() * 3));
                leecher.Disk.Files.CannotFlush = false;
                swarm.Run(TimeSpan.FromSeconds(random.NextDouble() * 3));
                // A process that is killed takes with it what it knew about the flush; the system shows its successor what it has given up.
                leecher.Kill(powerFails: true);
                leecher.Restart();
            }

            swarm.RunUntilSeeding(TimeSpan.FromMinutes(5), leecher);
        });

    [Fact]
    public void While_nothing_can_be_recorded_the_last_record_stands_and_afterwards_everything_is_recorded() => SimSwarm.OverSeeds(
        8,
        seed => new SimSwarm(seed, files: Files(seed)),
        swarm =>
        {
            Random random = swarm.NewRandom();
            swarm.AddSeed(Slow);
            SimPeer leecher = swarm.AddLeecher(Slow);
            for (int i = 0; i < 6; i++)
            {
                swarm.Run(TimeSpan.FromSeconds(random.NextDouble() * 2));
                leecher.Disk.Files.CannotRecord = true;
                swarm.Run(TimeSpan.FromSeconds(random.NextDouble() * 3));
                if (i % 2 == 0)
                    Die(swarm, leecher, random);
                leecher.Disk.Files.CannotRecord = false;
                if (!leecher.IsRunning)
                {
                    Bitfield recorded = leecher.Disk.Files.LastRecorded;
                    leecher.Restart();
                    AssertHas(leecher, recorded);
                    continue;
                }

                Bitfield have = leecher.Machine.Have.Clone();
                swarm.RunUntil(
                    () => have.FirstNotIn(leecher.Disk.Files.LastRecorded, default) is null,
                    TimeSpan.FromSeconds(5),
                    "what was downloaded meanwhile to be recorded");
            }

            swarm.RunUntilSeeding(TimeSpan.FromMinutes(5), leecher);
        });

    [Fact]
    public void Flushes_that_lie_lose_nothing_while_the_power_stays_on() => SimSwarm.OverSeeds(
        8,
        seed => new SimSwarm(seed, files: Files(seed)),
        swarm =>
        {
            Random random = swarm.NewRandom();
            swarm.AddSeed(Slow);
            SimPeer leecher = swarm.AddLeecher(Slow);
            for (int i = 0; i < 8; i++)
            {
                LieForAWhile(swarm, leecher, random);
                leecher.Kill();
                Bitfield recorded = leecher.Disk.Files.LastRecorded;
                leecher.Restart();
                AssertHas(leecher, recorded);
            }

            swarm.RunUntilSeeding(TimeSpan.FromMinutes(5), leecher);
        });

    [Fact]
    public void After_flushes_that_lied_and_a_power_cut_a_check_leaves_nothing_wrong_believed()
    {
        int runs = 0;
        int believedFalsely = 0;
        SimSwarm.OverSeeds(
            15,
            seed => new SimSwarm(seed, files: Files(seed)),
            swarm =>
            {
                runs++;
                Random random = swarm.NewRandom();
                swarm.AddSeed(Slow);
                SimPeer leecher = swarm.AddLeecher(Slow);
                for (int i = 0; i < 6; i++)
                {
                    LieForAWhile(swarm, leecher, random);
                    Die(swarm, leecher, random);

                    // It starts, whatever is left. What it believes before a check is not promised.
                    leecher.Restart();
                    believedFalsely += CountWrong(swarm, leecher);
                    swarm.Run(TimeSpan.FromSeconds(random.NextDouble()));
                    leecher.Kill();
                    leecher.StartByChecking();
                }

                swarm.RunUntilSeeding(TimeSpan.FromMinutes(5), leecher);
            });
        Assert.True(believedFalsely > 0 || runs == 1, "The lies did no harm, so nothing was tested.");
    }

    [Fact]
    public void A_file_that_was_swapped_while_the_session_was_off_is_checked_and_downloaded_again() => SimSwarm.OverSeeds(
        5,
        seed => new SimSwarm(seed, files: Files(seed)),
        swarm =>
        {
            swarm.AddSeed();
            SimPeer leecher = swarm.AddLeecher();
            swarm.RunUntilSeeding(TimeSpan.FromSeconds(30), leecher);
            leecher.Stop();
            swarm.Run(TimeSpan.FromSeconds(30));
            byte[] content = [.. swarm.Content.Bytes];
            content[^1] ^= 1;
            content[0] ^= 1;
            leecher.Disk.Files.Put(content);
            leecher.Restart();
            Assert.Equal(0, leecher.Machine.Have.Count);
            swarm.RunUntilSeeding(TimeSpan.FromMinutes(1), leecher);
        });

    private static void LieForAWhile(SimSwarm swarm, SimPeer peer, Random random)
    {
        swarm.Run(TimeSpan.FromSeconds(random.NextDouble() * 2));
        peer.Disk.Files.FlushesLie = true;
        swarm.Run(TimeSpan.FromSeconds(random.NextDouble() * 3));
        peer.Disk.Files.FlushesLie = false;
        swarm.Run(TimeSpan.FromSeconds(random.NextDouble() * 2));
    }

    private static void AssertHas(SimPeer peer, Bitfield recorded) => Assert.All(
        Enumerable.Range(0, recorded.Length).Select(i => new PieceIndex(i)),
        piece => Assert.True(peer.Machine.Have[piece] || !recorded[piece], $"piece {piece} was recorded but is missing"));

    private static int CountWrong(SimSwarm swarm, SimPeer peer) =>
        Enumerable.Range(0, swarm.Content.Layout.PieceCount)
            .Select(i => new PieceIndex(i))
            .Count(piece => peer.Machine.Have[piece] && !swarm.Content.HasHash(piece, peer.Disk.Files.Peek(piece)));

    // By a power cut, in the middle of what the disk does next or at this moment; or by being killed.
    private static void Die(SimSwarm swarm, SimPeer leecher, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                leecher.Kill();
                break;
            case 1:
                leecher.Kill(powerFails: true);
                break;
            default:
                leecher.Disk.CutPowerAfter(random.Next(1, 60));
                swarm.Clock.RunUntil(() => !leecher.IsRunning, TimeSpan.FromSeconds(3));
                if (leecher.IsRunning)
                    leecher.Kill(powerFails: true);
                break;
        }
    }

    private static System.Collections.Immutable.ImmutableArray<long> Files(int seed) =>
        (seed % 3) switch
        {
            0 => [1_500_000],
            1 => [400_000, 0, 700_001, 65_536, 300_000],
            _ => [1, 500_000, 900_000],
        };
}
