using Freshet.Core.Pieces;

using Freshet.Core.Wire;

namespace Freshet.Simulation;

/// <summary>
/// A peer that plays a part. By default, it is an honest seed without the engine: it announces every piece, unchokes everybody, and answers
/// requests. Derived classes override what they do differently.
/// </summary>
internal abstract class ScriptedPeer : ISimConnectionOwner
{
    private readonly Handshake _handshake;
    private int _keys;

    protected ScriptedPeer(SimSwarm swarm, SimHost host, bool isFast = true)
    {
        IsFast = isFast;
        Swarm = swarm;
        Host = host;
        _handshake = new Handshake(
            isFast ? ReservedBits.Ours : default, swarm.Content.Metainfo.SwarmHash, PeerIds.Create(swarm.NewRandom()));
        swarm.Network.Listen(
            host,
            socket => _ = new SimConnection(swarm.Clock, socket, this, swarm.Content.Layout, pool: null) { Key = new PeerKey(++_keys) });
        swarm.Tracker.Add(_handshake.PeerId, host.Address);
    }

    public SimHost Host { get; }

    /// <summary>Connections that were made with it.</summary>
    public int TimesDialled => _keys;

    /// <summary>Requests that it received.</summary>
    public int Requests { get; private set; }

    protected SimSwarm Swarm { get; }

    /// <summary>Whether it supports the Fast extension (BEP 6).</summary>
    protected bool IsFast { get; }

    public void OnHandshake(SimConnection connection, Handshake handshake)
    {
        connection.Send(_handshake);
        OnConnected(connection);
    }

    public void OnMessages(SimConnection connection, ReadOnlySpan<PeerMessage> batch)
    {
        foreach (ref readonly PeerMessage message in batch)
        {
            if (connection.IsClosed)
                return;
            if (message.Id == MessageId.Interested)
                OnInterested(connection);
            else if (message.Id == MessageId.Request)
            {
                Requests++;
                OnRequest(connection, message.Range);
            }
            else if (message.Id == MessageId.Extended)
                OnExtended(connection, message);
            else if (message.Id == MessageId.Cancel && connection.CancelBlock(message.Range) && IsFast)
                connection.Send(PeerMessage.RejectRequest(message.Range));
        }
    }

    public virtual byte[]? Read(BlockRange block) => Original(block);

    public virtual void OnBlockSent(SimConnection connection, BlockRange block)
    {
    }

    public void OnBlockFailed(SimConnection connection, BlockRange block)
    {
    }

    public void OnClosed(SimConnection connection, FrameFault fault)
    {
    }

    protected virtual void OnConnected(SimConnection connection)
    {
        Bitfield all = new(Swarm.Content.Layout.PieceCount);
        all.AddAll();
        connection.Send(IsFast ? PeerMessage.HaveAll : PeerMessage.Bitfield(all.ToArray()));
    }

    protected virtual void OnExtended(SimConnection connection, in PeerMessage message)
    {
    }

    protected virtual void OnInterested(SimConnection connection) => connection.Send(PeerMessage.Unchoke);

    protected virtual void OnRequest(SimConnection connection, BlockRange block) => connection.SendBlock(block);

    protected byte[] Original(BlockRange block) => Swarm.Content.Of(Swarm.Content.Bytes, block).ToArray();
}
