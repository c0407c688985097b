using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Sessions;
using Freshet.Core.Torrents;

namespace Freshet.Simulation;

/// <summary>
/// The session of a simulated peer: the engine's own <see cref="SessionMachine"/>. What it and the torrents tell each other takes a moment,
/// as between the loops of the real one. It is held to its limits all the time.
/// </summary>
internal sealed class SimSession(SimClock clock, SessionLimits limits) : ISessionEffects
{
    private readonly Dictionary<TorrentKey, ISimCompetitor> _torrents = [];
    private readonly Dictionary<IncomingKey, Action<bool?>> _incoming = [];
    private SessionMachine? _machine;
    private int _torrentKeys;
    private int _incomingKeys;
    private bool _settles;

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
        Post(machine => machine.OnGone(torrent));
    }

    public void Demand(TorrentKey torrent, TorrentDemand demand) => Post(machine => machine.OnDemand(torrent, demand));

    public void Connected(TorrentKey torrent, IPAddress peer) => Post(machine => machine.OnConnected(torrent, Origin.OfNetwork(peer)));

    public void Disconnected(TorrentKey torrent, IPAddress peer) =>
        Post(machine => machine.OnDisconnected(torrent, Origin.OfNetwork(peer)));

    /// <summary>A connection came in.</summary>
    /// <param name="torrent">For which torrent.</param>
    /// <param name="peer">Whose it is.</param>
    /// <param name="decide">Called with null if it is refused, else with whether it must replace another.</param>
    public void Incoming(TorrentKey torrent, IPAddress peer, Action<bool?> decide) => Post(machine =>
    {
        IncomingKey key = new(++_incomingKeys);
        _incoming.Add(key, decide);
        machine.OnIncoming(key, torrent, peer);
    });

    public void Allot(TorrentKey torrent, Allotment allotment) => Tell(torrent, competitor => competitor.OnAllotted(allotment));

    public void MakeRoom(TorrentKey torrent) => Tell(torrent, static competitor => competitor.OnMakeRoom());

    public void Admit(IncomingKey connection, bool mustReplace) => Decide(connection, mustReplace);

    public void Refuse(IncomingKey connection) => Decide(connection, null);

    private void Decide(IncomingKey connection, bool? mustReplace)
    {
        if (_incoming.Remove(connection, out Action<bool?>? decide))
            clock.After(default, () => decide(mustReplace));
    }

    private void Tell(TorrentKey torrent, Action<ISimCompetitor> what) => clock.After(default, () =>
    {
        if (_torrents.TryGetValue(torrent, out ISimCompetitor? competitor))
            what(competitor);
    });

    private void Post(Action<SessionMachine> input) => clock.After(default, () =>
    {
        input(Machine);
        if (Machine.Connections > limits.Connections + limits.IncomingBeyond + limits.Dials)
            throw new SimFailureException($"a session of {limits.Connections} connections has {Machine.Connections}");
        if (_settles)
            return;
        _settles = true;
        clock.After(default, () =>
        {
            _settles = false;
            Machine.Settle();
        });
    });
}
