using System.Net;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Simulation;

/// <summary>
/// A peer as people run it: a machine with a disk and a session, and one <see cref="SimRun"/> of the program after the other. Everything it
/// does is checked against the rules all the time.
/// </summary>
internal sealed class SimPeer : ISimDiskOwner
{
    private readonly SimSwarm _swarm;
    private readonly Random _random;
    private SimRun _run;
    private Bitfield _believed;
    private int _turn;

    public SimPeer(SimSwarm swarm, string name, SimHost host, SimPeerOptions options)
    {
        _swarm = swarm;
        _believed = new Bitfield(swarm.Content.Layout.PieceCount);
        Options = options;
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
        Session = new SimSession(swarm.Clock, options.Limits);
        Disk = new SimDisk(swarm.Clock, swarm.Content, Pool, swarm.NewRandom(), this);
        if (options.IsSeed)
        {
            Disk.Files.Put(swarm.Content.Bytes);
            Disk.Files.RecordAll();
        }

        _run = new SimRun(this, swarm, _random);
    }

    public string Name { get; }

    public SimPeerOptions Options { get; }

    public SimHost Host { get; }

    public SimPool Pool { get; }

    public SimDisk Disk { get; }

    public SimSession Session { get; }

    public TorrentMachine Machine => _run.Machine;

    /// <summary>Everything that the machine reported, over all its runs.</summary>
    public List<TorrentFact> Facts { get; } = [];

    /// <summary>Whether it runs, and has not been stopped or killed.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Whether the user has stopped the torrent, and the program continues.</summary>
    public bool IsPaused => IsRunning && Machine.Phase is TorrentPhase.Stopped;

    /// <summary>Whether the end of the last run is recorded, as far as the disk allows it.</summary>
    public bool IsEndRecorded => _run.Recording.IsEndRecorded;

    /// <summary>Whether everything wanted is present.</summary>
    public bool IsSeeding => Machine.Phase is TorrentPhase.Seeding;

    /// <summary>Blocks that arrived after they had been requested from others, too.</summary>
    public int EndgameRequests => _run.Rules.EndgameRequests;

    /// <summary>The maximum number of blocks that were requested from one peer at once.</summary>
    public int MostOutstanding => _run.Rules.MostOutstanding;

    /// <summary>The extensions whose messages it has sent.</summary>
    public IReadOnlySet<string> UsedExtensions => _run.ExtensionRules.Used;

    public long Downloaded => Machine.Snapshot(Now).Downloaded.Bytes;

    /// <summary>The peers that were banned.</summary>
    public IEnumerable<IPEndPoint> Banned => Facts.OfType<TorrentFact.PeerBanned>().Select(fact => fact.Peer);

    public int ConnectionCount => _run.Connections.Count;

    /// <summary>Ticks of the machine, over all its runs.</summary>
    public int Ticks { get; private set; }

    private Timestamp Now => _swarm.Clock.Now;

    /// <summary>Starts, or starts again from what its record and its files say.</summary>
    public void Start() => Start(resume: true);

    /// <summary>Starts with a check of what is on disk, as without a record.</summary>
    public void StartByChecking() => Start(resume: false);

    /// <summary>Stops in an orderly way; <see cref="Restart"/> starts it again.</summary>
    public void Stop()
    {
        Trace("stops");
        _run.Recording.Stop(isWanted: true);
        IsRunning = false;
        _swarm.Network.StopListening(Host);
    }

    /// <summary>The user stops the torrent, and the program goes on.</summary>
    public void Pause()
    {
        Trace("pauses");
        _run.Recording.Stop(isWanted: false);
    }

    /// <summary>The user starts the torrent again, once its stop is recorded; what is on disk is known.</summary>
    public void Resume()
    {
        Trace("resumes");
        _run.Recording.Resume();
    }

    /// <summary>The program is killed or the power fails; nobody is notified.</summary>
    public void Kill(bool powerFails = false)
    {
        Trace("dies");
        IsRunning = false;
        _swarm.Network.StopListening(Host);
        BeginRun(powerFails);
        _swarm.Network.Reset(Host);
    }

    /// <summary>Starts again after <see cref="Stop"/> or <see cref="Kill"/>.</summary>
    public void Restart()
    {
        if (Machine.Phase is TorrentPhase.Stopped && !IsRunning)
            BeginRun(powerFails: false);
        Start();
    }

    /// <summary>
    /// What must hold after every event: memory, connections, requests and blocks are within their limits, and no piece is believed that is
    /// not there.
    /// </summary>
    public void CheckRules()
    {
        if (Pool.Rented > Options.PoolBlocks)
            throw new SimFailureException($"{Name} has {Pool.Rented} blocks of memory rented, and there are {Options.PoolBlocks}");
        _run.Connections.CheckRules();
        if (Machine.Have.Count > _believed.Count)
            CheckNews();
        else if (Machine.Have.Count < _believed.Count)
            _believed = Machine.Have.Clone();
    }

    /// <summary>
    /// Every byte of its pieces is correct; that is not promised after a power cut on a disk whose flushes lied.
    /// </summary>
    public void CheckBytes()
    {
        if (Disk.Files.IsInDoubt)
            return;
        for (PieceIndex? next = Machine.Have.FirstAtOrAfter(default);
            next is { } piece;
            next = Machine.Have.FirstAtOrAfter(new(piece.Value + 1)))
            CheckBytes(piece);
    }

    public void OnFact(TorrentFact fact)
    {
        Trace(fact.ToString());
        Facts.Add(fact);
        if (fact is TorrentFact.PieceVerified verified)
            CheckBytes(verified.Piece);
    }

    public void OnTick() => Ticks++;

    public void OnPieceHashed(PieceVerdict verdict) => _run.Input.OnPieceHashed(verdict, Now);

    public void OnPieceChecked(PieceIndex piece, bool ok) => _run.Input.OnPieceChecked(piece, ok);

    public void OnDataClaimed() => _run.Recording.OnDataClaimed();

    public void OnCheckFinished() => _run.Input.OnCheckFinished(Now);

    public void OnDiskFailed(DiskFailure failure) => _run.Input.OnDiskFailed(failure, Now);

    public void OnDiskRecovered() => _run.Input.OnDiskRecovered(Now);

    public void OnPowerCut() => Kill(powerFails: true);

    public void Trace(string what) => _swarm.Trace.Add(Name, what);

    public override string ToString() => Name;

    // Of the pieces that were there before, one at a time in turn; all of them once at the end.
    private void CheckNews()
    {
        if (!Disk.Files.IsInDoubt)
        {
            for (PieceIndex? next = Machine.Have.FirstNotIn(_believed, default);
                next is { } piece;
                next = Machine.Have.FirstNotIn(_believed, new PieceIndex(piece.Value + 1)))
                CheckBytes(piece);
            _turn = (_turn + 1) % _believed.Length;
            if ((_believed.FirstAtOrAfter(new PieceIndex(_turn)) ?? _believed.FirstAtOrAfter(default)) is { } old)
            {
                _turn = old.Value;
                if (Machine.Have[old])
                    CheckBytes(old);
            }
        }

        _believed = Machine.Have.Clone();
    }

    private void CheckBytes(PieceIndex piece) => _swarm.Content.RequireOriginal(Disk.Files.Peek(piece), piece, Name);

    private void BeginRun(bool powerFails)
    {
        _run.End();
        Disk.Crash(powerFails);
        _run = new SimRun(this, _swarm, _random);
        _believed = new Bitfield(_swarm.Content.Layout.PieceCount);
    }

    private void Start(bool resume)
    {
        IsRunning = true;
        StartingPoint point = Disk.Begin(resume);
        Trace($"starts with {point.Have.Count} pieces");
        SimRun run = _run;
        _swarm.Network.Listen(Host, socket => run.Connections.Adopt(socket, outgoing: false));
        foreach (PartialPiece partial in point.Partials)
            run.Rules.OnRestored(partial);
        run.Recording.Start(point);
    }
}
