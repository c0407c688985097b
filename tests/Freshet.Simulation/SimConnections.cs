using Freshet.Core;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;

namespace Freshet.Simulation;

/// <summary>
/// The connections of one run of a peer: those without a complete handshake, those that the session has not decided about, and those that
/// the machine knows.
/// </summary>
internal sealed class SimConnections(SimRun run, SimPeer peer, SimSwarm swarm) : ISimConnectionOwner
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    private readonly Dictionary<PeerKey, SimConnection> _connections = [];
    private readonly Dictionary<PeerKey, bool> _isFast = [];
    private readonly HashSet<PeerKey> _kept = [];
    private int _keys;
    private bool _isChanged;

    /// <summary>All connections.</summary>
    public int Count => _connections.Count;

    private Timestamp Now => swarm.Clock.Now;

    public SimConnection this[PeerKey key] => _connections[key];

    /// <summary>What must hold after every event.</summary>
    public void CheckRules()
    {
        if (!_isChanged)
            return;
        _isChanged = false;
        int most = peer.Options.Limits.Connections + peer.Options.Limits.IncomingBeyond;
        if (_kept.Count > most)
            throw new SimFailureException($"{peer} has {_kept.Count} connections where {most} are the most");
        int mostOfOne = Math.Max(Limits.MinPeersPerNetwork, peer.Options.Settings.MaxPeers / Limits.NetworkShare);
        foreach (IGrouping<Origin, PeerKey> network in _kept.GroupBy(key => Origin.OfNetwork(_connections[key].Remote.Address)))
        {
            if (network.Count() > mostOfOne)
                throw new SimFailureException($"{peer} has {network.Count()} connections with one network, and {mostOfOne} are its share");
        }
    }

    public SimConnection Adopt(SimSocket socket, bool outgoing)
    {
        SimConnection connection = new(swarm.Clock, socket, this, swarm.Content.Layout, peer.Pool)
        {
            Key = new PeerKey(++_keys),
            IsOutgoing = outgoing,
        };
        _connections.Add(connection.Key, connection);
        peer.Trace($"{(outgoing ? "reaches" : "accepts")} {socket.Remote} as {connection.Key.Value}");
        swarm.Clock.After(HandshakeTimeout, () =>
        {
            if (connection.IsShaken || connection.IsClosed)
                return;
            connection.Close();
            OnClosed(connection, FrameFault.None);
        });
        return connection;
    }

    public void Forget(PeerKey key)
    {
        run.Rules.OnGone(key);
        run.ExtensionRules.OnGone(key);
        _isFast.Remove(key);
        if (!_connections.Remove(key, out SimConnection? connection))
            return;
        if (_kept.Remove(key))
            peer.Session.Disconnected(run.Key, connection);
        connection.Close();
    }

    public void OnHandshake(SimConnection connection, Handshake handshake)
    {
        if (!connection.IsOutgoing)
            connection.Send(run.Handshake);
        if (handshake.InfoHash != run.Handshake.InfoHash || run.IsOver)
        {
            connection.Close();
            OnClosed(connection, FrameFault.None);
            return;
        }

        if (connection.IsOutgoing)
        {
            peer.Session.Connected(run.Key, connection);
            Keep(connection, handshake, mustReplace: false);
            return;
        }

        connection.IsHeld = true;
        peer.Session.Incoming(run.Key, connection, mustReplace =>
        {
            if (!run.IsOver && mustReplace is { } must && _connections.ContainsKey(connection.Key))
            {
                Keep(connection, handshake, must);
                return;
            }

            if (mustReplace is not null)
                peer.Session.Disconnected(run.Key, connection);
            connection.Close();
            _connections.Remove(connection.Key);
        });
    }

    public void OnMessages(SimConnection connection, ReadOnlySpan<PeerMessage> batch)
    {
        bool isFast = _isFast.GetValueOrDefault(connection.Key);
        foreach (ref readonly PeerMessage message in batch)
        {
            swarm.Trace.Add(peer.Name, isSent: false, connection.Key, message);
            run.Rules.OnReceived(connection.Key, message, isFast);
            run.ExtensionRules.OnReceived(connection.Key, message);
        }

        run.Input.OnMessages(connection.Key, batch, Now);
    }

    public byte[]? Read(BlockRange block) => peer.Disk.Read(block);

    public void OnBlockSent(SimConnection connection, BlockRange block)
    {
        run.Recording.OnSent();
        run.Input.OnUploaded(connection.Key, block, Now);
    }

    public void OnBlockFailed(SimConnection connection, BlockRange block)
    {
        run.Input.OnUploadFailed(connection.Key, block, Now);
        peer.OnDiskFailed(new DiskFailure(DiskOperation.Read, "the simulated disk cannot be read", [block.Piece]));
    }

    public void OnClosed(SimConnection connection, FrameFault fault)
    {
        if (run.IsOver || !_connections.ContainsKey(connection.Key))
            return;
        peer.Trace($"loses {connection.Key.Value}");
        bool wasKept = _kept.Contains(connection.Key);
        Forget(connection.Key);
        if (wasKept)
            run.Input.OnDisconnected(
                connection.Key, fault == FrameFault.None ? DisconnectReason.ClosedByPeer : DisconnectReason.ProtocolViolation, Now);
        else if (connection.IsOutgoing)
            run.Input.OnConnectFailed(connection.Remote, DisconnectReason.BadHandshake, Now);
    }

    private void Keep(SimConnection connection, Handshake handshake, bool mustReplace)
    {
        _kept.Add(connection.Key);
        _isChanged = true;
        run.Rules.OnConnected(connection.Key);
        _isFast[connection.Key] = handshake.Reserved.Fast;
        ConnectedPeer connected = new(connection.Remote, handshake, connection.IsOutgoing, mustReplace);
        run.Input.OnConnected(connection.Key, connected, Now);
        int peers = run.Machine.Snapshot(Now).Peers;
        if (peers > peer.Options.Settings.MaxPeers)
            throw new SimFailureException($"{peer} has {peers} peers");
        connection.Release();
    }
}
