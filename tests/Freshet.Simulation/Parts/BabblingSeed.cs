namespace Freshet.Simulation.Parts;

/// <summary>Completes the handshake and then sends random bytes.</summary>
internal sealed class BabblingSeed(SimSwarm swarm, SimHost host) : ScriptedPeer(swarm, host)
{
    private readonly Random _random = swarm.NewRandom();

    protected override void OnConnected(SimConnection connection)
    {
        byte[] babble = new byte[_random.Next(1, 2_000)];
        _random.NextBytes(babble);
        connection.SendRaw(babble);
    }
}
