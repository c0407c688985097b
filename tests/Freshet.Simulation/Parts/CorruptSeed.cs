using Freshet.Core.Pieces;

namespace Freshet.Simulation.Parts;

/// <summary>Sends some blocks with one byte changed.</summary>
internal sealed class CorruptSeed(SimSwarm swarm, SimHost host, double share = 1) : ScriptedPeer(swarm, host)
{
    private readonly Random _random = swarm.NewRandom();

    public override byte[]? Read(BlockRange block)
    {
        byte[] bytes = Original(block);
        if (_random.NextDouble() < share)
            bytes[_random.Next(bytes.Length)] ^= 0x10;
        return bytes;
    }
}
