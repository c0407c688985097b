using Freshet.Core;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.FileSystem;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// A torrent's runs: how one begins from what is on disk, is recorded while it lasts, and ends. Commands arrive on any thread and run one
/// at a time; the rest belongs to the torrent's loop.
/// </summary>
internal sealed class TorrentRuns
{
    private readonly SessionServices _services;
    private readonly TorrentActor _actor;
    private readonly RunningParts _parts;
    private readonly Checkpoints _checkpoints;
    private readonly Recording _recording;
    private readonly TorrentOutcome _outcome = new();
    private readonly OneAtATime _changes = new();
    private readonly DiskPatience _patience;
    private readonly Learning _learning;
    private readonly RunBeginning _beginning;
    private readonly RunEnding _ending;
    private readonly Completing _completing;
    private readonly Relocation _relocation;
    private readonly Claiming _claiming;
    private readonly OptionChanges _optionChanges;
    private readonly Bringing _bringing;
    private bool _hasWarned;
    private bool _isRunning;
    private bool _isClosed;

    public TorrentRuns(SessionServices services, TorrentActor actor, RunningParts parts)
    {
        _services = services;
        _actor = actor;
        _parts = parts;
        _patience = new DiskPatience(services.Time);
        RecordedTorrent recorded = new(services, actor, parts);
        _checkpoints = new Checkpoints(recorded, _patience);
        _recording = new Recording(recorded, _checkpoints, _patience);
        _learning = new Learning(services, actor, parts);
        _ending = new RunEnding(services, actor, parts, _recording, _patience);
        _beginning = new RunBeginning(actor, parts, _checkpoints, _ending, _patience);
        _relocation = new Relocation(services.Torrents, actor, parts, _ending, _patience);
        _claiming = new Claiming(services.Torrents, actor, parts, _recording, _relocation);
        _completing = new Completing(actor, parts, _checkpoints, _recording, _patience);
        _optionChanges = new OptionChanges(actor, _claiming, _completing, _ending, _patience);
        _bringing = new Bringing(
            actor, _relocation, _changes, () => _isRunning, folder => MoveCoreAsync(folder, progress: null, CancellationToken.None));
        if (parts.Store is not null)
            _outcome.OnMetadata();
    }

    public Task Completion => _outcome.Completion;

    /// <summary>Completes when the metadata is known.</summary>
    public Task Metadata => _outcome.Metadata;

    /// <summary>The latest time for the next call of <see cref="Tick"/>.</summary>
    public Timestamp NextDue => _isRunning ? _checkpoints.NextDue : Timestamp.Never;

    // Commands. Each task completes when the command is done.

    /// <summary>
    /// Begins a run, if there is none. Ends without one if the torrent is stopped meanwhile and the disk does not respond.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The torrent was removed, or its session has ended.</exception>
    public Task StartAsync() => _changes.RunAsync(() =>
    {
        if (!_isRunning)
            _bringing.OnStarting();
        return StartCoreAsync(_actor.Options.Resume);
    });

    /// <summary>Like <see cref="StartAsync"/>, for a restored torrent, unless its user has stopped it in the meantime.</summary>
    /// <exception cref="ObjectDisposedException">The torrent was removed, or its session has ended.</exception>
    public Task ResumeAsync() => _changes.RunAsync(
        () => _parts.History.Run == RunState.Stopped ? Task.CompletedTask : StartCoreAsync(_actor.Options.Resume));

    /// <summary>
    /// Ends the run. The torrent stays stopped when its session is restored. A disk that does not respond is given up after a time.
    /// </summary>
    /// <exception cref="FreshetException">It is stopped, but that cannot be recorded.</exception>
    public Task StopAsync() => EndAsync(async () =>
    {
        if (!await StopCoreAsync(isWanted: false).ConfigureAwait(false))
            throw _recording.Trouble;
    });

    /// <summary>Checks everything on disk, and continues with the result.</summary>
    public Task RecheckAsync() => _changes.RunAsync(async () =>
    {
        // Without metadata there is nothing to check; the files are looked for once it is known.
        if (_parts.Store is not null)
            await _patience.EndAsync(() => StopCoreAsync(isWanted: true)).ConfigureAwait(false);
        await StartCoreAsync(resume: false).ConfigureAwait(false);
    });

    /// <summary>Renames files, one after the other. The metadata must be known.</summary>
    /// <exception cref="ObjectDisposedException">The torrent was removed, or its session has ended.</exception>
    public Task RenameFilesAsync(IReadOnlyList<(int File, string Path)> names) => _changes.RunAsync(async () =>
    {
        ObjectDisposedException.ThrowIf(_isClosed, _actor.Handle);
        await _relocation.ResolveAsync(_patience.Asked).ConfigureAwait(false);
        foreach ((int file, string path) in names)
            await _relocation.RenameAsync(_parts.Store!, file, path).ConfigureAwait(false);
    });

    /// <summary>Moves the torrent to another folder; a running torrent is stopped for it, and continues afterwards.</summary>
    /// <exception cref="ObjectDisposedException">The torrent was removed, or its session has ended.</exception>
    /// <exception cref="FreshetException">The files cannot be moved, or a stop came first.</exception>
    public Task MoveAsync(string folder, IProgress<MoveProgress>? progress, CancellationToken cancellation) => _changes.RunAsync(async () =>
    {
        try
        {
            await MoveCoreAsync(folder, progress, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new FreshetException(
                FreshetError.Storage,
                $"The torrent was stopped while it was moved to {folder}. The next start continues the move.",
                e);
        }
    });

    /// <summary>Changes the options.</summary>
    /// <exception cref="ObjectDisposedException">The torrent was removed, or its session has ended.</exception>
    public async Task ApplyAsync(Func<TorrentOptions, TorrentOptions> change)
    {
        // The turn is taken before anything is awaited, so that commands are carried out in the order in which they were given.
        Task<bool> trying = _optionChanges.TryApplyNowAsync(change);
        Task recording = _changes.RunAsync(() => RecordAsync(change, trying));

        // An invalid change is refused now, and not when it is its turn.
        await trying.ConfigureAwait(false);
        await recording.ConfigureAwait(false);
    }

    /// <summary>Ends the run and frees all the torrent holds. It cannot be started again.</summary>
    /// <param name="forget">
    /// Whether its record is deleted too; otherwise it resumes when its session is restored, if it is running now.
    /// </param>
    /// <exception cref="FreshetException">The record cannot be deleted. Everything else is done.</exception>
    public Task CloseAsync(bool forget) => EndAsync(async () =>
    {
        if (_isClosed)
            return;
        _isClosed = true;
        try
        {
            // A session that does not restore torrents leaves none running for the next session.
            await StopCoreAsync(isWanted: !forget && _services.Options.RestoreTorrents).ConfigureAwait(false);
            CancellationToken givenUp = _ending.HasLostDisk ? new CancellationToken(canceled: true) : _patience.Token;
            if (forget)
                await _relocation.ResolveAsync(asked: default).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (forget && _parts.Store is { } renamed)
                await renamed.Renaming.TryResolveAsync(givenUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_parts.Store is { } store)
                await store.CloseAsync(givenUp).ConfigureAwait(false);
        }
        finally
        {
            await ReleaseAsync(forget).ConfigureAwait(false);
        }
    });

    /// <summary>Deletes the files of a closed torrent, with a time limit for a disk that does not respond.</summary>
    public Task DeleteFilesAsync() => _parts.Store is { } store
        ? new FileRemoval(_services, _actor, store).DeleteAsync(_ending.HasLostDisk ? default : Limits.DiskStopTime)
        : Task.CompletedTask;

    /// <summary>Takes the metadata from peers or from a .torrent, and continues with what is on disk.</summary>
    /// <param name="info">The info dictionary.</param>
    /// <param name="torrent">The whole .torrent, if there is one.</param>
    public Task LearnAsync(ReadOnlyMemory<byte> info, TorrentMetainfo? torrent = null) => _changes.RunAsync(async () =>
    {
        if (_isClosed || _parts.Store is not null)
            return;
        try
        {
            LearnedTorrent learned = await _learning.TakeInAsync(info, torrent, _patience.Token).ConfigureAwait(false);
            await GoOnAsync(learned.Metainfo).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The torrent is about to be stopped. The metadata is fetched again when it next runs.
        }
        catch (FreshetException e) when (!_isRunning)
        {
            // The torrent was stopped meanwhile. The metadata is fetched again when it next runs.
            Warn(e.Message);
        }
        catch (FreshetException e)
        {
            LeaveRun();
            await _actor.OnLoopAsync(now => _parts.Machine.Fail(e.Message, Learning.ReasonOf(e), now)).ConfigureAwait(false);
        }
    });

    /// <summary>
    /// Takes the right to write at the machine's request: a check, or a lost piece, has shown that something is missing. Ends the run if
    /// another session holds it.
    /// </summary>
    public Task ClaimAsync() => _changes.RunAsync(ClaimCoreAsync);

    // On the loop.

    /// <summary>Records when that is due, and notices the end of the run.</summary>
    public void Tick(Timestamp now)
    {
        if (_isRunning)
            _checkpoints.Tick(now);
        _ending.Tick();
    }

    /// <summary>A block was sent: the totals have changed.</summary>
    public void OnSent() => _checkpoints.MarkNews();

    /// <summary>A verified piece is lost, and the record must follow.</summary>
    public void OnPieceLost() => _checkpoints.MarkDirty();

    /// <summary>The machine reports a fact. Completion is reported only once it is on disk: false holds the fact back until then.</summary>
    public bool OnFact(TorrentFact fact)
    {
        if (fact is TorrentFact.PieceVerified)
            _checkpoints.MarkDirty();
        return !_completing.TryKeepBack(fact);
    }

    /// <summary>A new phase began in this turn.</summary>
    public void OnPhase(TorrentPhase phase, Timestamp now)
    {
        if (phase is { IsComplete: true } or TorrentPhase.Failed)
            _relocation.LeavePlace();
        switch (phase)
        {
            case { IsComplete: true }:
                _parts.History.OnCompleted();
                _ = _completing.CompleteAsync(_changes, _outcome, _bringing.TryAsync);
                break;
            case TorrentPhase.Failed:
                _outcome.OnPhase(phase);
                break;
            default:
                _checkpoints.OnPhase(phase, now);
                break;
        }
    }

    // The second half of a change, in its turn.
    private async Task RecordAsync(Func<TorrentOptions, TorrentOptions> change, Task<bool> trying)
    {
        await ((Task)trying).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!trying.IsCompletedSuccessfully)
            return;
        ObjectDisposedException.ThrowIf(_isClosed, _actor.Handle);
        if (!await trying.ConfigureAwait(false))
            await _optionChanges.ApplyInTurnAsync(change, _isRunning ? _parts.Store : null).ConfigureAwait(false);
        await _recording.RequireNotedAsync().ConfigureAwait(false);
    }

    private async Task StartCoreAsync(bool resume)
    {
        ObjectDisposedException.ThrowIf(_isClosed, _actor.Handle);
        if (_isRunning)
            return;
        _isRunning = true;
        _outcome.OnStarting();
        if (!_hasWarned && _parts.Memory.Caution is { } caution)
            Warn(caution);
        _hasWarned = true;
        if (_parts.Store is not null)
        {
            try
            {
                await _relocation.ResolveAsync(_patience.Asked).ConfigureAwait(false);

                // Calls that an earlier run left behind are waited for, unless they hang on a disk that is no longer there.
                await _relocation.FollowDiskAsync().ConfigureAwait(false);
                _relocation.TakePlace();
                TorrentStore store = _parts.Store;
                (ResumePlan plan, StorageError? trouble) = await _beginning.PlanAsync(store, resume).ConfigureAwait(false);
                await _actor.OnLoopAsync(now => Begin(store, plan, trouble, now)).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                LeaveRun();
                if (_patience.IsOver)
                    _ending.LoseDisk("The torrent was stopped before it had started.");
                return;
            }
            catch (FreshetException e)
            {
                LeaveRun();
                await _actor.OnLoopAsync(now => _parts.Machine.Fail(e.Message, TorrentReason.Other, now)).ConfigureAwait(false);
                return;
            }
        }
        else
        {
            await _actor.OnLoopAsync(now => _beginning.Begin(StartingPoint.Empty(0), now)).ConfigureAwait(false);
        }

        if (_parts.Memory.Record.Run == RunState.Stopped)
            await _recording.RequireNotedAsync().ConfigureAwait(false);
    }

    private async Task GoOnAsync(TorrentMetainfo metainfo)
    {
        TorrentStore store = _actor.OpenStore(metainfo);
        if (!_isRunning)
        {
            _relocation.LeavePlace();
            await _actor.OnLoopAsync(now => TakeOver(metainfo, store, start: null, now)).ConfigureAwait(false);
            return;
        }

        if (_actor.Options.StopAtMetadata)
        {
            await StopCoreAsync(isWanted: false, now => TakeOver(metainfo, store, start: null, now)).ConfigureAwait(false);
            return;
        }

        ResumePlan plan;
        StorageError? trouble;
        try
        {
            (plan, trouble) = await _beginning.PlanAsync(store, _actor.Options.Resume).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The torrent is about to be stopped, and does not know this store yet.
            await store.CloseAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
            throw;
        }

        await _actor.OnLoopAsync(now =>
        {
            if (plan is ResumePlan.Go go)
            {
                TakeOver(metainfo, store, _beginning.PointOf(go, store), now);
                _beginning.OnBegun(go, trouble, now);
            }
            else
            {
                // A run that cannot continue must end before it appears to have begun.
                Begin(store, plan, trouble, now);
                TakeOver(metainfo, store, start: null, now);
            }
        }).ConfigureAwait(false);
    }

    private void TakeOver(TorrentMetainfo metainfo, TorrentStore store, StartingPoint? start, Timestamp now)
    {
        _actor.TakeOver(metainfo, store, start ?? StartingPoint.Empty(metainfo.Layout.PieceCount), now);
        _outcome.OnMetadata();
        _learning.Announce(metainfo);
    }

    private async Task ClaimCoreAsync()
    {
        if (!_isRunning || _parts.Store is not { } store)
            return;
        if (await _claiming.TryTakeAsync(store, _patience.Token).ConfigureAwait(false) is not { } trouble)
            return;

        // The result of the check is worth recording: the user will decide and start the torrent again.
        await _patience.EndAsync(() => StopCoreAsync(isWanted: true)).ConfigureAwait(false);
        await _actor.OnLoopAsync(now => _parts.Machine.Fail(trouble.Message, TorrentReason.Other, now)).ConfigureAwait(false);
    }

    private async Task MoveCoreAsync(string folder, IProgress<MoveProgress>? progress, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isClosed, _actor.Handle);
        await _relocation.ResolveAsync(_patience.Asked).ConfigureAwait(false);
        if (folder == _parts.Memory.Folder)
            return;
        await _relocation.CheckAsync(folder).ConfigureAwait(false);
        bool wasRunning = _isRunning;
        if (wasRunning)
            await _patience.EndAsync(() => StopCoreAsync(isWanted: true)).ConfigureAwait(false);
        CancellationToken asked = _patience.Asked;
        try
        {
            await _relocation.MoveAsync(folder, progress, cancellation, asked).ConfigureAwait(false);
        }
        finally
        {
            // Whoever has asked for a stop is next.
            if (wasRunning && !asked.IsCancellationRequested)
                await StartCoreAsync(_actor.Options.Resume).ConfigureAwait(false);
        }
    }

    private void Begin(TorrentStore store, ResumePlan plan, StorageError? trouble, Timestamp now)
    {
        if (plan is ResumePlan.Refuse refuse)
        {
            LeaveRun();
            _parts.Machine.Fail(refuse.Reason, refuse.Code, now);
        }
        else if (plan is ResumePlan.Go go)
        {
            _beginning.Begin(_beginning.PointOf(go, store), now);
            _beginning.OnBegun(go, trouble, now);
        }
    }

    // Returns whether it is recorded that it is stopped, unless it is wanted later.
    private async Task<bool> StopCoreAsync(bool isWanted, Action<Timestamp>? whenLeft = null)
    {
        if (_isRunning)
        {
            _isRunning = false;
            bool isRecorded = await _ending.EndAsync(isWanted, whenLeft).ConfigureAwait(false);
            _relocation.LeavePlace();
            return isRecorded;
        }

        if (isWanted || _parts.Memory.Record.Run == RunState.Stopped)
            return true;
        await _actor.OnLoopAsync(_ => _parts.History.Enter(RunState.Stopped)).ConfigureAwait(false);
        return await _recording.NoteInTimeAsync().ConfigureAwait(false);
    }

    private void LeaveRun()
    {
        _isRunning = false;
        _relocation.LeavePlace();
    }

    private Task EndAsync(Func<Task> end) => _patience.EndAsync(() => _changes.RunAsync(end));

    private async Task ReleaseAsync(bool forget)
    {
        try
        {
            if (!await _patience.EndsInTimeAsync(_parts.Memory.CloseAsync(forget)).ConfigureAwait(false) && forget)
                Warn("The state folder does not answer, so the torrent may come back when the session is restored.");
        }
        finally
        {
            _relocation.LeavePlace();
            _parts.Effects.Dispose();
            _outcome.OnRemoved();
        }
    }

    private void Warn(string message) => _actor.Warn(message);
}
