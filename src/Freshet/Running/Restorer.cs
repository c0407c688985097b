using Freshet.Core.Metainfo;
using Freshet.Diagnostics;
using Freshet.Disk;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// Brings back the torrents of a state folder: first all of them as they were recorded, which only reads; then those that were running are
/// started, in their order, and so many of one disk at a time that one which hangs holds up no other.
/// </summary>
internal sealed class Restorer(SessionServices services, TorrentTable torrents)
{
    private readonly List<string> _errors = [];
    private readonly Lock _lock = new();

    /// <summary>Torrents that could not be brought back, and why.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_lock)
                return [.. _errors];
        }
    }

    /// <summary>Opens every torrent that is kept.</summary>
    /// <exception cref="FreshetException">The folder cannot be read.</exception>
    public Task OpenAllAsync(StateFolder state, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            ParallelOptions options = new() { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
            Parallel.ForEach(ListOf(state), options, infoHash => Open(state, infoHash));
        },
        cancellationToken);

    /// <summary>Starts those that were running. Ends when each was looked at, or at the cancellation.</summary>
    public Task StartAllAsync(CancellationToken cancellationToken)
    {
        MountPoints mounts = new();
        IEnumerable<IGrouping<string, Torrent>> byDisk = torrents.All
            .Where(torrent => torrent.Actor.Record.Run != RunState.Stopped)
            .GroupBy(torrent => mounts.Of(torrent.Folder), StringComparer.Ordinal);
        ParallelOptions options = new() { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount };
        return Task.WhenAll(byDisk.Select(disk => Parallel.ForEachAsync(disk, options, (torrent, _) => StartAsync(torrent))));
    }

    private static List<InfoHash> ListOf(StateFolder state)
    {
        try
        {
            return [.. state.List()];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(FreshetError.Storage, $"The state folder cannot be read: {e.Message}", e);
        }
    }

    private void Open(StateFolder state, InfoHash infoHash)
    {
        try
        {
            TorrentRecord? record = null;
            string? caution = null;
            TorrentMetainfo metainfo = state.TorrentOf(infoHash).ReadWithoutHashes(torrent =>
            {
                (record, caution) = state.LoadResume(torrent);
                return record is { HasPortableNames: true };
            });
            if (record is null)
            {
                record = Unknown(infoHash);
                caution = $"What was known of \"{metainfo.Name}\" is lost, and with it the folder of its data. "
                    + $"It is stopped; remove it, and add it again with the folder where the data lies. {caution}";
                Note(caution);
            }

            services.Clock.NotBefore(record.Clock);
            torrents.TryAdd(TorrentActor.Restore(services, metainfo, TorrentMemory.Restore(state, metainfo, record, caution)).Handle);
        }
        catch (FreshetException e)
        {
            Note($"{infoHash} could not be brought back. {e.Message}");
        }
    }

    private TorrentRecord Unknown(InfoHash infoHash) => new()
    {
        InfoHash = infoHash,
        Folder = Path.GetFullPath(services.Options.DownloadFolder),
        Run = RunState.Stopped,
        AddedAt = services.Time.GetUtcNow(),
        Clock = services.Clock.Now,
    };

    private static async ValueTask StartAsync(Torrent torrent)
    {
        try
        {
            await torrent.Actor.StartAsync().ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // It was removed meanwhile.
        }
    }

    private void Note(string error)
    {
        Log.SessionWarning(services.Logger, error);
        lock (_lock)
            _errors.Add(error);
    }
}
