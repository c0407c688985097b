using System.Net;
using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Sessions;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;
using Freshet.Disk;
using Freshet.Loops;

namespace Freshet.Running;

/// <summary>
/// Divides what torrents compete for, by a <see cref="SessionMachine"/> on its own loop. Torrents and this loop exchange messages and never
/// wait for each other; every member is thread-safe.
/// </summary>
internal sealed class Competition : ISessionEffects, ILoopItem
{
    // With more active torrents than this, dividing takes so long that it is done once a beat instead of once a batch.
    private const int FewTorrents = 200;

    private readonly EventLoop _loop;
    private readonly SessionMachine _machine;
    private readonly BlockPool _pool;
    private readonly Alarm _alarm;
    private readonly TimeProvider _time;
    private readonly Dictionary<TorrentKey, ICompetitor> _torrents = [];
    private readonly Dictionary<IncomingKey, IncomingPeer> _incoming = [];
    private int _lastTorrent;
    private int _lastIncoming;
    private bool _settles;

    /// <param name="limits">The resources to divide.</param>
    /// <param name="pool">The memory for payload, divided by its measured use.</param>
    /// <param name="alarms">Wakes the loop.</param>
    /// <param name="time">The clock of the alarms.</param>
    /// <param name="onFault">Receives an exception that escaped, which is always a bug.</param>
    public Competition(SessionLimits limits, BlockPool pool, Alarms alarms, TimeProvider time, Action<Exception> onFault)
    {
        _time = time;
        _loop = new EventLoop(onFault);
        _pool = pool;
        _machine = new SessionMachine(limits, this);
        _alarm = new Alarm(alarms, () => _loop.Post(this));
    }

    /// <summary>Adds a torrent, which has nothing until it reports a demand. Torrents with a smaller position go first.</summary>
    public TorrentKey Add(ICompetitor torrent, long position = 0)
    {
        TorrentKey key = new(Interlocked.Increment(ref _lastTorrent));
        _loop.Post(() =>
        {
            _torrents.Add(key, torrent);
            _machine.OnPlaced(key, position);
        });
        return key;
    }

    /// <summary>Removes a torrent and frees all it had.</summary>
    public void Remove(TorrentKey torrent) => Post(() =>
    {
        _torrents.Remove(torrent);
        _machine.OnGone(torrent);
    });

    public void Apply(SessionLimits limits) => Post(() => _machine.Apply(limits));

    /// <summary>Sets a torrent's position in the queue.</summary>
    public void Place(TorrentKey torrent, long position) => Post(() => _machine.OnPlaced(torrent, position));

    public void Demand(TorrentKey torrent, TorrentDemand demand) => Post(() => _machine.OnDemand(torrent, demand));

    /// <summary>A torrent has opened a connection.</summary>
    public void Connected(TorrentKey torrent, Origin network) => Post(() => _machine.OnConnected(torrent, network));

    /// <summary>A torrent's connection ended, whichever side opened it.</summary>
    public void Disconnected(TorrentKey torrent, Origin network) => Post(() => _machine.OnDisconnected(torrent, network));

    /// <summary>A torrent that was asked to end a connection has none that it can end.</summary>
    public void NoRoomMade(TorrentKey torrent) => Post(() => _machine.OnNoRoomMade(torrent));

    /// <summary>Measures how torrents use the memory for payload, and divides it accordingly. Called at each beat.</summary>
    public void MeasureBlocks()
    {
        IReadOnlyList<(TorrentKey Torrent, int Blocks)> wants = _pool.MeasureWants();
        if (wants.Count > 0)
            Post(() => Want(wants));
    }

    /// <summary>Offers an incoming connection to its torrent, which gets it if there is room.</summary>
    public void Incoming(TorrentKey torrent, ITransport transport, Handshake theirs) => Post(() =>
    {
        if (!_torrents.TryGetValue(torrent, out ICompetitor? competitor))
        {
            transport.Abort();
            return;
        }

        IncomingKey key = new(++_lastIncoming);
        _incoming.Add(key, new IncomingPeer(competitor, transport, theirs));
        IPAddress address = transport.RemoteEndPoint.Address;
        _machine.OnIncoming(key, torrent, address);
    });

    void ISessionEffects.Allot(TorrentKey torrent, Allotment allotment)
    {
        if (_torrents.TryGetValue(torrent, out ICompetitor? competitor))
            competitor.PostAllotted(allotment);
    }

    void ISessionEffects.AllotBlocks(int most) => _pool.MostOfOne = most;

    void ISessionEffects.Admit(IncomingKey connection, bool mustReplace)
    {
        if (_incoming.Remove(connection, out IncomingPeer peer))
            peer.Torrent.PostIncoming(peer.Transport, peer.Theirs, mustReplace);
    }

    void ISessionEffects.Refuse(IncomingKey connection)
    {
        if (_incoming.Remove(connection, out IncomingPeer peer))
            peer.Transport.Abort();
    }

    void ISessionEffects.MakeRoom(TorrentKey torrent)
    {
        if (_torrents.TryGetValue(torrent, out ICompetitor? competitor))
            competitor.PostMakeRoom();
    }

    /// <summary>Divides, after everything posted earlier has been handled.</summary>
    void ILoopItem.Run()
    {
        _settles = false;
        _alarm.Set(Timestamp.Never);
        _machine.Divide();
    }

    private void Want(IReadOnlyList<(TorrentKey Torrent, int Blocks)> wants)
    {
        // A hung disk still holds blocks of a torrent that was removed.
        foreach ((TorrentKey torrent, int blocks) in wants)
        {
            if (_torrents.ContainsKey(torrent))
                _machine.OnBlocksWanted(torrent, blocks);
        }
    }

    private void Post(Action action) => _loop.Post(() =>
    {
        action();
        if (_settles)
            return;
        _settles = true;
        if (_machine.ActiveTorrents <= FewTorrents)
            _loop.Post(this);
        else
            _alarm.SetSoon(_time.Now());
    });

    /// <summary>An incoming connection and its torrent.</summary>
    private readonly record struct IncomingPeer(ICompetitor Torrent, ITransport Transport, Handshake Theirs);
}
