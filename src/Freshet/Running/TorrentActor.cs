using System.Net;
using Freshet.Connections;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;
using Freshet.Diagnostics;
using Freshet.Discovery;
using Freshet.Disk;
using Freshet.Loops;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// A torrent at work: its machine, and the loop that alone may touch it. What its user says and what connections, disk and trackers report
/// comes in here on any thread and is posted to the loop; what the machine wants goes out through <see cref="TorrentEffects"/>.
/// </summary>
internal sealed class TorrentActor : IPeerConnectionOwner, ITorrentDiskOwner, ILoopItem, IAsyncDisposable
{
    // How long trackers may take to hear that we leave.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(1);

    private readonly SessionServices _services;
    private readonly EventLoop _loop;
    private readonly TorrentMachine _machine;
    private readonly TorrentEffects _effects;
    private readonly TorrentMemory _memory;
    private readonly TorrentStore _store;
    private readonly Checkpoints _checkpoints;
    private readonly TorrentOutcome _outcome = new();
    private readonly OneAtATime _changes = new();
    private readonly StatusBoard _board;
    private readonly Alarm _alarm;
    private TaskCompletionSource? _leaving;
    private bool _isRunning;
    private TorrentPhase? _newPhase;

    private TorrentActor(SessionServices services, TorrentMetainfo metainfo, TorrentOptions options, TorrentMemory memory)
    {
        _services = services;
        _memory = memory;
        Metainfo = metainfo;
        Options = options;
        Handle = new Torrent(this);
        _loop = new EventLoop(e => Log.EscapedException(services.Logger, metainfo.Name, e));
        _store = new TorrentStore(services, metainfo, memory.Folder, this);
        _effects = new TorrentEffects(services, this, _store);
        _machine = new TorrentMachine(Translation.ToMachine(services, metainfo, options), _effects, SessionServices.NewRandom());
        _checkpoints = new Checkpoints(services, memory, _store, Handle, onFailed: () => Post(static _ => { }));
        _board = new StatusBoard(_machine);
        _alarm = new Alarm(services.Alarms, () => _loop.Post(this));
    }

    public TorrentMetainfo Metainfo { get; }

    public Torrent Handle { get; }

    public string Folder => _memory.Folder;

    public TorrentOptions Options { get; private set; }

    public TorrentStatus Status => _board.Status;

    public Task Completion => _outcome.Completion;

    /// <summary>When it is woken next, if nothing happens till then: within a beat while something does.</summary>
    public Timestamp NextTick => _alarm.Next;

    /// <summary>Opens a torrent without starting it.</summary>
    /// <exception cref="FreshetException">Another process has it in the same folder, or its state cannot be written.</exception>
    public static TorrentActor Open(SessionServices services, TorrentMetainfo metainfo, ReadOnlyMemory<byte> content, TorrentOptions options)
    {
        string folder = Path.GetFullPath(options.DownloadFolder ?? services.Options.DownloadFolder);
        metainfo = MetainfoLoader.ForDataIn(folder, metainfo, content);
        return new TorrentActor(services, metainfo, options, TorrentMemory.Open(services.State, metainfo, content, folder));
    }

    // What its user says. One change of state at a time; each ends when it is done.

    public Task StartAsync() => _changes.RunAsync(async () =>
    {
        if (_isRunning)
            return;
        _isRunning = true;
        _outcome.OnStarting();
        if (_memory.Caution is { } caution)
            Warn(caution);
        ResumePlan plan = await Task.Run(() => _memory.Plan(_store.Survey(), Options.Resume, Warn)).ConfigureAwait(false);
        StorageError? trouble = null;
        if (plan is ResumePlan.Go { Have.IsFull: false } go)
        {
            plan = await _memory.BeginAsync(go).ConfigureAwait(false);
            if (plan is ResumePlan.Go)
                trouble = await Task.Run(() => _store.Prepare(Options)).ConfigureAwait(false);
        }

        await OnLoopAsync(now => Begin(plan, trouble, now)).ConfigureAwait(false);
    });

    public Task StopAsync() => _changes.RunAsync(StopCoreAsync);

    public async Task ApplyAsync(TorrentOptions options)
    {
        bool wantsOtherFiles = false;
        await OnLoopAsync(now =>
        {
            wantsOtherFiles = !options.FilePriorities.SequenceEqual(Options.FilePriorities);
            Options = options;
            _effects.Rates.Apply(options);
            _machine.ApplySettings(Translation.ToSettings(options), now);
        }).ConfigureAwait(false);
        if (wantsOtherFiles)
            await _changes.RunAsync(() => _isRunning ? Task.Run(() => _store.PrepareMore(Options)) : Task.CompletedTask).ConfigureAwait(false);
    }

    public Task AddPeersAsync(IReadOnlyList<IPEndPoint> peers) => OnLoopAsync(now => _machine.OnPeersFound(peers, PeerSource.Manual, now));

    /// <summary>Stops, and gives back all that the torrent holds. It cannot be started again.</summary>
    public ValueTask DisposeAsync() => DisposeAsync(forget: false);

    private async ValueTask DisposeAsync(bool forget)
    {
        await StopAsync().ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
        if (forget)
            _memory.Forget();
        _memory.Dispose();
        _effects.Dispose();
        _changes.Dispose();
        _outcome.OnRemoved();
    }

    /// <summary>Closes, and forgets the torrent; with its files, if so wanted.</summary>
    public async Task RemoveAsync(bool deleteFiles)
    {
        await DisposeAsync(forget: true).ConfigureAwait(false);
        if (deleteFiles && _store.DeleteFiles() is { } error)
            Warn(error.Message);
    }

    // What happens to it, on any thread.

    public void PostDialled(IPEndPoint peer, DialResult result) => Post(now => OnDialled(peer, result, now));

    public void PostIncoming(ITransport transport, Handshake theirs) =>
        Post(now => Connect(transport, new ConnectedPeer(transport.RemoteEndPoint, theirs, IsOutgoing: false), now));

    public void PostAnnounced(string tracker, AnnounceFamily family, TrackerOutcome<AnnounceResponse> outcome) => Post(now =>
    {
        if (outcome.HasAnswer)
            _machine.OnAnnounced(tracker, family, outcome.Answer, now);
        else if (outcome.IsSkipped)
            _machine.OnAnnounceSkipped(tracker, family, now);
        else
            _machine.OnAnnounceFailed(tracker, family, outcome.Failure, now);
    });

    void IPeerConnectionOwner.Post(PeerConnection connection) => _loop.PostAndRun(connection);

    void IPeerConnectionOwner.OnMessages(PeerConnection connection, ReadOnlySpan<PeerMessage> messages)
    {
        _loop.AssertCurrent();
        Timestamp now = Clock.Now;
        int handled = _effects.LeasesHandled;
        try
        {
            _machine.OnMessages(connection.Key, messages, now);
        }
        catch
        {
            // A bug. The machine hands leases on in the order in which they came, so the rest is known, and not lost to all torrents.
            MessageLeases.Return(_services.Pool, messages, _effects.LeasesHandled - handled);
            throw;
        }

        EndTurn(now);
    }

    void IPeerConnectionOwner.OnUploaded(PeerConnection connection, BlockRange block)
    {
        _loop.AssertCurrent();
        _services.Metrics.AddSent(block.Length);
        Timestamp now = Clock.Now;
        _machine.OnUploaded(connection.Key, block, now);
        _alarm.SetSoon(now);
    }

    void IPeerConnectionOwner.OnReadFailed(PeerConnection connection, BlockRange block, string error)
    {
        _loop.AssertCurrent();
        Timestamp now = Clock.Now;
        _machine.OnUploadFailed(connection.Key, block, now);
        EndTurn(now);
    }

    void IPeerConnectionOwner.OnClosed(PeerConnection connection, DisconnectReason reason, string? detail)
    {
        _loop.AssertCurrent();
        if (!_effects.Forget(connection.Key))
            return;
        Timestamp now = Clock.Now;
        _machine.OnDisconnected(connection.Key, reason, now, detail);
        EndTurn(now);
    }

    void ITorrentDiskOwner.OnPieceHashed(PieceVerdict verdict) => Post(now => _machine.OnPieceHashed(verdict, now));

    void ITorrentDiskOwner.OnPieceChecked(PieceIndex piece, bool isGood) => Post(_ => _machine.OnPieceChecked(piece, isGood));

    void ITorrentDiskOwner.OnCheckFinished() => Post(_machine.OnCheckFinished);

    void ITorrentDiskOwner.OnDiskFailed(StorageError error, DiskOperation operation, IReadOnlyList<PieceIndex> pieces) =>
        Post(now => _machine.OnDiskFailed(Translation.ToFailure(error, operation, [.. pieces]), now));

    void ITorrentDiskOwner.OnDiskRecovered() => Post(_machine.OnDiskRecovered);

    /// <summary>The machine tells a fact; on the loop, from within one of its inputs.</summary>
    public void OnFact(TorrentFact fact)
    {
        switch (fact)
        {
            case TorrentFact.PieceVerified:
                _checkpoints.MarkDirty();
                break;
            case TorrentFact.PhaseChanged changed:
                _checkpoints.MarkDirty();
                _newPhase = changed.Phase;
                break;
        }
    }

    /// <summary>The alarm rang.</summary>
    void ILoopItem.Run()
    {
        Timestamp now = Clock.Now;

        // Were an error of ours to escape, the torrent must not sleep for ever.
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
        if (_isRunning)
            _checkpoints.Tick(_machine, now);
        if (_machine.HasLeft)
            _leaving?.TrySetResult();
        _board.Tick(now);
        EndTurn(now);
    }

    /// <summary>When to tick next, asked at the end of a tick.</summary>
    private Timestamp NextDue(Timestamp now)
    {
        Timestamp next = Timestamp.Min(_machine.NextDue(now), _effects.NextDue);
        if (_isRunning)
            next = Timestamp.Min(next, _checkpoints.NextDue);
        return Timestamp.Min(next, _board.NextDue(now));
    }

    private void Begin(ResumePlan plan, StorageError? trouble, Timestamp now)
    {
        _checkpoints.Begin(now);
        switch (plan)
        {
            case ResumePlan.Refuse refuse:
                _isRunning = false;
                _machine.Fail(refuse.Reason, refuse.Code, now);
                break;
            case ResumePlan.Go go:
                foreach (PartialPiece partial in go.Partial)
                    _store.Disk.RestorePartial(partial);
                _machine.Start(new StartingPoint(go.Have, [.. go.Partial], go.Check), now);
                if (trouble is not null)
                    _machine.OnDiskFailed(Translation.ToFailure(trouble, DiskOperation.Write, []), now);
                if (Options.Peers.Length > 0)
                    _machine.OnPeersFound(Options.Peers, PeerSource.Manual, now);
                break;
        }
    }

    private async Task StopCoreAsync()
    {
        if (!_isRunning)
            return;
        _isRunning = false;
        TaskCompletionSource left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool wasChecked = true;
        await OnLoopAsync(now =>
        {
            _leaving = left;
            wasChecked = !_machine.IsCheckUnfinished;
            _store.Disk.CancelChecks();
            _effects.CancelDials();
            _machine.Stop(now);
        }).ConfigureAwait(false);

        if (await _effects.WaitForConnectionsAsync().ConfigureAwait(false) is > 0 and int running)
            Warn($"{running} connections did not end in time; their uploads probably wait for a disk that does not answer.");

        // While trackers hear of it, pieces that were on their way to disk get there, so that they are recorded too.
        await _store.Disk.FlushAsync().ConfigureAwait(false);
        Task<bool>? saving = null;
        await OnLoopAsync(now => saving = _checkpoints.SaveAsync(_machine, now, clean: wasChecked)).ConfigureAwait(false);
        if (!await saving!.ConfigureAwait(false))
            Warn("The last of what was downloaded could not be recorded; it will be checked at the next start.");
        await Task.WhenAny(left.Task, Task.Delay(Farewell)).ConfigureAwait(false);
    }

    private void OnDialled(IPEndPoint peer, DialResult result, Timestamp now)
    {
        if (result.Transport is { } transport)
            Connect(transport, new ConnectedPeer(peer, result.Theirs, IsOutgoing: true), now);
        else
            _machine.OnConnectFailed(peer, result.Reason, now);
    }

    private void Connect(ITransport transport, ConnectedPeer peer, Timestamp now)
    {
        PeerConnection connection = _effects.Add(transport, this);
        try
        {
            _machine.OnConnected(connection.Key, peer, now);
        }
        catch
        {
            // A bug. The transport is not to stay open without anybody to read it.
            _effects.Disconnect(connection.Key, DisconnectReason.NetworkError);
            throw;
        }

        if (_effects.Has(connection.Key))
            _effects.Start(connection);
    }

    private void Warn(string message)
    {
        Log.Warning(_services.Logger, Metainfo.Name, message);
        _services.Events.Publish(new SessionEvent.Warning(Handle, message));
    }

    private void Post(Action<Timestamp> action) => _loop.Post(() => RunOnLoop(action));

    private void RunOnLoop(Action<Timestamp> action)
    {
        Timestamp now = Clock.Now;
        action(now);
        EndTurn(now);
    }

    /// <summary>What was put into outboxes leaves; a new phase is seen at once and not at the next tick; then facts are told.</summary>
    private void EndTurn(Timestamp now)
    {
        _effects.Flush();
        if (_newPhase is { } phase)
        {
            _newPhase = null;
            _board.Publish(now);
            if (phase is TorrentPhase.Seeding)
                _ = CompleteAsync(phase);
            else
                _outcome.OnPhase(phase);
        }

        _effects.Tell();

        // What this turn has made possible is done at the next beat, once for all turns till then.
        _alarm.SetSoon(now);
    }

    /// <summary>Nobody is told that all is there before it was looked for.</summary>
    private async Task CompleteAsync(TorrentPhase phase)
    {
        if (await Task.Run(_store.IsWhole).ConfigureAwait(false))
            Post(_ => _outcome.OnPhase(phase));
    }

    private Task OnLoopAsync(Action<Timestamp> action)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(() =>
        {
            try
            {
                Timestamp now = Clock.Now;
                action(now);
                EndTurn(now);
                _board.Publish(now);
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
