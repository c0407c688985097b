using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Persistence;
using Freshet.Running;

namespace Freshet;

/// <summary>
/// Torrents that share a port, a connection budget, a disk and their limits. Start one, add torrents to it, and dispose of it to leave
/// the swarms and record what is there.
/// </summary>
public sealed class Session : IAsyncDisposable
{
    private readonly SessionServices _services;
    private readonly TorrentTable _torrents;
    private int _disposed;

    private Session(SessionOptions options)
    {
        _torrents = new TorrentTable();
        _services = new SessionServices(options, () => _torrents.Count);
    }

    /// <summary>What the session was told to be.</summary>
    public SessionOptions Options => _services.Options;

    /// <summary>Where peers can connect to it.</summary>
    public IReadOnlyList<IPEndPoint> ListenEndPoints => _services.ListenEndPoints;

    /// <summary>Its torrents, in no order.</summary>
    public IReadOnlyCollection<Torrent> Torrents => _torrents.All;

    /// <summary>Starts a session.</summary>
    /// <exception cref="ArgumentException">Options are wrong; the message names all that are.</exception>
    /// <exception cref="FreshetException">It cannot listen, or its state folder cannot be made.</exception>
    public static async Task<Session> StartAsync(SessionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        cancellationToken.ThrowIfCancellationRequested();
        Session session = new(options);
        try
        {
            session._services.Start(new IncomingPeers(session._services, session._torrents));
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Adds a torrent, and starts it unless its options say otherwise.</summary>
    /// <exception cref="FreshetException">
    /// The torrent cannot be read or is malformed, is in the session already, or is another process's at the moment.
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

    /// <summary>The torrent of that info-hash, or null.</summary>
    public Torrent? Find(InfoHash infoHash) => _torrents.Find(infoHash);

    /// <summary>Stops a torrent and forgets it.</summary>
    /// <param name="torrent">Which.</param>
    /// <param name="deleteFiles">Whether its files are deleted too; those that others put into its folders stay.</param>
    /// <param name="cancellationToken">Ends the waiting, not the removal.</param>
    public async Task RemoveAsync(Torrent torrent, bool deleteFiles, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(torrent);
        if (!_torrents.TryRemove(torrent))
            throw new ArgumentException("The torrent is not in this session.", nameof(torrent));
        await torrent.Actor.RemoveAsync(deleteFiles).WaitAsync(cancellationToken).ConfigureAwait(false);
        _services.Events.Publish(new SessionEvent.TorrentRemoved(torrent));
    }

    /// <summary>Changes the session's options while it runs: the limits. What needs a new session says so in its documentation.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or may not change.</exception>
    public Task ApplyAsync(SessionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _services.Apply(options);
        return Task.CompletedTask;
    }

    /// <summary>
    /// What happens from now on. A reader that falls far behind loses the oldest events, and is told so by
    /// <see cref="SessionEvent.EventsDropped"/>. Ends with the session.
    /// </summary>
    public IAsyncEnumerable<SessionEvent> ReadEventsAsync(CancellationToken cancellationToken = default) =>
        _services.Events.Subscribe(cancellationToken);

    /// <summary>Leaves all swarms, flushes, records what is there, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        await _services.StopListeningAsync().ConfigureAwait(false);
        try
        {
            await Task.WhenAll(_torrents.All.Select(torrent => torrent.Actor.DisposeAsync().AsTask())).ConfigureAwait(false);
        }
        finally
        {
            await _services.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<Torrent> AddCoreAsync(TorrentSource source, TorrentOptions options, CancellationToken cancellationToken)
    {
        (TorrentMetainfo metainfo, ReadOnlyMemory<byte> content) = await MetainfoLoader.LoadAsync(source, cancellationToken).ConfigureAwait(false);
        if (_torrents.Find(metainfo.SwarmHash) is not null)
            throw AlreadyHere(metainfo);

        TorrentActor actor = await Task.Run(() => TorrentActor.Open(_services, metainfo, content, options), cancellationToken).ConfigureAwait(false);
        if (!_torrents.TryAdd(actor.Handle))
        {
            await actor.DisposeAsync().ConfigureAwait(false);
            throw AlreadyHere(metainfo);
        }

        // If the session ended meanwhile, it may have missed this one.
        if (_disposed != 0)
        {
            await actor.DisposeAsync().ConfigureAwait(false);
            throw new ObjectDisposedException(nameof(Session));
        }

        _services.Events.Publish(new SessionEvent.TorrentAdded(actor.Handle));
        foreach (string warning in metainfo.Warnings)
            _services.Events.Publish(new SessionEvent.Warning(actor.Handle, warning));
        if (!options.Stopped)
            await actor.StartAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return actor.Handle;
    }

    private static FreshetException AlreadyHere(TorrentMetainfo metainfo) =>
        new($"\"{metainfo.Name}\" ({metainfo.SwarmHash}) is in this session already.");
}
