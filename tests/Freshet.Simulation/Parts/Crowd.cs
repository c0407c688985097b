using System.Net;
using Freshet.Core.Pieces;
using Freshet.Core.Wire;

namespace Freshet.Simulation.Parts;

/// <summary>
/// Many connections from one machine, each with its own peer id, that send something at first and then nothing more. Those that are closed
/// come back at once.
/// </summary>
internal sealed class Crowd : ISimConnectionOwner
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BeforeTheNext = TimeSpan.FromSeconds(1);

    private readonly SimSwarm _swarm;
    private readonly SimHost _host;
    private readonly IPEndPoint _target;
    private readonly PeerMessage[] _says;
    private readonly Random _random;
    private int _keys;

    /// <param name="swarm">The swarm.</param>
    /// <param name="host">The machine.</param>
    /// <param name="target">The host that they dial.</param>
    /// <param name="count">The number of connections.</param>
    /// <param name="says">What each of them sends at first.</param>
    public Crowd(SimSwarm swarm, SimHost host, IPEndPoint target, int count, params PeerMessage[] says)
    {
        _swarm = swarm;
        _host = host;
        _target = target;
        _says = says;
        _random = swarm.NewRandom();
        for (int i = 0; i < count; i++)
            Dial();
    }

    /// <summary>Whether they still come back.</summary>
    public bool IsThere { get; set; } = true;

    /// <summary>Handshakes that were answered.</summary>
    public int TimesIn { get; private set; }

    public void OnHandshake(SimConnection connection, Handshake handshake)
    {
        TimesIn++;
        foreach (PeerMessage message in _says)
            connection.Send(message);
        KeepAlive(connection);
    }

    public void OnMessages(SimConnection connection, ReadOnlySpan<PeerMessage> batch)
    {
    }

    public byte[]? Read(BlockRange block) => null;

    public void OnBlockSent(SimConnection connection, BlockRange block)
    {
    }

    public void OnBlockFailed(SimConnection connection, BlockRange block)
    {
    }

    public void OnClosed(SimConnection connection, FrameFault fault) => _swarm.Clock.After(BeforeTheNext, Dial);

    private void Dial()
    {
        if (!IsThere)
            return;
        _swarm.Network.Dial(_host, _target, socket =>
        {
            if (socket is null)
                return;
            SimConnection connection = new(_swarm.Clock, socket, this, _swarm.Content.Layout, pool: null)
            {
                Key = new PeerKey(++_keys),
                IsOutgoing = true,
            };
            connection.Send(new Handshake(ReservedBits.Ours, _swarm.Content.Metainfo.SwarmHash, PeerIds.Create(_random)));
        });
    }

    private void KeepAlive(SimConnection connection) => _swarm.Clock.After(Period, () =>
    {
        if (connection.IsClosed || !IsThere)
            return;
        connection.Send(PeerMessage.KeepAlive);
        KeepAlive(connection);
    });
}
