using System.Collections.Immutable;
using System.Net;
using Freshet.Connections;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Sessions;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;
using Freshet.Core.WebSeeds;
using Freshet.Core.Wire;
using Freshet.Diagnostics;
using Freshet.Discovery;
using Freshet.FileSystem;
using Freshet.Loops;
using Freshet.Persistence;
using Freshet.WebSeeds;

namespace Freshet.Running;

/// <summary>
/// An active torrent: its machine, and the loop that alone may touch it. Commands of its user and reports of connections, disk and trackers
/// arrive on any thread and are posted to the loop; the machine's requests go out through <see cref="TorrentEffects"/>.
/// </summary>
internal sealed class TorrentActor : IPeerConnectionOwner, ICompetitor, IWebSeedOwner, ILoopItem, IAsyncDisposable
{
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(1);

    private readonly SessionServices _services;
    private readonly EventLoop _loop;
    private readonly TorrentMachine _machine;
    private readonly TorrentEffects _effects;
    private readonly TorrentMemory _memory;
    private readonly TorrentHistory _history;
    private readonly TorrentRuns _runs;
    private readonly StatusBoard _board;
    private readonly SeedWatch _seedWatch;
    private readonly Alarm _alarm;
    private TorrentMetainfo? _metainfo;
    private SwarmIdentity _identity;
    private TorrentPhase? _newPhase;

    public TorrentActor(SessionServices services, SwarmIdentity identity, TorrentMetainfo? metainfo, TorrentMemory memory, bool isRestored)
    {
        _services = services;
        _identity = identity;
        _memory = memory;
        Options = memory.Record.Options;
        Handle = new Torrent(this);
        _loop = new EventLoop(e => services.FaultLog.Report(Name, e));
        Key = services.Competition.Add(this, memory.Record.Position);
        _effects = new TorrentEffects(services, this);
        _machine = new TorrentMachine(
            Translation.ToMachine(services, identity, Options) with
            {
                Dht = services.Options.Dht is null ? null : new TorrentDht(services, this),
            },
            _effects,
            SessionServices.NewRandom());
        _effects.Limit(PeerMessageLimits.BeforeMetadata with { Extensions = _machine.ExtensionTable });
        if (metainfo is not null)
            TakeOver(metainfo, OpenStore(metainfo), StartingPoint.Empty(metainfo.Layout.PieceCount), now: default);
        _history = new TorrentHistory(services.Clock, services.Time, memory.Record, isRestored);
        _runs = new TorrentRuns(services, this, new RunningParts(_machine, _effects, memory, _history));
        _board = new StatusBoard(_machine, _history, services.Time.Now());
        _seedWatch = new SeedWatch(services, this);
        _alarm = new Alarm(services.Alarms, () => _loop.Post(this));
    }

    /// <summary>Its key in the session: the first of its info-hashes that was known.</summary>
    public InfoHash InfoHash => _memory.Key;

    /// <summary>Its info-hashes, and where to find peers; more is known once the metadata is there.</summary>
    public SwarmIdentity Identity => Volatile.Read(ref _identity);

    /// <summary>
    /// The torrent's metainfo, without piece hashes and raw bytes if the state folder keeps them. Null until the metadata is known.
    /// </summary>
    public TorrentMetainfo? Metainfo => Volatile.Read(ref _metainfo);

    /// <summary>Its display name: its own, or that of the link until the metadata is known, or the info-hash.</summary>
    public string Name => Metainfo?.Name ?? Identity.Name ?? InfoHash.ToString();

    public Torrent Handle { get; }

    /// <summary>Its key in the competition.</summary>
    public TorrentKey Key { get; }

    /// <summary>Whether an earlier run had recorded it.</summary>
    public bool WasKnown => _memory.WasKnown;

    public string Folder => _memory.Folder;

    /// <summary>Where its files are stored in the folder.</summary>
    public FileMap Map => Store?.Map ?? Record.Map;

    /// <summary>Its data; null until the metadata is known.</summary>
    public TorrentStore? Store => _effects.Store;

    /// <summary>Its last record, written or not.</summary>
    public TorrentRecord Record => _memory.Record;

    /// <summary>The totals of all runs, with what was counted since the last record.</summary>
    public TorrentTotals Totals => _board.Snapshot.TotalsAt(_services.Clock.Now);

    public TorrentOptions Options { get; set; }

    public TorrentStatus Status => _board.StatusWith(_services.Network.Checked?.IsReachable);

    /// <summary>The last snapshot.</summary>
    public TorrentSnapshot Snapshot => _board.Snapshot;

    public ImmutableArray<WebSeedStatus> WebSeeds => _board.Snapshot.WebSeedsAt(_services.Clock.Now);

    /// <summary>The status of each tracker.</summary>
    public ImmutableArray<TrackerStatus> Trackers => _board.Snapshot.TrackersAt(_services.Clock.Now);

    /// <summary>The services it shares with the session's other torrents.</summary>
    public SessionServices Services => _services;

    public Task Completion => _runs.Completion;

    /// <summary>When it wakes next if nothing happens before: within a beat while it is active.</summary>
    public Timestamp NextTick => _alarm.Next;

    /// <summary>Opens a torrent of an earlier session without starting it.</summary>
    public static TorrentActor Restore(SessionServices services, StateFolder state, RestoredTorrent torrent) =>
        new(services, torrent.Identity, torrent.Metainfo, TorrentMemory.Restore(state, torrent), isRestored: true);

    /// <summary>The full metainfo, once the metadata is known.</summary>
    /// <exception cref="FreshetException">
    /// The state folder, which keeps it, cannot be read; or the torrent has failed without metadata.
    /// </exception>
    public async Task<TorrentMetainfo> ReadMetainfoAsync(CancellationToken cancellationToken)
    {
        if (Metainfo is null)
            await _runs.Metadata.WaitAsync(cancellationToken).ConfigureAwait(false);
        TorrentMetainfo metainfo = Metainfo!;
        return _memory.Stored is { } stored
            ? await Task.Run(() => stored.Read() with { Files = metainfo.Files, Warnings = metainfo.Warnings }, cancellationToken)
                .ConfigureAwait(false)
            : metainfo;
    }

    /// <summary>Creates the store for the data of a torrent whose metadata is known. Nothing is written.</summary>
    public TorrentStore OpenStore(TorrentMetainfo metainfo) => new(
        _services.Storage with { Blocks = _effects.Blocks, Warn = Warn },
        _services.Options.Preallocation,
        metainfo,
        _memory,
        new DiskReports(this, _machine));

    /// <summary>Reads the info dictionary for peers that ask for it. If that fails, they get none and nothing else changes.</summary>
    public async Task ReadMetadataAsync()
    {
        ReadOnlyMemory<byte> info = default;
        try
        {
            info = (await ReadMetainfoAsync(CancellationToken.None).ConfigureAwait(false)).InfoBytes;
        }
        catch (FreshetException e)
        {
            Warn($"The torrent's metadata cannot be given to peers. {e.Message}");
        }

        Post(now => _machine.OnMetadataRead(info, now));
    }

    // Commands of its user.

    public Task StartAsync() => _runs.StartAsync();

    public Task ResumeAsync() => _runs.ResumeAsync();

    public Task StopAsync() => _runs.StopAsync();

    public Task RecheckAsync() => _runs.RecheckAsync();

    public Task RenameFilesAsync(IReadOnlyList<(int File, string Path)> names) => _runs.RenameFilesAsync(names);

    public Task MoveAsync(string folder, IProgress<MoveProgress>? progress, CancellationToken cancellation) =>
        _runs.MoveAsync(folder, progress, cancellation);

    public Task ApplyAsync(Func<TorrentOptions, TorrentOptions> change) => _runs.ApplyAsync(change);

    /// <summary>Records its position, and applies it in the competition.</summary>
    public Task PlaceAsync(long position) => QueuePlacing.PlaceAsync(_services, _memory, Key, position);

    /// <summary>Records a change by its user.</summary>
    public Task NoteAsync(Func<TorrentRecord, TorrentRecord> change) => _memory.NoteAsync(change);

    /// <summary>The session's options changed.</summary>
    public void PostSessionOptions() => Post(now => TakeOver(Options, now));

    /// <summary>The blocked addresses changed.</summary>
    public void PostFilterChange() => Post(now =>
    {
        TakeOver(Options, now);
        _effects.OnFilterChanged();
    });

    public Task AddPeersAsync(IReadOnlyList<IPEndPoint> peers) => OnLoopAsync(now => _machine.OnPeersFound(peers, PeerSource.Manual, now));

    /// <summary>The torrent's link names peers.</summary>
    public Task AddNamedPeersAsync(IReadOnlyList<IPEndPoint> peers) =>
        OnLoopAsync(now => _machine.OnPeersFound(peers, PeerSource.Link, now));

    /// <summary>Stops the torrent and frees all it holds. It cannot be started again.</summary>
    public ValueTask DisposeAsync() => new(_runs.CloseAsync(forget: false));

    /// <summary>Completes when a removed torrent writes nothing any more, even if its removal was not awaited.</summary>
    public Task Closed => _memory.Closed;

    /// <summary>Closes the torrent and deletes its record and, if asked for, its files.</summary>
    public async Task RemoveAsync(bool deleteFiles)
    {
        try
        {
            await _runs.CloseAsync(forget: true).ConfigureAwait(false);
        }
        finally
        {
            if (deleteFiles)
                await _runs.DeleteFilesAsync().ConfigureAwait(false);
        }
    }

    // Events from outside, on any thread.

    /// <summary>Peers have sent the metadata, and its hash is right.</summary>
    public void PostMetadata(ReadOnlyMemory<byte> info) => _ = Task.Run(() => _runs.LearnAsync(info));

    /// <summary>Takes the metadata from a .torrent; completes when it is known, or cannot be used.</summary>
    public Task LearnAsync(TorrentMetainfo torrent) => _runs.LearnAsync(torrent.InfoBytes, torrent);

    public void PostDialled(IPEndPoint peer, DialResult result) => Post(now => OnDialled(peer, result, now));

    public void PostPeers(IReadOnlyList<IPEndPoint> peers, PeerSource source) => Post(now => _machine.OnPeersFound(peers, source, now));

    public void PostDhtSearched(DhtOutcome outcome) => Post(now => _machine.OnDhtSearched(outcome, now));

    void ICompetitor.PostIncoming(ITransport transport, Handshake theirs, bool mustReplace) =>
        Post(now => Connect(
            transport,
            new ConnectedPeer(transport.RemoteEndPoint, theirs, IsOutgoing: false, mustReplace) { Way = transport.Way },
            now));

    void ICompetitor.PostAllotted(Allotment allotment) => Post(now => _machine.OnAllotted(allotment, now));

    void ICompetitor.PostMakeRoom() => Post(_machine.OnMakeRoom);

    public void PostAnnounced(AnnounceTarget target, TrackerOutcome<AnnounceResponse> outcome) =>
        Post(now => Translation.Report(_machine, target, outcome, now));

    public void PostPortChanged() => Post(_machine.OnPortChanged);

    public void PostScraped(string tracker, ScrapedSwarm counts) => Post(now => _machine.OnScraped(tracker, counts, now));

    void IPeerConnectionOwner.Post(PeerConnection connection) => _loop.PostAndRun(connection);

    public TorrentMachine Machine => _machine;

    public TorrentReaders Readers => _effects.Readers;

    void IWebSeedOwner.Post(ILoopItem item) => _loop.PostAndRun(item);

    void IWebSeedOwner.Run(Action<Timestamp> action) => RunOnLoop(action);

    void IPeerConnectionOwner.OnMessages(PeerConnection connection, ReadOnlySpan<PeerMessage> messages)
    {
        _loop.AssertCurrent();
        Timestamp now = _services.Time.Now();
        int handled = _effects.LeasesHandled;
        try
        {
            _machine.OnMessages(connection.Key, messages, now);
        }
        catch
        {
            // A bug. The machine passes leases on in the order in which they arrived, so the rest is known and can be returned to the pool.
            MessageLeases.Return(_services.Pool, messages, _effects.LeasesHandled - handled);
            throw;
        }

        EndTurn(now);
    }

    void IPeerConnectionOwner.OnUploaded(PeerConnection connection, BlockRange block)
    {
        _loop.AssertCurrent();
        _services.Metrics.AddSent(block.Length);
        Timestamp now = _services.Time.Now();
        _machine.OnUploaded(connection.Key, block, now);
        _runs.OnSent();
        _alarm.SetSoon(now);
    }

    void IPeerConnectionOwner.OnReadFailed(PeerConnection connection, BlockRange block, string error)
    {
        _loop.AssertCurrent();
        Timestamp now = _services.Time.Now();
        _machine.OnUploadFailed(connection.Key, block, now);
        EndTurn(now);
    }

    void IPeerConnectionOwner.OnClosed(PeerConnection connection, DisconnectReason reason, string? detail)
    {
        _loop.AssertCurrent();
        if (!_effects.Forget(connection.Key))
            return;
        Timestamp now = _services.Time.Now();
        _machine.OnDisconnected(connection.Key, reason, now, detail);
        EndTurn(now);
    }

    /// <summary>On the loop: a verified piece can no longer be read.</summary>
    public void OnPieceLost(PieceIndex piece, StorageError error, Timestamp now)
    {
        _machine.OnPieceLost(piece, now);
        _runs.OnPieceLost();
        Warn($"Piece {piece.Value} is lost, and will be downloaded again. {error.Message}");
    }

    /// <summary>The machine reports a fact; on the loop, from within one of its inputs. False holds it back for now.</summary>
    public bool OnFact(TorrentFact fact)
    {
        if (fact is TorrentFact.PhaseChanged changed)
            _newPhase = changed.Phase;
        return _runs.OnFact(fact);
    }

    /// <summary>The machine asks for the right to write; on the loop, from within one of its inputs.</summary>
    public void ClaimData() => _ = _runs.ClaimAsync();

    /// <summary>On the loop: applies the file selection before peers' pieces are known.</summary>
    public void Select(TorrentMetainfo metainfo, Timestamp now)
    {
        TorrentOptions options = LinkSelection.Apply(Options, _memory.Link, metainfo);
        if (options != Options)
            TakeOver(options, now);
    }

    /// <summary>On the loop: the options have changed.</summary>
    public void TakeOver(TorrentOptions options, Timestamp now)
    {
        Options = options;
        _effects.KeepToRates(options);
        _machine.ApplySettings(Translation.ToSettings(_services.Options, options), now);
    }

    /// <summary>On the loop: the metadata is known, and its data can be accessed.</summary>
    /// <param name="metainfo">The torrent's metainfo.</param>
    /// <param name="store">Its data.</param>
    /// <param name="start">The starting point for a run that has waited for the metadata.</param>
    /// <param name="now">The current time.</param>
    public void TakeOver(TorrentMetainfo metainfo, TorrentStore store, StartingPoint start, Timestamp now)
    {
        // What the state folder keeps need not stay in memory as well: the hashes make up nearly all of most torrents.
        if (_memory.Stored is not null && !metainfo.PieceHashes.IsEmpty)
            metainfo = metainfo with { PieceHashes = default, InfoBytes = default };
        _effects.Open(store);
        _machine.OnMetadata(metainfo, start, now);
        _effects.Limit(PeerMessageLimits.For(metainfo.Layout) with { Extensions = _machine.ExtensionTable });
        Volatile.Write(ref _identity, _machine.Identity);
        Volatile.Write(ref _metainfo, metainfo);
    }

    /// <summary>Runs when the alarm rings.</summary>
    void ILoopItem.Run()
    {
        Timestamp now = _services.Time.Now();

        // If a bug makes an exception escape, the torrent must not sleep forever.
        Timestamp next = now + AfterFault;
        try
        {
            Tick(now);
            next = NextDue(now);
        }
        finally
        {
            _alarm.Set(next);
        }
    }

    private void Tick(Timestamp now)
    {
        _machine.Tick(now);
        _effects.Tick(now);
        _runs.Tick(now);
        _board.Tick(now);
        _seedWatch.Tick(now);
        EndTurn(now);
    }

    /// <summary>The time of the next tick, computed at the end of a tick.</summary>
    private Timestamp NextDue(Timestamp now)
    {
        Timestamp next = Timestamp.Min(Timestamp.Min(_machine.NextDue(now), _effects.NextDue), _seedWatch.NextDue);
        return Timestamp.Min(Timestamp.Min(next, _runs.NextDue), _board.NextDue(now));
    }

    private void OnDialled(IPEndPoint peer, DialResult result, Timestamp now)
    {
        if (result.Transport is { } transport)
        {
            PeerWay way = transport.Way with { Path = result.Path };
            Connect(transport, new ConnectedPeer(peer, result.Theirs, IsOutgoing: true) { Way = way }, now);
        }
        else
        {
            _machine.OnConnectFailed(peer, result.Reason, now);
        }
    }

    private void Connect(ITransport transport, ConnectedPeer peer, Timestamp now)
    {
        PeerConnection connection = _effects.Add(transport, this, peer.IsOutgoing);
        try
        {
            _machine.OnConnected(connection.Key, peer, now);
        }
        catch
        {
            // A bug. The transport must not stay open with nobody reading it.
            _effects.Disconnect(connection.Key, DisconnectReason.NetworkError);
            throw;
        }

        if (_effects.Has(connection.Key))
            _effects.Start(connection);
    }

    /// <summary>Warns its user.</summary>
    public void Warn(string message)
    {
        Log.Warning(_services.Logger, Name, message);
        _services.Events.Publish(new SessionEvent.Warning(Handle, message));
    }

    /// <summary>Makes the loop compute its next wake-up again.</summary>
    public void Wake() => Post(static _ => { });

    /// <summary>Runs an action on the loop, soon.</summary>
    public void Post(Action<Timestamp> action) => _loop.Post(() => RunOnLoop(action));

    private void RunOnLoop(Action<Timestamp> action)
    {
        Timestamp now = _services.Time.Now();
        action(now);
        EndTurn(now);
    }

    /// <summary>Flushes the outboxes, publishes a new phase at once instead of at the next tick, and then reports facts.</summary>
    /// <param name="now">The time.</param>
    /// <param name="publishes">Whether the status is published in any case.</param>
    private void EndTurn(Timestamp now, bool publishes = false)
    {
        _effects.Flush();
        TorrentPhase? phase = _newPhase;
        _newPhase = null;
        if (phase is not null)
            _history.Enter(phase);
        if (publishes || phase is not null)
            _board.Publish(now);
        if (phase is not null)
            _runs.OnPhase(phase, now);

        _effects.ReportFacts();

        // Whatever this turn has made possible is done at the next beat, once for all turns until then.
        _alarm.SetSoon(now);
    }

    /// <summary>Runs an action on the loop and completes when it is done. For commands.</summary>
    public Task OnLoopAsync(Action<Timestamp> action)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(() =>
        {
            try
            {
                Timestamp now = _services.Time.Now();
                action(now);
                EndTurn(now, publishes: true);
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
                throw;
            }
        });
        return done.Task;
    }
}
