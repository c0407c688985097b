using Freshet.Core.Pieces;
using Freshet.Core.Wire;

namespace Freshet.Simulation.Parts;

/// <summary>Queues few requests, does not say how many, and rejects the others.</summary>
internal sealed class ShortQueueSeed(SimSwarm swarm, SimHost host, int queue) : ScriptedPeer(swarm, host)
{
    /// <summary>The number of requests that it rejected.</summary>
    public int Rejected { get; private set; }

    protected override void OnRequest(SimConnection connection, BlockRange block)
    {
        if (connection.QueuedBlocks < queue)
        {
            connection.SendBlock(block);
            return;
        }

        Rejected++;
        connection.Send(PeerMessage.RejectRequest(block));
    }
}
