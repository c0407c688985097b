using System.Net;
using Freshet.Core;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Sessions;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;

using Freshet.Core.Wire;

namespace Freshet.Simulation;

/// <summary>
/// A peer as people run it: the engine's own <see cref="TorrentMachine"/>, with a simulated network, disk and tracker for its
/// effects. Whatever it does is held to the rules all the time.
/// </summary>
internal sealed class SimPeer : ITorrentEffects, ISimConnectionOwner, ISimDiskOwner, ISimCompetitor
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TimeToStore = TimeSpan.FromMilliseconds(20);

    private readonly SimSwarm _swarm;
    private readonly SimPeerOptions _options;
    private readonly Random _random;
    private readonly Dictionary<PeerKey, SimConnection> _connections = [];
    private readonly Dictionary<PeerKey, bool> _isFast = [];
    private readonly HashSet<PeerKey> _counted = [];
    private readonly SimSession _session;
    private Allotment _allotment;
    private TorrentKey _key;
    private int _dialling;
    private RequestRules _rules;
    private SimTicker _ticker;
    private Handshake _handshake;
    private int _keys;
    private int _run;
    private int _believed;

    public SimPeer(SimSwarm swarm, string name, SimHost host, SimPeerOptions options)
    {
        _swarm = swarm;
        _options = options;
        _random = swarm.NewRandom();
        Name = name;
        Host = host;
        host.Uplink = options.Uplink;
        host.Latency = options.Latency;
        host.LatencyIn = options.LatencyIn ?? options.Latency;
        host.Downlink = options.Downlink;
        host.IsBehindNat = options.IsBehindNat;
        host.Loss = options.Loss;
        Pool = new SimPool(swarm.Clock, options.PoolBlocks);
        _session = new SimSession(swarm.Clock, options.Limits);
        Disk = new SimDisk(swarm.Clock, swarm.Content, Pool, swarm.NewRandom(), this);
        if (options.IsSeed)
        {
            Disk.Files.Put(swarm.Content.Bytes);
            Disk.Files.RecordAll();
        }

        (Machine, _rules, _ticker) = NewRun();
    }

    public string Name { get; }

    public SimHost Host { get; }

    public SimPool Pool { get; }

    public SimDisk Disk { get; }

    public TorrentMachine Machine { get; private set; }

    /// <summary>What the machine reported, over all its runs.</summary>
    public List<TorrentFact> Facts { get; } = [];

    /// <summary>Whether it runs, and has not been stopped or killed.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Whether the user stopped it, and it runs on.</summary>
    public bool IsPaused => IsRunning && Machine.Phase is TorrentPhase.Stopped;

    /// <summary>Whether everything wanted is there.</summary>
    public bool IsSeeding => Machine.Phase is TorrentPhase.Seeding;

    /// <summary>Blocks that came while already asked of others too.</summary>
    public int EndgameRequests => _rules.EndgameRequests;

    /// <summary>The most blocks that were asked of one peer at once.</summary>
    public int MostOutstanding => _rules.MostOutstanding;

    public long Downloaded => Machine.Snapshot(Now).Downloaded.Bytes;

    /// <summary>Who was banned.</summary>
    public IEnumerable<IPEndPoint> Banned => Facts.OfType<TorrentFact.PeerBanned>().Select(fact => fact.Peer);

    public int ConnectionCount => _connections.Count;

    /// <summary>Ticks of the machine, over all its runs.</summary>
    public int Ticks { get; private set; }

    private TorrentMachine Input
    {
        get
        {
            _ticker.TickSoon();
            return Machine;
        }
    }

    private Timestamp Now => _swarm.Clock.Now;

    private PieceLayout Layout => _swarm.Content.Layout;

    /// <summary>Begins, or begins again from what its record and its files say.</summary>
    public void Start() => Start(resume: true);

    /// <summary>Begins with what is on disk checked first, as without a record.</summary>
    public void StartByChecking() => Start(resume: false);

    /// <summary>Leaves in good order; call <see cref="Restart"/> to come again.</summary>
    public void Stop()
    {
        Trace("stops");
        Input.Stop(Now);
        Disk.Checkpoint(Machine.Have.Clone(), isClean: true);
        IsRunning = false;
        _swarm.Network.StopListening(Host);
    }

    /// <summary>The user stops the torrent, and the program goes on.</summary>
    public void Pause()
    {
        Trace("pauses");
        Input.Stop(Now);
    }

    /// <summary>The user starts the torrent again; what is there is known.</summary>
    public void Resume()
    {
        Trace("resumes");
        Input.Start(new StartingPoint(Machine.Have.Clone(), []), Now);
    }

    /// <summary>The program is killed or the power fails; nothing is said to anybody.</summary>
    public void Kill(bool powerFails = false)
    {
        Trace("dies");
        IsRunning = false;
        EndRun();
        _swarm.Network.StopListening(Host);
        _swarm.Network.Reset(Host);
        _connections.Clear();
        _counted.Clear();
        _isFast.Clear();
        Disk.Crash(powerFails);
        (Machine, _rules, _ticker) = NewRun();
    }

    /// <summary>Comes again after <see cref="Stop"/> or <see cref="Kill"/>.</summary>
    public void Restart()
    {
        if (Machine.Phase is TorrentPhase.Stopped && !IsRunning)
        {
            EndRun();
            Disk.Crash(powerFails: false);
            (Machine, _rules, _ticker) = NewRun();
        }

        Start();
    }

    /// <summary>
    /// What must hold after everything that happens: memory, connections, requests and blocks within their limits, no piece believed that
    /// is not there.
    /// </summary>
    public void CheckRules()
    {
        if (Pool.Rented > _options.PoolBlocks)
            throw new SimFailureException($"{Name} has {Pool.Rented} blocks of memory rented, and there are {_options.PoolBlocks}");
        int most = _options.Limits.Connections + _options.Limits.IncomingBeyond;
        if (_counted.Count > most)
            throw new SimFailureException($"{Name} has {_counted.Count} connections where {most} are the most");
        foreach (SimConnection connection in _connections.Values)
        {
            if (connection.QueuedBlocks > Limits.MaxQueuedUploads)
                throw new SimFailureException($"{Name} has {connection.QueuedBlocks} blocks waiting for one peer");
        }

        if (_believed == Machine.Have.Count)
            return;
        _believed = Machine.Have.Count;
        CheckBytes();
    }

    /// <summary>Every byte of these pieces is as it should be.</summary>
    public void CheckBytes()
    {
        for (PieceIndex? next = Machine.Have.FirstAtOrAfter(default);
            next is { } piece;
            next = Machine.Have.FirstAtOrAfter(new(piece.Value + 1)))
            _swarm.Content.RequireOriginal(Disk.Files.Peek(piece), piece, Name);
    }

    public void OnAllotted(Allotment allotment)
    {
        _allotment = allotment;
        Input.OnAllotted(allotment, Now);
    }

    public void OnMakeRoom() => Input.OnMakeRoom(Now);

    public void Demand(TorrentDemand demand) => _session.Demand(_key, demand);

    public void Connect(IPEndPoint peer)
    {
        int run = _run;
        if (++_dialling > _allotment.Dials)
            throw new SimFailureException($"{Name} dials {_dialling} peers at once where {_allotment.Dials} were allotted");
        _swarm.Network.Dial(Host, peer, socket =>
        {
            _dialling -= run == _run ? 1 : 0;
            if (run != _run)
                socket?.Close();
            else if (socket is null)
                Input.OnConnectFailed(peer, DisconnectReason.Refused, Now);
            else
                Adopt(socket, outgoing: true).Send(_handshake);
        });
    }

    public void Disconnect(PeerKey peer, DisconnectReason reason)
    {
        Trace($"drops {peer.Value}: {reason}");
        Forget(peer);
    }

    public void Send(PeerKey peer, in PeerMessage message)
    {
        Trace($"to {peer.Value}: {message.Id} {message.Range}");
        _rules.OnSent(peer, message);
        if (message.Id == MessageId.Have && !Machine.Have[message.Piece])
            throw new SimFailureException($"{Name} says it has piece {message.Piece}, which it has not");
        _connections[peer].Send(message);
    }

    public void SendBlock(PeerKey peer, BlockRange block)
    {
        if (!Machine.Have[block.Piece])
            throw new SimFailureException($"{Name} sends {block}, which is not verified");
        SimConnection connection = _connections[peer];
        connection.SendBlock(block);
        if (connection.QueuedBlocks > Limits.MaxQueuedUploads)
            throw new SimFailureException($"{connection.QueuedBlocks} blocks wait for one peer");
    }

    public bool CancelBlock(PeerKey peer, BlockRange block) => _connections[peer].CancelBlock(block);

    public void CancelBlocks(PeerKey peer, List<BlockRange> cancelled) => _connections[peer].CancelBlocks(cancelled);

    public TimeSpan HeldUp(PeerKey peer, Timestamp now) => _connections[peer].HeldUp(now);

    public void WriteBlock(BlockRef block, BlockLease lease) => Disk.Write(block, lease);

    public void DiscardPiece(PieceIndex piece)
    {
        _rules.OnDiscarded(piece);
        Disk.Discard(piece);
    }

    public void Release(BlockLease lease) => Pool.Return(lease);

    public void CheckPieces(Bitfield pieces) => Disk.Check(pieces);

    public void ProbeDisk() => Disk.Probe();

    public void Announce(string tracker, AnnounceRequest request)
    {
        Trace($"announces {request.Event}, {request.Left} left");
        int run = _run;
        _swarm.Tracker.Announce(Host.Address, request, response =>
        {
            if (run != _run)
                return;
            if (response is null)
                Input.OnAnnounceFailed(request.To(tracker), "the simulated tracker is down", Now);
            else
                Input.OnAnnounced(request.To(tracker), response, Now);
        });
    }

    public void MetadataFetched(ReadOnlyMemory<byte> info)
    {
        if (!info.Span.SequenceEqual(_swarm.Content.Metainfo.InfoBytes.Span))
            throw new SimFailureException($"{Name} fetched metadata that is not the original's");
        int run = _run;
        _swarm.Clock.After(TimeToStore, () =>
        {
            if (run == _run && IsRunning)
                Input.OnMetadata(_swarm.Content.Metainfo, StartingPoint.Empty(Layout.PieceCount), Now);
        });
    }

    public void Report(TorrentFact fact)
    {
        Trace(fact.ToString());
        Facts.Add(fact);
        if (fact is TorrentFact.PieceVerified verified)
            _swarm.Content.RequireOriginal(Disk.Files.Peek(verified.Piece), verified.Piece, Name);
    }

    public void OnHandshake(SimConnection connection, Handshake handshake)
    {
        if (!connection.IsOutgoing)
            connection.Send(_handshake);
        if (handshake.InfoHash != _handshake.InfoHash)
        {
            connection.Close();
            OnClosed(connection, FrameFault.None);
            return;
        }

        if (connection.IsOutgoing)
        {
            _session.Connected(_key, connection.Remote.Address);
            Keep(connection, handshake, mustReplace: false);
            return;
        }

        int run = _run;
        TorrentKey key = _key;
        connection.IsHeld = true;
        _session.Incoming(key, connection.Remote.Address, mustReplace =>
        {
            if (run == _run && mustReplace is { } must && _connections.ContainsKey(connection.Key))
            {
                Keep(connection, handshake, must);
                return;
            }

            if (mustReplace is not null)
                _session.Disconnected(key, connection.Remote.Address);
            connection.Close();
            _connections.Remove(connection.Key);
        });
    }

    private void Keep(SimConnection connection, Handshake handshake, bool mustReplace)
    {
        _counted.Add(connection.Key);
        _rules.OnConnected(connection.Key);
        _isFast[connection.Key] = handshake.Reserved.Fast;
        ConnectedPeer peer = new(connection.Remote, handshake, connection.IsOutgoing, mustReplace);
        Input.OnConnected(connection.Key, peer, Now);
        if (Machine.Snapshot(Now).Peers > _options.Settings.MaxPeers)
            throw new SimFailureException($"{Name} has {Machine.Snapshot(Now).Peers} peers");
        connection.Release();
    }

    public void OnMessages(SimConnection connection, ReadOnlySpan<PeerMessage> batch)
    {
        bool isFast = _isFast.GetValueOrDefault(connection.Key);
        foreach (ref readonly PeerMessage message in batch)
        {
            Trace($"of {connection.Key.Value}: {message.Id} {message.Range}");
            _rules.OnReceived(connection.Key, message, isFast);
        }

        Input.OnMessages(connection.Key, batch, Now);
    }

    public byte[]? Read(BlockRange block) => Disk.Read(block);

    public void OnBlockSent(SimConnection connection, BlockRange block) => Input.OnUploaded(connection.Key, block, Now);

    public void OnBlockFailed(SimConnection connection, BlockRange block)
    {
        Input.OnUploadFailed(connection.Key, block, Now);
        OnDiskFailed(new DiskFailure(DiskOperation.Read, "the simulated disk cannot be read", [block.Piece]));
    }

    public void OnClosed(SimConnection connection, FrameFault fault)
    {
        if (!_connections.ContainsKey(connection.Key))
            return;
        Trace($"loses {connection.Key.Value}");
        bool wasKept = _counted.Contains(connection.Key);
        Forget(connection.Key);
        if (wasKept)
            Input.OnDisconnected(
                connection.Key, fault == FrameFault.None ? DisconnectReason.ClosedByPeer : DisconnectReason.ProtocolViolation, Now);
        else if (connection.IsOutgoing)
            Input.OnConnectFailed(connection.Remote, DisconnectReason.BadHandshake, Now);
    }

    public void OnPieceHashed(PieceVerdict verdict) => Input.OnPieceHashed(verdict, Now);

    public void OnPieceChecked(PieceIndex piece, bool ok) => Input.OnPieceChecked(piece, ok);

    public void OnCheckFinished() => Input.OnCheckFinished(Now);

    public void OnDiskFailed(DiskFailure failure) => Input.OnDiskFailed(failure, Now);

    public void OnDiskRecovered() => Input.OnDiskRecovered(Now);

    public void OnPowerCut() => Kill(powerFails: true);

    public override string ToString() => Name;

    private void EndRun()
    {
        _run++;
        _dialling = 0;
        _allotment = default;
        _session.Remove(_key);
        _ticker.End();
    }

    private (TorrentMachine Machine, RequestRules Rules, SimTicker Ticker) NewRun()
    {
        _key = _session.Add(this);
        PeerId id = PeerIds.Create(_random);
        _handshake = new Handshake(ReservedBits.Ours, _swarm.Content.Metainfo.SwarmHash, id);
        TorrentMachine machine = new(
            new TorrentMachineOptions
            {
                Identity = SwarmIdentity.Of(_swarm.Content.Metainfo),
                PeerId = id,
                ListenPort = Host.Address.Port,
                Settings = _options.Settings,
                Allotment = Allotment.None,
            },
            this,
            new Random(_random.Next()));
        machine.OnMetadata(_swarm.Content.Metainfo, StartingPoint.Empty(Layout.PieceCount), _swarm.Clock.Now);
        HashSet<PieceIndex> skipped = _swarm.Content.PiecesSkippedBy(_options.Settings);
        RequestRules rules = new(_swarm.Clock, Layout, piece => !machine.Have[piece] && !skipped.Contains(piece));
        return (machine, rules, new SimTicker(_swarm.Clock, machine, () => Ticks++));
    }

    private SimConnection Adopt(SimSocket socket, bool outgoing)
    {
        SimConnection connection = new(_swarm.Clock, socket, this, Layout, Pool) { Key = new PeerKey(++_keys), IsOutgoing = outgoing };
        _connections.Add(connection.Key, connection);
        Trace($"{(outgoing ? "reaches" : "accepts")} {socket.Remote} as {connection.Key.Value}");
        _swarm.Clock.After(HandshakeTimeout, () =>
        {
            if (connection.IsShaken || connection.IsClosed)
                return;
            connection.Close();
            OnClosed(connection, FrameFault.None);
        });
        return connection;
    }

    private void Forget(PeerKey peer)
    {
        _rules.OnGone(peer);
        _isFast.Remove(peer);
        if (!_connections.Remove(peer, out SimConnection? connection))
            return;
        if (_counted.Remove(peer))
            _session.Disconnected(_key, connection.Remote.Address);
        connection.Close();
    }

    private void Start(bool resume)
    {
        IsRunning = true;
        StartingPoint point = Disk.Begin(resume);
        Trace($"starts with {point.Have.Count} pieces");
        _swarm.Network.Listen(Host, socket => Adopt(socket, outgoing: false));
        foreach (PartialPiece partial in point.Partials)
            _rules.OnRestored(partial);
        Input.Start(point, Now);
        CheckpointLater(_run);
    }

    private void CheckpointLater(int run) => _swarm.Clock.After(_options.BetweenCheckpoints, () =>
    {
        if (run != _run || !IsRunning)
            return;
        Disk.Checkpoint(Machine.Have.Clone(), isClean: false);
        CheckpointLater(run);
    });

    private void Trace(string what) => _swarm.Trace.Add(Name, what);
}
