using Freshet.Core.Pieces;

namespace Freshet.Simulation.Parts;

/// <summary>Answers a number of requests, and then sends nothing more.</summary>
internal sealed class StallingSeed(SimSwarm swarm, SimHost host, int after = 0) : ScriptedPeer(swarm, host)
{
    private int _left = after;

    protected override void OnRequest(SimConnection connection, BlockRange block)
    {
        if (_left-- > 0)
            connection.SendBlock(block);
    }
}
