using System.Collections.Immutable;
using System.Net;
using Freshet.Core;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Sessions;
using Freshet.Diagnostics;
using Freshet.Loops;
using Freshet.Persistence;
using Freshet.Running;

namespace Freshet;

/// <summary>
/// A set of torrents that share a port, a connection budget, disks and limits. Start a session, add torrents to it, and dispose of it to
/// leave the swarms and save its state.
/// </summary>
public sealed class Session : IAsyncDisposable
{
    private readonly SessionServices _services;
    private readonly TorrentTable _torrents;
    private readonly Restorer _restorer;
    private readonly QueuePlacing _placing;
    private readonly CancellationTokenSource _ending = new();
    private Task _starting = Task.CompletedTask;
    private Task? _stopping;
    private int _disposed;

    private Session(SessionOptions options)
    {
        _torrents = new TorrentTable();
        _services = new SessionServices(options, _torrents);
        _restorer = new Restorer(_services, _torrents);
        _placing = new QueuePlacing(_torrents);
        _services.SeedEnds = new SeedEnds((torrent, mode) => RemoveAsync(torrent, mode));
    }

    /// <summary>The session's current options.</summary>
    public SessionOptions Options => _services.Options;

    /// <summary>The endpoints on which the session accepts peers.</summary>
    public IReadOnlyList<IPEndPoint> ListenEndPoints => _services.Network.ListenEndPoints;

    /// <summary>The torrents in queue order: the order in which they were added, unless they were moved.</summary>
    public IReadOnlyList<Torrent> Torrents => _torrents.All;

    /// <summary>Why torrents of the state folder could not be restored as they were, for people; empty if all were.</summary>
    public IReadOnlyList<string> RestoreErrors => _restorer.Errors;

    /// <summary>
    /// Starts a session and restores the torrents of its state folder. Those that were running are started in the background, since
    /// checking their files may take a while on a slow disk.
    /// </summary>
    /// <param name="options">The session's options.</param>
    /// <param name="cancellationToken">
    /// Cancels the start at any time. If the disk of the state folder does not respond, the call ends two seconds later all the same, and
    /// the folder stays locked until it does.
    /// </param>
    /// <exception cref="ArgumentException">The options are invalid; the message names every invalid one.</exception>
    /// <exception cref="FreshetException">
    /// The session cannot listen (<see cref="FreshetError.CannotListen"/>), its state folder cannot be used
    /// (<see cref="FreshetError.Storage"/>), or another session is using that folder (<see cref="FreshetError.Locked"/>).
    /// </exception>
    public static async Task<Session> StartAsync(SessionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        cancellationToken.ThrowIfCancellationRequested();
        Session session = await OpenAsync(options, cancellationToken).ConfigureAwait(false);
        Task restoring = session._services.State is { IsAlone: true } state
            ? session._restorer.OpenAllAsync(state, cancellationToken)
            : Task.CompletedTask;
        try
        {
            await restoring.WaitOrLeaveAsync(cancellationToken).ConfigureAwait(false);
            session._services.Start(new IncomingPeers(session._services, session._torrents));
            session._starting = session._restorer.StartAllAsync(session._ending.Token);
            return session;
        }
        catch
        {
            await LeaveAsync(restoring, session.DisposeAsync, options.TimeProvider).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Adds a torrent, and starts it unless its options say otherwise. It does not wait for the metadata of a magnet link; use
    /// <see cref="Torrent.WaitForMetadataAsync"/> for that. Metadata that the state folder still has is available at once. Adding the
    /// .torrent of a torrent that is waiting for its metadata supplies the metadata, trackers and web seeds; the options stay as they are.
    /// </summary>
    /// <exception cref="FreshetException">
    /// The torrent cannot be read (<see cref="FreshetError.Storage"/>), is malformed (<see cref="FreshetError.Malformed"/>), is already in
    /// the session (<see cref="FreshetError.TorrentExists"/>; nothing of the source is merged then, such as the trackers of a link), is in
    /// use by another process (<see cref="FreshetError.Locked"/>), or would write to a file that another torrent of the session has and has
    /// not verified (<see cref="FreshetError.PathInUse"/>).
    /// </exception>
    public async Task<Torrent> AddAsync(TorrentSource source, TorrentOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        options ??= new TorrentOptions();
        options.Validate();
        _torrents.BeginAdding();
        try
        {
            return await AddCoreAsync(source, options, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _torrents.EndAdding();
            _services.EarlyPeers.OnChange();
        }
    }

    /// <summary>
    /// Reads a list of blocked addresses as a session does when it starts (<see cref="SessionOptions.Blocklist"/>), to find out whether it
    /// can be used. Blocks.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FreshetException">
    /// It cannot be read (<see cref="FreshetError.Storage"/>), or it has lines and no address among them (<see
    /// cref="FreshetError.Malformed"/>).
    /// </exception>
    public static void CheckBlocklist(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Blocklist list = BlocklistFile.Load(path);
        if (list.Ranges.Count == 0 && list.BadLines > 0)
            throw new FreshetException(FreshetError.Malformed, $"{path} is not a list of addresses: {list.Errors[0]}.");
    }

    /// <summary>Finds a torrent by its info-hash, or returns null. A hybrid torrent has two, the second truncated (BEP 52).</summary>
    public Torrent? Find(InfoHash infoHash) => _torrents.Find(infoHash);

    /// <summary>The session's status, computed from the snapshots of its torrents at each call.</summary>
    public SessionStatus Status => SessionReport.Of(_torrents.All, _services);

    /// <summary>Stops a torrent and removes it from the session.</summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="mode">What happens to its files.</param>
    /// <param name="cancellationToken">Cancels the wait, not the removal.</param>
    /// <exception cref="ArgumentException">The torrent is not in this session.</exception>
    /// <exception cref="FreshetException">
    /// The torrent was removed, but its record could not be deleted from the state folder (<see cref="FreshetError.Storage"/>).
    /// </exception>
    public async Task RemoveAsync(Torrent torrent, RemoveMode mode = RemoveMode.KeepFiles, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(torrent);
        if (!_torrents.TryRemove(torrent, out ImmutableArray<InfoHash> hashes))
            throw new ArgumentException("The torrent is not in this session.", nameof(torrent));
        await RemoveCoreAsync(torrent, hashes, mode == RemoveMode.DeleteFiles).WaitOrLeaveAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Moves a torrent within the order of <see cref="Torrents"/>, which decides which torrents become active first
    /// (<see cref="QueueOptions"/>). The order is kept in the state folder.
    /// </summary>
    /// <param name="torrent">The torrent.</param>
    /// <param name="move">Where it moves.</param>
    /// <param name="cancellationToken">Cancels the wait, not the move.</param>
    /// <exception cref="ArgumentException">The torrent is not in this session.</exception>
    /// <exception cref="FreshetException">The state folder cannot be written (<see cref="FreshetError.Storage"/>).</exception>
    public Task MoveAsync(Torrent torrent, QueueMove move, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(torrent);
        if (!Enum.IsDefined(move))
            throw new ArgumentOutOfRangeException(nameof(move), move, $"Use a member of {nameof(QueueMove)}.");
        return _placing.MoveAsync(torrent, move).WaitOrLeaveAsync(cancellationToken);
    }

    /// <summary>
    /// Changes the session's options while it runs. The options that require a new session say so in their documentation.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of range or cannot be changed while the session runs.</exception>
    public Task ApplyAsync(SessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        SessionOptions before = _services.Options;
        _services.Apply(options);
        if (options.Queue.IgnoreSlow != before.Queue.IgnoreSlow || options.SeedLimits != before.SeedLimits
            || options.LocalNetwork is null != before.LocalNetwork is null)
        {
            foreach (Torrent torrent in _torrents.All)
                torrent.Actor.PostSessionOptions();
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// Reads events from now on, until the session ends. A reader that falls far behind loses the oldest events and receives
    /// <see cref="SessionEvent.EventsDropped"/> in their place.
    /// </summary>
    public IAsyncEnumerable<SessionEvent> ReadEventsAsync(CancellationToken cancellationToken = default) =>
        _services.Events.Subscribe(cancellationToken);

    /// <summary>
    /// Leaves all swarms, flushes, saves the state, and ends the session. Torrents that are running now resume when a session restores
    /// them.
    /// </summary>
    /// <param name="cancellationToken">
    /// Cancels the wait, not the stop. The stop is bounded in time anyway: a disk that does not respond is given up after 20 s, with a
    /// warning that names it. Data that could not be recorded is checked at the next start.
    /// </param>
    /// <exception cref="OperationCanceledException">
    /// The stop did not finish in time. It continues in the background; the state folder stays locked until it ends.
    /// </exception>
    public Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            Volatile.Write(ref _stopping, StopCoreAsync());
        return WaitForEndAsync(cancellationToken);
    }

    /// <summary>Like <see cref="StopAsync"/>, but waits at most <see cref="Limits.SessionStopTime"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource patience = new(Limits.SessionStopTime, _services.Time);
        try
        {
            await StopAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Log.StopTimedOut(_services.Logger, Limits.SessionStopTime);
        }
    }

    // On its own thread, since the state folder's disk may not respond.
    private static async Task<Session> OpenAsync(SessionOptions options, CancellationToken cancellationToken)
    {
        Task<Session> opening = Task.Factory.StartNew(
            () => new Session(options), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return await opening.WaitOrLeaveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await LeaveAsync(
                opening,
                () => opening.IsCompletedSuccessfully ? opening.Result.DisposeAsync() : default,
                options.TimeProvider).ConfigureAwait(false);
            throw;
        }
    }

    // A disk that responds is soon done with what is under way. Then the state folder is free when the caller learns of the end, and can be
    // used at once. If the disk responds only after the caller has given up, the folder is released then.
    private static async Task LeaveAsync(Task underWay, Func<ValueTask> end, TimeProvider time)
    {
        Task ending = EndAfterAsync(underWay, end);
        Waiting.Leave(ending);
        await underWay.WaitAsync(Limits.CancelledStartTime, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (underWay.IsCompleted)
            await ending.ConfigureAwait(false);
    }

    private static async Task EndAfterAsync(Task underWay, Func<ValueTask> end)
    {
        await underWay.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await end().ConfigureAwait(false);
    }

    private async Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        // Another caller has just begun to stop the session.
        Task? stopping;
        while ((stopping = Volatile.Read(ref _stopping)) is null)
            await Task.Yield();
        await stopping.WaitOrLeaveAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task StopCoreAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _services.Network.StopListeningAsync().ConfigureAwait(false);
        try
        {
            await Task.WhenAll(_torrents.All.Select(torrent => torrent.Actor.DisposeAsync().AsTask())).ConfigureAwait(false);
            await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            await _services.DisposeAsync().ConfigureAwait(false);
            _ending.Dispose();
        }
    }

    private async Task<Torrent> AddCoreAsync(TorrentSource source, TorrentOptions options, CancellationToken cancellationToken)
    {
        LoadedSource loaded = await MetainfoLoader.LoadAsync(source, cancellationToken).ConfigureAwait(false);
        ImmutableArray<InfoHash> hashes = loaded.Identity.SwarmHashes;
        await _torrents.WaitForLeavingAsync(hashes).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!_torrents.TryReserve(hashes))
            return await GiveToWaitingAsync(loaded, cancellationToken).ConfigureAwait(false) ?? throw AlreadyHere(loaded);
        Task<TorrentActor> opening = OpenAsync(new NewTorrent(loaded, options, _torrents.TakePosition()), hashes);
        TorrentActor actor;
        try
        {
            actor = await opening.WaitOrLeaveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _torrents.BeginLeaving(hashes);
            _ = TakeBackAsync(opening, hashes);
            throw;
        }

        // If the session ended in the meantime, it may have missed this torrent.
        if (_disposed != 0)
        {
            await actor.DisposeAsync().ConfigureAwait(false);
            throw new ObjectDisposedException(nameof(Session));
        }

        _services.Events.Publish(new SessionEvent.TorrentAdded(actor.Handle));

        // What does not change was said when the torrent was added first.
        foreach (string warning in actor is { WasKnown: false, Metainfo: { } metainfo } ? metainfo.Warnings : [])
            _services.Events.Publish(new SessionEvent.Warning(actor.Handle, warning));
        if (!options.Stopped && !(options.StopAtMetadata && actor.Metainfo is not null))
            await StartOrTakeBackAsync(actor, cancellationToken).ConfigureAwait(false);
        return actor.Handle;
    }

    private async Task<TorrentActor> OpenAsync(NewTorrent added, ImmutableArray<InfoHash> hashes)
    {
        try
        {
            TorrentActor actor = await Adding.OpenAsync(_services, added).ConfigureAwait(false);
            _torrents.Add(actor.Handle, hashes);
            return actor;
        }
        finally
        {
            _torrents.EndReservation(hashes);
        }
    }

    // A caller that cancels gets no handle, so the torrent must not stay in the session either.
    private async Task StartOrTakeBackAsync(TorrentActor actor, CancellationToken cancellationToken)
    {
        try
        {
            await actor.StartAsync().WaitOrLeaveAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _ = TakeBackAsync(Task.FromResult(actor), []);
            throw;
        }
    }

    // Not awaited: the caller may have cancelled because this very disk does not respond.
    private async Task TakeBackAsync(Task<TorrentActor> opening, ImmutableArray<InfoHash> unopened)
    {
        try
        {
            Torrent torrent = (await opening.ConfigureAwait(false)).Handle;
            if (_torrents.TryRemove(torrent, out ImmutableArray<InfoHash> hashes))
                await RemoveCoreAsync(torrent, hashes, deleteFiles: false).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FreshetException or ObjectDisposedException)
        {
            Log.SessionWarning(_services.Logger, $"Adding a torrent failed after it was cancelled: {e.Message}");
        }
        finally
        {
            if (!opening.IsCompletedSuccessfully)
                _torrents.EndLeaving(unopened);
        }
    }

    private async Task RemoveCoreAsync(Torrent torrent, ImmutableArray<InfoHash> hashes, bool deleteFiles)
    {
        try
        {
            await torrent.Actor.RemoveAsync(deleteFiles).ConfigureAwait(false);
        }
        finally
        {
            _services.Events.Publish(new SessionEvent.TorrentRemoved(torrent));
            _ = EndLeavingAsync(torrent, hashes);
        }
    }

    // If the old torrent ends late, it must not delete the record of the new one.
    private async Task EndLeavingAsync(Torrent torrent, ImmutableArray<InfoHash> hashes)
    {
        await torrent.Actor.Closed.ConfigureAwait(false);
        _torrents.EndLeaving(hashes);
    }

    // A torrent that was added by a magnet link and still waits for its metadata takes it from a .torrent.
    private async Task<Torrent?> GiveToWaitingAsync(LoadedSource loaded, CancellationToken cancellationToken)
    {
        Torrent? waiting = loaded.Identity.SwarmHashes.Select(_torrents.Find).FirstOrDefault(torrent => torrent is not null);
        if (waiting is null or { HasMetadata: true } || !loaded.HasMetadata)
            return null;
        await waiting.Actor.LearnAsync(loaded.Metainfo).WaitOrLeaveAsync(cancellationToken).ConfigureAwait(false);
        return waiting.HasMetadata ? waiting : null;
    }

    private static FreshetException AlreadyHere(LoadedSource source)
    {
        InfoHash infoHash = source.Key;
        string name = source.Identity.Name is { } known ? $"\"{known}\" ({infoHash})" : $"Torrent {infoHash}";
        return new FreshetException(FreshetError.TorrentExists, $"{name} is in this session already.");
    }
}
