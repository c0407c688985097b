using Freshet.Core.Wire;

namespace Freshet.Simulation.Parts;

/// <summary>Has nothing, asks for nothing, and says so little that it is just not taken for dead.</summary>
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
