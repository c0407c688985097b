using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Torrents;
using Freshet.Running;

namespace Freshet;

/// <summary>A torrent of a session. A handle: reading it disturbs nobody, and what it is told to do happens on the torrent's own loop.</summary>
public sealed class Torrent
{
    private readonly TorrentActor _actor;

    internal Torrent(TorrentActor actor) => _actor = actor;

    /// <summary>What names the torrent in its swarm.</summary>
    public InfoHash InfoHash => _actor.Metainfo.SwarmHash;

    /// <summary>Its name.</summary>
    public string Name => _actor.Metainfo.Name;

    /// <summary>The absolute folder that its files lie in.</summary>
    public string Folder => _actor.Folder;

    /// <summary>Everything its .torrent file says.</summary>
    public Task<TorrentMetainfo> Metadata => Task.FromResult(_actor.Metainfo);

    /// <summary>The torrent at the last tick: a snapshot, at most 100 ms old.</summary>
    public TorrentStatus Status => _actor.Status;

    /// <summary>
    /// Completes when all that is wanted is there, verified. Faults with <see cref="TorrentFailedException"/> when the torrent cannot go
    /// on without its user, and is cancelled when the torrent is removed before.
    /// </summary>
    public Task Completion => _actor.Completion;

    /// <summary>What the torrent was told to be.</summary>
    public TorrentOptions Options => _actor.Options;

    internal TorrentActor Actor => _actor;

    /// <summary>Starts it, or tries again after a failure. Nothing happens if it runs.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) => _actor.StartAsync().WaitAsync(cancellationToken);

    /// <summary>Stops it: leaves the swarm, flushes, and records what is there.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default) => _actor.StopAsync().WaitAsync(cancellationToken);

    /// <summary>Changes its options while it runs.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or may not change.</exception>
    public Task ApplyAsync(TorrentOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (options.DownloadFolder != Options.DownloadFolder)
            throw new ArgumentException("The download folder of a torrent that was added cannot be changed.", nameof(options));
        return _actor.ApplyAsync(options).WaitAsync(cancellationToken);
    }

    /// <summary>Tells it of peers to connect to.</summary>
    public Task AddPeersAsync(IEnumerable<IPEndPoint> peers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(peers);
        return _actor.AddPeersAsync([.. peers]).WaitAsync(cancellationToken);
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
