using Freshet.Core;
using Freshet.Core.Pieces;

namespace Freshet.Simulation.Parts;

/// <summary>Sends unrequested blocks with random content all the time; nobody may request anything from it.</summary>
internal sealed class SpammingSeed(SimSwarm swarm, SimHost host) : ScriptedPeer(swarm, host)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);
    private readonly Random _random = swarm.NewRandom();

    protected override void OnConnected(SimConnection connection)
    {
        base.OnConnected(connection);
        Spam(connection);
    }

    protected override void OnInterested(SimConnection connection)
    {
    }

    private void Spam(SimConnection connection) => Swarm.Clock.After(Period, () =>
    {
        if (connection.IsClosed)
            return;
        BlockRange block = new(new PieceIndex(_random.Next(Swarm.Content.Layout.PieceCount)), 0, Limits.BlockLength);
        connection.SendRaw(SimConnection.BlockMessage(block, new byte[Limits.BlockLength]));
        Spam(connection);
    });
}
