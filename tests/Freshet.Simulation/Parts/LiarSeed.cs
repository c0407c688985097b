using Freshet.Core.Pieces;
using Freshet.Core.Wire;

namespace Freshet.Simulation.Parts;

/// <summary>Claims to have everything, and rejects every request.</summary>
internal sealed class LiarSeed(SimSwarm swarm, SimHost host) : ScriptedPeer(swarm, host)
{
    protected override void OnRequest(SimConnection connection, BlockRange block) => connection.Send(PeerMessage.RejectRequest(block));
}
