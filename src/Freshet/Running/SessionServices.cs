using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using Freshet.Connections;
using Freshet.Core;
using Freshet.Core.Metainfo;
using Freshet.Core.PortMapping;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;
using Freshet.Core.Utp;
using Freshet.Core.Wire;
using Freshet.Diagnostics;
using Freshet.Discovery;
using Freshet.Discovery.PortMapping;
using Freshet.Disk;
using Freshet.Disk.Files;
using Freshet.Loops;
using Freshet.Network;
using Freshet.Persistence;
using Freshet.WebSeeds;
using Microsoft.Extensions.Logging;

namespace Freshet.Running;

/// <summary>What a session's torrents share. Every member is safe to use from any thread.</summary>
internal sealed class SessionServices : IAsyncDisposable
{
    private static readonly TimeSpan NoticeableLateness = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan BetweenAddressChecks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenClockSaves = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan BetweenShortageWarnings = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly int _mostConnections;
    private readonly int _mostStrangers;
    private readonly BlocklistWatch _blocklist;
    private Timestamp _nextAddressCheck;
    private int _epoch;
    private long _outsiderAt;
    private ScheduledLimits? _scheduled;
    private TimeSpan _savedClock;
    private Task _savingClock = Task.CompletedTask;
    private long _nextShortageWarning;
    private Heartbeat? _heartbeat;
    private PeerListener? _listener;
    private UtpProtocol? _utp;
    private SessionOptions _options;

    public SessionServices(SessionOptions options, TorrentTable torrents)
    {
        _options = options;
        Torrents = torrents;
        Logger = options.LoggerFactory.CreateLogger("Freshet");
        Time = options.TimeProvider;
        EarlyPeers = new EarlyPeers(Time);
        Events = new EventHub(Time);
        OwnBinding = new NetworkBinding(options.Bind);
        Binding = options.Proxy is null ? OwnBinding : SealedBinding.Of(OwnBinding);
        _blocklist = new BlocklistWatch(Binding.Filter, Warn, OnFilterChanged);
        _blocklist.Load(options.Blocklist);
        State = options.StateFolder is null ? null : new StateFolder(options.StateFolder, options.FileSystem);
        State?.Lock(isShared: !options.RestoreTorrents);
        Clock = new SessionClock(Time, State is { IsAlone: true } alone ? alone.LoadClock() : default);
        Pool = new BlockPool(options.BlockPoolSize.Bytes);
        HandleBudget handles = HandleBudget.Of(options);
        if (handles.Connections < options.MaxConnections || handles.Files < options.MaxOpenFiles)
            Log.HandlesLimited(Logger, handles.Connections, handles.Files);
        _mostConnections = handles.Connections < options.MaxConnections ? handles.Connections : int.MaxValue;
        _mostStrangers = handles.Strangers;
        Files = new FileHandles(handles.Files);
        Disk = new DiskService(new DiskServiceOptions
        {
            Pool = Pool,
            Workers = options.DiskThreads,
            Time = Time,
            OnFault = e => Log.EscapedException(Logger, "a disk thread", e),
        });
        Storage = new DiskServices(Disk, Files, options.FileSystem);
        Connections = new ConnectionBudget(handles.Connections, options.MaxHalfOpen) { OnShortage = OnShortage };
        Competition = new Competition(
            Translation.ToLimits(options, _mostConnections, Pool.Capacity),
            Pool,
            Alarms,
            Time,
            e => Log.EscapedException(Logger, "what torrents compete for", e));
        _epoch = OwnBinding.Epoch;
        Local = options is { LocalDiscovery: true, Proxy: null } ? LocalStart.Create(this) : null;
        Metrics = new Metrics(
            options.MeterFactory, Pool, () => Connections.Connections, () => torrents.Count, () => _heartbeat?.Lateness.TotalSeconds ?? 0);
        Metrics.ObserveDatagrams(() => Udp?.Statistics.ByOutcome ?? []);
        ProxyDialer? proxy = options.Proxy is null ? null : new ProxyDialer(options.Proxy, OwnBinding, TcpConnector.Patience);
        TcpConnector tcp = new(Binding, Time) { Proxy = proxy };
        UtpConnector utp = new(Binding, () => _utp, Time);
        IConnector[] connectors = (proxy is null ? options.Utp : UtpMode.Off) switch
        {
            UtpMode.Off => [tcp],
            UtpMode.Only => [utp],
            _ => [tcp, utp],
        };
        DialPlans = new DialPlanner([.. connectors.Select(static connector => connector.Transport)], options.Encryption);
        Dialer = new PeerDialer(Connections, connectors, options.Encryption, Time)
        {
            OnAttempt = (transport, isEncrypted, isGood) => Metrics.AddDial(transport, isEncrypted, isGood),
        };
        HttpRequesterOptions http = new() { Binding = Binding, Proxy = proxy };
        Trackers = new TrackerService(http, () => Udp, time: Time);
        WebSeeds = new WebSeedClient(http, Time);
        Rates = new SessionRates(options, Time);
        KeepToRates(Scheduled, options);
        PeerId = PeerIds.Create(NewRandom());
        AnnounceKey = BinaryPrimitives.ReadUInt32LittleEndian(RandomNumberGenerator.GetBytes(4));
    }

    public SessionOptions Options => Volatile.Read(ref _options);

    /// <summary>All of them.</summary>
    public TorrentTable Torrents { get; }

    public ILogger Logger { get; }

    /// <summary>What time it is.</summary>
    public TimeProvider Time { get; }

    /// <summary>How long the sessions of the state folder have run.</summary>
    public SessionClock Clock { get; }

    public StateFolder? State { get; }

    public BlockPool Pool { get; }

    public FileHandles Files { get; }

    public DiskService Disk { get; }

    /// <summary>All that a torrent needs to get at its data.</summary>
    public DiskServices Storage { get; }

    public ConnectionBudget Connections { get; }

    /// <summary>Divides among torrents what there is of connections, dials, slots and blocks.</summary>
    public Competition Competition { get; }

    /// <summary>Where sockets are opened, and names looked up: nowhere if all is to go through a proxy.</summary>
    public NetworkBinding Binding { get; }

    /// <summary>What may be used of this machine, and whether it is there; the proxy too is connected to from it.</summary>
    public NetworkBinding OwnBinding { get; }

    /// <summary>
    /// The owner of the UDP port, which has no socket while no protocol is registered; null until the session has started.
    /// </summary>
    public UdpMux? Udp { get; private set; }

    /// <summary>Our node of the DHT; null if the session does not take part, and before it has started.</summary>
    public DhtService? Dht { get; private set; }

    /// <summary>Has a router lead ports to us; null if the session does not, and before it has started.</summary>
    public PortMapper? Mapper { get; private set; }

    /// <summary>Looks for peers on local networks; null if the session does not.</summary>
    public LocalDiscovery? Local { get; }

    /// <summary>Incoming peers whose torrents are not open yet.</summary>
    public EarlyPeers EarlyPeers { get; }

    public PeerDialer Dialer { get; }

    /// <summary>In which ways peers are dialled.</summary>
    public DialPlanner DialPlans { get; }

    public TrackerService Trackers { get; }

    /// <summary>Asks web seeds, for all torrents.</summary>
    public WebSeedClient WebSeeds { get; }

    /// <summary>The limits that all torrents share.</summary>
    public SessionRates Rates { get; }

    public EventHub Events { get; }

    /// <summary>Ends torrents that have seeded enough. Set by the session before it has torrents.</summary>
    public SeedEnds SeedEnds { get; set; } = null!;

    public Alarms Alarms { get; } = new();

    public Metrics Metrics { get; }

    public PeerId PeerId { get; }

    public uint AnnounceKey { get; }

    public IReadOnlyList<IPEndPoint> ListenEndPoints { get; private set; } = [];

    /// <summary>The port that peers and trackers are told.</summary>
    public int ListenPort => ListenEndPoints.Count > 0 ? ListenEndPoints[0].Port : 0;

    /// <summary>Whether peers on the internet can connect to us.</summary>
    public ReachabilityStatus Reachability
    {
        get
        {
            long at = Volatile.Read(ref _outsiderAt);
            return Core.PortMapping.Reachability.Of(at == 0 ? null : Time.Now() - new Timestamp(at), Mapper?.Status);
        }
    }

    /// <summary>The port to announce over a family: that of the router, if one leads to ours.</summary>
    public int AnnouncedPort(AnnounceFamily family) => family != AnnounceFamily.IPv6 && Mapper?.Status.TcpPort is { } mapped
        ? mapped
        : AnnounceAddresses.PortOf(ListenEndPoints, family);

    /// <summary>Over which families trackers are announced to.</summary>
    public ImmutableArray<AnnounceFamily> AnnounceFamilies => AnnounceAddresses.FamiliesOf(ListenEndPoints);

    /// <summary>A source of chance for one torrent, seeded so that nobody outside can foresee it.</summary>
    public static Random NewRandom() => new();

    /// <summary>Our side of the handshake for a torrent.</summary>
    public Handshake HandshakeFor(InfoHash infoHash) =>
        new(Dht is null ? ReservedBits.Ours : ReservedBits.Ours.WithDht(), infoHash, PeerId);

    /// <summary>Begins to listen and to tick.</summary>
    /// <exception cref="FreshetException">It cannot listen.</exception>
    public void Start(IIncomingPeers incoming)
    {
        if (Options.Proxy is { } proxy)
            Log.Proxied(Logger, proxy);
        else
            Listen(incoming);
        _savedClock = Clock.Now;
        _heartbeat = new Heartbeat(Tick, e => Log.EscapedException(Logger, "the heartbeat", e), Time);
    }

    private void Listen(IIncomingPeers incoming)
    {
        PeerListenerOptions listening = new()
        {
            Binding = Binding,
            Port = Options.ListenPort,
            MaxHandshakes = _mostStrangers,
            Encryption = Options.Encryption,
            RefusesTcp = Options.Utp == UtpMode.Only,
            Time = Time,
        };
        try
        {
            _listener = PeerListener.Start(listening, Connections, incoming);
        }
        catch (ListenFailedException e)
        {
            throw new FreshetException(FreshetError.CannotListen, e.Message, e);
        }

        ListenEndPoints = _listener.EndPoints;
        foreach (IPEndPoint endPoint in ListenEndPoints)
            Log.Listening(Logger, endPoint);
        Udp = new UdpMux(new UdpMuxOptions
        {
            Binding = Binding,
            Port = ListenPort,
            Time = Time,
            OnFault = e => Log.EscapedException(Logger, "a protocol over UDP", e),
        });
        if (Options.Dht is { } dht)
        {
            Dht = DhtStart.Create(this, Udp, dht);
            _ = Dht.StartAsync();
        }

        if (Options.Utp != UtpMode.Off)
            StartUtp(Udp, _listener);
        if (Options.PortMapping && !Binding.IsLoopback)
            Mapper = MapperStart.Create(this);
    }

    /// <summary>A peer with a public address has connected to us.</summary>
    public void OnOutsider() => Volatile.Write(ref _outsiderAt, Time.Now().Ticks);

    public ValueTask StopListeningAsync() => Interlocked.Exchange(ref _listener, null)?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Takes over what may change while a session runs.</summary>
    /// <exception cref="ArgumentException">Something else was changed; nothing was taken over.</exception>
    public void Apply(SessionOptions options)
    {
        lock (_lock)
        {
            SessionOptions unchangeable = options with
            {
                DownloadFolder = _options.DownloadFolder,
                MaxConnections = _options.MaxConnections,
                MaxDownloadRate = _options.MaxDownloadRate,
                MaxUploadRate = _options.MaxUploadRate,
                CheckpointInterval = _options.CheckpointInterval,
                Preallocation = _options.Preallocation,
                LocalNetwork = _options.LocalNetwork,
                Schedule = _options.Schedule,
                Blocklist = _options.Blocklist,
                Queue = _options.Queue,
                SeedLimits = _options.SeedLimits,
            };
            if (unchangeable != _options)
            {
                throw new ArgumentException(
                    "Only the download folder, preallocation, rates, the schedule, the blocklist, the queue, limits of seeding, the "
                    + "number of connections and the checkpoint interval can be changed in a running session; "
                    + "start a new one for the rest.",
                    nameof(options));
            }

            Volatile.Write(ref _options, options);
            KeepToRates(Scheduled, options);
            Connections.MaxConnections = Math.Min(options.MaxConnections, _mostConnections);
        }
    }

    /// <summary>Looks whether the address to use is gone, or another. If it is news, it is told.</summary>
    public bool HasLostAddress()
    {
        if (OwnBinding.Check())
        {
            Udp?.OnAddressChanged();
            Local?.OnAddressChanged();
            Warn(OwnBinding.News);
        }

        return OwnBinding.Trouble is not null;
    }

    public async ValueTask DisposeAsync()
    {
        _heartbeat?.Dispose();
        await StopListeningAsync().ConfigureAwait(false);
        Local?.Dispose();
        if (Mapper is not null)
            await Mapper.DisposeAsync().ConfigureAwait(false);
        if (Dht is not null)
            await Dht.DisposeAsync().ConfigureAwait(false);
        if (_utp is not null)
            await _utp.DisposeAsync().ConfigureAwait(false);
        if (Udp is not null)
            await Udp.DisposeAsync().ConfigureAwait(false);
        await Disk.DisposeAsync().ConfigureAwait(false);
        Trackers.Dispose();
        WebSeeds.Dispose();
        Rates.Dispose();
        Metrics.Dispose();
        Events.Close();

        // Those of a disk that does not answer may take for ever to close.
        Task closing = Task.Factory.StartNew(
            Files.Dispose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Task ends = Task.WhenAll(closing, _savingClock, SaveClockAsync());
        await ends.WaitAsync(Limits.LastStopTime, Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        State?.Dispose();
    }

    private void StartUtp(UdpMux udp, PeerListener listener)
    {
        UtpMachineOptions options = new()
        {
            // Those that are closing still have a place.
            MaxConnections = 2 * (Math.Min(Options.MaxConnections, _mostConnections) + _mostStrangers),
            Secret = RandomNumberGenerator.GetBytes(32),
        };
        _utp = new UtpProtocol(udp, options, NewRandom(), Time) { OnIncoming = listener.TryAdd };
        _utp.Start();
    }

    // What the clock on the wall asks for.
    private ScheduledLimits? Scheduled => ScheduledLimits.At(Options.Schedule, Time.GetLocalNow().DateTime);

    private void KeepToRates(ScheduledLimits? scheduled, SessionOptions options)
    {
        _scheduled = scheduled;
        if (scheduled is not null)
            options = options with { MaxDownloadRate = scheduled.MaxDownloadRate, MaxUploadRate = scheduled.MaxUploadRate };
        Rates.Apply(options);
        Competition.Apply(Translation.ToLimits(options, _mostConnections, Pool.Capacity));
    }

    private void OnFilterChanged()
    {
        foreach (Torrent torrent in Torrents.All)
            torrent.Actor.PostSessionOptions();
    }

    // At rest this one file is all that is written. Lost, it costs torrents a little of their times.
    private async Task SaveClockAsync()
    {
        if (State is not { IsAlone: true } state)
            return;
        TimeSpan clock = Clock.Now;
        try
        {
            await state.RunAsync(() => state.SaveClock(clock)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.SessionWarning(Logger, $"The session's record cannot be written: {e.Message}");
        }
    }

    private void Tick(Timestamp now)
    {
        if (_heartbeat is { } heartbeat && heartbeat.Lateness > NoticeableLateness)
            Log.HeartbeatLate(Logger, heartbeat.Lateness);
        _blocklist.Tick(now, Options.Blocklist);
        if (now >= _nextAddressCheck)
        {
            _nextAddressCheck = now + BetweenAddressChecks;
            lock (_lock)
            {
                if (Scheduled is var scheduled && scheduled != _scheduled)
                    KeepToRates(scheduled, Options);
            }

            // Every torrent is to end its connections now, whenever it would have woken.
            HasLostAddress();
            if (OwnBinding.WhyCut(ref _epoch) is not null)
                Alarms.Ring(Timestamp.Never);
            if (_listener is { } listener && listener.Renew())
                ListenEndPoints = listener.EndPoints;
        }

        if (Clock.Now - _savedClock >= BetweenClockSaves && _savingClock.IsCompleted)
        {
            _savedClock = Clock.Now;
            _savingClock = SaveClockAsync();
        }

        Disk.Tick(now);
        Competition.MeasureBlocks();
        Alarms.Ring(now);
    }

    private void OnShortage()
    {
        long now = Time.Now().Ticks;
        long next = Interlocked.Read(ref _nextShortageWarning);
        long after = now + BetweenShortageWarnings.Ticks;
        if (now < next || Interlocked.CompareExchange(ref _nextShortageWarning, after, next) != next)
            return;
        Warn($"The system gives no more file handles, with {Connections.Connections} connections and {Files.Count} files open: "
            + "other peers have to wait. Raise the limit (ulimit -n), or allow fewer connections or open files.");
    }

    private void Warn(string message)
    {
        Log.SessionWarning(Logger, message);
        Events.Publish(new SessionEvent.Warning(null, message));
    }
}
