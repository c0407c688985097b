using Freshet.Core;
using Freshet.Core.Peers;
using Freshet.Core.Sessions;
using Freshet.Core.Torrents;

namespace Freshet.Simulation;

/// <summary>
/// The session of a simulated peer: the engine's own <see cref="SessionMachine"/>. Messages between it and the torrents take a moment, as
/// between the loops of the real session. Its limits are checked all the time.
/// </summary>
internal sealed class SimSession(SimClock clock, SessionLimits limits) : ISessionEffects
{
    private readonly Dictionary<TorrentKey, ISimCompetitor> _torrents = [];
    private readonly Dictionary<IncomingKey, (SimConnection Connection, TorrentKey Torrent, Action<bool?> Decide)> _incoming = [];
    private readonly Dictionary<SimConnection, TorrentKey> _connections = [];
    private SessionMachine? _machine;
    private int _torrentKeys;
    private int _incomingKeys;
    private bool _settles;
    private int _checked;

    private SessionMachine Machine => _machine ??= new SessionMachine(limits, this);

    public TorrentKey Add(ISimCompetitor torrent)
    {
        TorrentKey key = new(++_torrentKeys);
        _torrents.Add(key, torrent);
        return key;
    }

    public void Remove(TorrentKey torrent)
    {
        _torrents.Remove(torrent);
        Post(machine =>
        {
            foreach (SimConnection connection in _connections.Where(pair => pair.Value == torrent).Select(pair => pair.Key).ToArray())
                _connections.Remove(connection);
            machine.OnGone(torrent);
        });
    }

    public void Demand(TorrentKey torrent, TorrentDemand demand) => Post(machine => machine.OnDemand(torrent, demand));

    public void NoRoomMade(TorrentKey torrent) => Post(machine => machine.OnNoRoomMade(torrent));

    public void Connected(TorrentKey torrent, SimConnection connection) => Post(machine =>
    {
        _connections.Add(connection, torrent);
        machine.OnConnected(torrent, NetworkOf(connection));
    });

    public void Disconnected(TorrentKey torrent, SimConnection connection) => Post(machine =>
    {
        _connections.Remove(connection);
        machine.OnDisconnected(torrent, NetworkOf(connection));
    });

    /// <summary>An incoming connection.</summary>
    /// <param name="torrent">Its torrent.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="decide">Called with null if it is refused, and otherwise with whether it must replace another one.</param>
    public void Incoming(TorrentKey torrent, SimConnection connection, Action<bool?> decide) => Post(machine =>
    {
        IncomingKey key = new(++_incomingKeys);
        _incoming.Add(key, (connection, torrent, decide));
        machine.OnIncoming(key, torrent, connection.Remote.Address);
    });

    public void Allot(TorrentKey torrent, Allotment allotment) => Tell(torrent, competitor => competitor.OnAllotted(allotment));

    // The blocks of a simulated peer are in no pool.
    public void AllotBlocks(int most)
    {
    }

    public void MakeRoom(TorrentKey torrent) => Tell(torrent, static competitor => competitor.OnMakeRoom());

    public void Admit(IncomingKey connection, bool mustReplace) => Decide(connection, mustReplace);

    public void Refuse(IncomingKey connection) => Decide(connection, null);

    private static Origin NetworkOf(SimConnection connection) => Origin.OfNetwork(connection.Remote.Address);

    private void Decide(IncomingKey key, bool? mustReplace)
    {
        if (!_incoming.Remove(key, out (SimConnection Connection, TorrentKey Torrent, Action<bool?> Decide) waiting))
            throw new SimFailureException("an incoming connection is decided about twice");
        if (mustReplace is not null)
            _connections.Add(waiting.Connection, waiting.Torrent);
        clock.After(default, () => waiting.Decide(mustReplace));
    }

    private void Tell(TorrentKey torrent, Action<ISimCompetitor> what) => clock.After(default, () =>
    {
        if (_torrents.TryGetValue(torrent, out ISimCompetitor? competitor))
            what(competitor);
    });

    private void Post(Action<SessionMachine> input) => clock.After(default, () =>
    {
        input(Machine);
        CheckRules();
        if (_settles)
            return;
        _settles = true;
        clock.After(default, () =>
        {
            _settles = false;
            Machine.Divide();
        });
    });

    // Counted independently here. A dialled connection counts against its network, but only incoming ones are refused for it.
    private void CheckRules()
    {
        if (Machine.Connections != _connections.Count)
            throw new SimFailureException($"a session counts {Machine.Connections} connections and has {_connections.Count}");
        if (_incoming.Count > 0)
            throw new SimFailureException("an incoming connection was not decided about at once");
        if (_connections.Count > limits.Connections + limits.IncomingBeyond + limits.Dials)
            throw new SimFailureException($"a session of {limits.Connections} connections has {_connections.Count}");
        if (_connections.Count == _checked)
            return;
        _checked = _connections.Count;
        int mostOfOne = Math.Max(Limits.MinPeersPerNetwork, limits.Connections / Limits.NetworkShare);
        foreach (IGrouping<Origin, SimConnection> network in _connections.Keys.Where(one => !one.IsOutgoing).GroupBy(NetworkOf))
        {
            if (network.Count() > mostOfOne)
                throw new SimFailureException($"a session has {network.Count()} connections with one network, whose share is {mostOfOne}");
        }
    }
}
