using Freshet.Core.Pieces;

namespace Freshet.Simulation.Parts;

/// <summary>Answers a number of requests on each connection, then half of another one, and closes.</summary>
internal sealed class QuittingSeed(SimSwarm swarm, SimHost host, int after = 3) : ScriptedPeer(swarm, host)
{
    private readonly Dictionary<SimConnection, int> _answered = [];

    protected override void OnRequest(SimConnection connection, BlockRange block)
    {
        int answered = _answered[connection] = _answered.GetValueOrDefault(connection) + 1;
        byte[] message = SimConnection.BlockMessage(block, Original(block));
        if (answered <= after)
        {
            connection.SendRaw(message);
            return;
        }

        connection.SendRaw(message[..(message.Length / 2)]);
        connection.Close();
    }
}
