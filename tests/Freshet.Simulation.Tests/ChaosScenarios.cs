using Freshet.Core.Rates;
using Freshet.Simulation.Parts;

namespace Freshet.Simulation.Tests;

public class ChaosScenarios
{
    [Fact]
    public void Whatever_happens_to_them_all_peers_have_everything_in_the_end() => SimSwarm.OverSeeds(
        8,
        seed => new SimSwarm(seed, pieces: 40, blocksPerPiece: 1 + (seed % 5)),
        swarm =>
        {
            Random random = swarm.NewRandom();
            SimPeer seed = swarm.AddSeed(RandomOptions(random));
            _ = new CorruptSeed(swarm, swarm.NewHost(), share: 0.05);
            _ = new QuittingSeed(swarm, swarm.NewHost());
            _ = new StallingSeed(swarm, swarm.NewHost(), after: 30);
            for (int i = 0; i < 4; i++)
                swarm.AddLeecher(RandomOptions(random));
            for (int i = 0; i < 40; i++)
            {
                Befall(swarm, swarm.Peers[random.Next(swarm.Peers.Count)], random);
                swarm.Run(TimeSpan.FromSeconds(random.NextDouble() * 4));
            }

            Calm(swarm);
            swarm.RunUntilSeeding(TimeSpan.FromMinutes(20), [.. swarm.Peers]);
            Assert.Empty(seed.Banned);
        });

    private static void Befall(SimSwarm swarm, SimPeer peer, Random random)
    {
        switch (random.Next(10))
        {
            case 0 when peer.IsRunning:
                peer.Kill(powerFails: random.Next(2) == 0);
                break;
            case 1 when peer.IsRunning:
                peer.Stop();
                break;
            case 2 or 3 when !peer.IsRunning:
                peer.Restart();
                break;
            case 4:
                peer.Disk.IsFull = !peer.Disk.IsFull;
                break;
            case 5:
                peer.Disk.CannotRead = !peer.Disk.CannotRead;
                break;
            case 6 when peer.Host.IsStalled:
                swarm.Network.Resume(peer.Host);
                break;
            case 6:
                peer.Host.IsStalled = true;
                break;
            case 7 when peer.IsPaused:
                peer.Resume();
                break;
            case 8 when peer.IsRunning && !peer.IsPaused:
                peer.Pause();
                break;
            default:
                swarm.Tracker.IsUp = !swarm.Tracker.IsUp;
                break;
        }
    }

    private static void Calm(SimSwarm swarm)
    {
        swarm.Tracker.IsUp = true;
        foreach (SimPeer peer in swarm.Peers)
        {
            peer.Disk.IsFull = false;
            peer.Disk.CannotRead = false;
            swarm.Network.Resume(peer.Host);
            if (!peer.IsRunning)
                peer.Restart();
            else if (peer.IsPaused)
                peer.Resume();
        }
    }

    private static SimPeerOptions RandomOptions(Random random) => new()
    {
        Uplink = new DataRate(random.Next(50_000, 500_000)),
        Latency = TimeSpan.FromMilliseconds(random.Next(1, 200)),
        Loss = random.Next(3) == 0 ? 0.05 : 0,
        PoolBlocks = random.Next(4, 100),
    };
}
