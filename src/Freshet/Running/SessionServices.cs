using System.Buffers.Binary;
using System.Security.Cryptography;
using Freshet.Connections;
using Freshet.Core;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;
using Freshet.Diagnostics;
using Freshet.Disk;
using Freshet.Disk.Files;
using Freshet.Loops;
using Freshet.Network;
using Freshet.Persistence;
using Microsoft.Extensions.Logging;

namespace Freshet.Running;

/// <summary>What a session's torrents share. Every member is thread-safe.</summary>
internal sealed class SessionServices : IAsyncDisposable
{
    private static readonly TimeSpan NoticeableLateness = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan BetweenAddressChecks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenClockSaves = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan BetweenShortageWarnings = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly int _mostConnections;
    private readonly BlocklistWatch _blocklist;
    private readonly Scraping _scraping;
    private readonly MixedModes _mixed;
    private Timestamp _nextAddressCheck;
    private ScheduledLimits? _scheduled;
    private TimeSpan _savedClock;
    private byte[] _savedDht;
    private Task _savingClock = Task.CompletedTask;
    private long _nextShortageWarning;
    private Heartbeat? _heartbeat;
    private SessionOptions _options;

    public SessionServices(SessionOptions options, TorrentTable torrents)
    {
        _options = options;
        Torrents = torrents;
        Logger = options.LoggerFactory.CreateLogger("Freshet");
        Time = options.TimeProvider;
        FaultLog = new FaultLog(Logger, Time);
        EarlyPeers = new EarlyPeers(Time);
        Events = new EventHub(Time);
        NetworkBinding binding = new(options.Bind) { NameServers = options.NameServers };
        _blocklist = new BlocklistWatch(binding.Filter, Warn, OnFilterChanged);
        _blocklist.Load(options.Blocklist);
        State = options.StateFolder is null ? null : new StateFolder(options.StateFolder, options.FileSystem);
        State?.Lock(isShared: !options.RestoreTorrents);
        _savedDht = options.Dht is null ? [] : State?.LoadDht() ?? [];
        Clock = new SessionClock(Time, State is { IsAlone: true } alone ? alone.LoadClock() : default);
        Metrics = new Metrics(
            options.MeterFactory, () => Connections?.Connections ?? 0, () => torrents.Count, () => _heartbeat?.Lateness.TotalSeconds ?? 0);
        Pool = new BlockPool(options.BlockPoolSize.Bytes);
        HandleBudget handles = HandleBudget.Of(options);
        if (handles.Connections < options.MaxConnections || handles.Files < options.MaxOpenFiles)
            Log.HandlesLimited(Logger, handles.Connections, handles.Files);
        _mostConnections = handles.Connections < options.MaxConnections ? handles.Connections : int.MaxValue;
        Files = new FileHandles(handles.Files);
        Disk = new DiskService(new DiskServiceOptions
        {
            Pool = Pool,
            Workers = options.DiskThreads,
            Time = Time,
            OnFault = e => FaultLog.Report("a disk thread", e),
            Waits = Metrics.DiskQueue,
        });
        Storage = new DiskServices(Disk, Files, options.FileSystem) { Meters = Metrics.Disk };
        Connections = new ConnectionBudget(handles.Connections, options.MaxHalfOpen) { OnShortage = OnShortage };
        Competition = new Competition(
            Translation.ToLimits(options, _mostConnections, Pool.Capacity),
            Pool,
            Alarms,
            Time,
            e => FaultLog.Report("what torrents compete for", e));
        Metrics.ObserveBlocks(() => Pool.Rented, () => Pool.Total);
        Metrics.ObservePeers(() => PeerCounts.Of(torrents.All));
        Metrics.ObserveDatagrams(() => Network?.Udp?.ByOutcome ?? []);
        Network = new SessionNetwork(this, binding, handles.Strangers);
        _scraping = new Scraping(this);
        Rates = new SessionRates(options, Time);
        _mixed = new MixedModes(Rates, MixedPeers);
        KeepToRates(Scheduled, options);
        PeerId = PeerIds.Create(NewRandom());
        AnnounceKey = BinaryPrimitives.ReadUInt32LittleEndian(RandomNumberGenerator.GetBytes(4));
    }

    public SessionOptions Options => Volatile.Read(ref _options);

    /// <summary>The session's torrents.</summary>
    public TorrentTable Torrents { get; }

    public ILogger Logger { get; }

    /// <summary>Where exceptions that escaped are reported.</summary>
    public FaultLog FaultLog { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>The total running time of the state folder's sessions.</summary>
    public SessionClock Clock { get; }

    public StateFolder? State { get; }

    public BlockPool Pool { get; }

    public FileHandles Files { get; }

    public DiskService Disk { get; }

    /// <summary>What a torrent needs to access its data.</summary>
    public DiskServices Storage { get; }

    public ConnectionBudget Connections { get; }

    /// <summary>Divides connections, dials, slots and blocks among torrents.</summary>
    public Competition Competition { get; }

    /// <summary>The session's network.</summary>
    public SessionNetwork Network { get; }

    /// <summary>Incoming peers whose torrents are not open yet.</summary>
    public EarlyPeers EarlyPeers { get; }

    /// <summary>The limits that all torrents share.</summary>
    public SessionRates Rates { get; }

    public EventHub Events { get; }

    /// <summary>Ends torrents that have reached their seed limit. Set by the session before it has torrents.</summary>
    public SeedEnds SeedEnds { get; set; } = null!;

    public Alarms Alarms { get; } = new();

    public Metrics Metrics { get; }

    public PeerId PeerId { get; }

    public uint AnnounceKey { get; }

    /// <summary>A random number generator for one torrent, seeded unpredictably.</summary>
    public static Random NewRandom() => new();

    /// <summary>Our side of the handshake for a torrent.</summary>
    public Handshake HandshakeFor(InfoHash infoHash) =>
        new(Network.Dht is null ? ReservedBits.Ours : ReservedBits.Ours.WithDht(), infoHash, PeerId);

    /// <summary>The saved state of the DHT, for its start; read when the session was created, since the disk may hang.</summary>
    public byte[] TakeSavedDht() => Interlocked.Exchange(ref _savedDht, []);

    /// <summary>Starts listening and ticking.</summary>
    /// <exception cref="FreshetException">The session cannot listen.</exception>
    public void Start(IIncomingPeers incoming)
    {
        Network.Start(incoming);
        _savedClock = Clock.Now;
        _heartbeat = new Heartbeat(Tick, e => FaultLog.Report("the heartbeat", e), Time);
    }

    /// <summary>Applies options that may change while a session runs.</summary>
    /// <exception cref="ArgumentException">Another option was changed; nothing was applied.</exception>
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

    /// <summary>Warns whoever watches the session.</summary>
    public void Warn(string message)
    {
        Log.SessionWarning(Logger, message);
        Events.Publish(new SessionEvent.Warning(null, message));
    }

    /// <summary>Ends each part, also if another cannot be ended properly: above all, the state folder is unlocked.</summary>
    public async ValueTask DisposeAsync()
    {
        FaultLog.End("the heartbeat", _heartbeat);
        await FaultLog.EndAsync("the network", Network).ConfigureAwait(false);
        await FaultLog.EndAsync("the disk", Disk).ConfigureAwait(false);
        FaultLog.End("rates", Rates);
        FaultLog.End("metrics", Metrics);
        FaultLog.End("events", Events.Close);

        // Files of a disk that does not respond may take forever to close.
        Task closing = Task.Factory.StartNew(
            Files.Dispose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Task ends = Task.WhenAll(closing, _savingClock, SaveClockAsync());
        await ends.WaitAsync(Limits.LastStopTime, Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        FaultLog.LogLeftOut();
        State?.Dispose();
    }

    // The scheduled limits at the current local time.
    private ScheduledLimits? Scheduled => ScheduledLimits.At(Options.Schedule, Time.GetLocalNow().DateTime);

    private void KeepToRates(ScheduledLimits? scheduled, SessionOptions options)
    {
        _scheduled = scheduled;
        if (scheduled is not null)
        {
            options = options with
            {
                MaxDownloadRate = ScheduledLimits.InForce(scheduled.MaxDownloadRate, options.MaxDownloadRate),
                MaxUploadRate = ScheduledLimits.InForce(scheduled.MaxUploadRate, options.MaxUploadRate),
            };
        }

        Rates.Apply(options);
        Competition.Apply(Translation.ToLimits(options, _mostConnections, Pool.Capacity));
    }

    private void OnFilterChanged()
    {
        foreach (Torrent torrent in Torrents.All)
            torrent.Actor.PostFilterChange();
    }

    // When idle, this one file is all that is written. If it is lost, torrents lose a little of their recorded times.
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

            // Every torrent must end its connections now, whatever its next alarm.
            if (Network.Follow())
                Alarms.Ring(Timestamp.Never);
        }

        if (Clock.Now - _savedClock >= BetweenClockSaves && _savingClock.IsCompleted)
        {
            _savedClock = Clock.Now;
            _savingClock = SaveClockAsync();
        }

        Disk.Tick(now);
        _scraping.Tick(now);
        _mixed.Tick(now);
        FaultLog.Tick();
        Competition.MeasureBlocks();
        Alarms.Ring(now);
    }

    // An enumerator for each of thousands of torrents at rest would be too much each second.
    private IEnumerable<PeerStatus> MixedPeers()
    {
        if (Options.Utp != UtpMode.On || Connections.Connections < 2)
            yield break;
        foreach (Torrent torrent in Torrents.All)
        {
            foreach (PeerStatus peer in torrent.Peers)
                yield return peer;
        }
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
}
