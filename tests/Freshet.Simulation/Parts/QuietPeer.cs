using Freshet.Core.Wire;

namespace Freshet.Simulation.Parts;

/// <summary>Has nothing, requests nothing, and sends just enough not to be considered dead.</summary>
internal sealed class QuietPeer(SimSwarm swarm, SimHost host) : ScriptedPeer(swarm, host)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(120);

    protected override void OnConnected(SimConnection connection)
    {
        connection.Send(PeerMessage.HaveNone);
        KeepAlive(connection);
    }

    private void KeepAlive(SimConnection connection) => Swarm.Clock.After(Period, () =>
    {
        if (connection.IsClosed)
            return;
        connection.Send(PeerMessage.KeepAlive);
        KeepAlive(connection);
    });
}
