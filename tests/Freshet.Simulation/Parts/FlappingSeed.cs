using Freshet.Core.Pieces;
using Freshet.Core.Wire;

namespace Freshet.Simulation.Parts;

/// <summary>
/// Chokes and unchokes without end, and drops requests that it has not answered: it rejects them, as BEP 6 says, or drops them silently.
/// </summary>
internal sealed class FlappingSeed(SimSwarm swarm, SimHost host, bool isFast = true) : ScriptedPeer(swarm, host, isFast)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(150);
    private readonly List<BlockRange> _cancelled = [];

    protected override void OnConnected(SimConnection connection)
    {
        base.OnConnected(connection);
        Flap(connection, choke: true);
    }

    private void Flap(SimConnection connection, bool choke) => Swarm.Clock.After(Period, () =>
    {
        if (connection.IsClosed)
            return;
        connection.Send(choke ? PeerMessage.Choke : PeerMessage.Unchoke);
        if (choke)
        {
            _cancelled.Clear();
            connection.CancelBlocks(_cancelled);
            foreach (BlockRange block in IsFast ? _cancelled : [])
                connection.Send(PeerMessage.RejectRequest(block));
        }

        Flap(connection, !choke);
    });
}
