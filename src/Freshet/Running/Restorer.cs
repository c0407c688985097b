using System.Collections.Concurrent;
using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Diagnostics;
using Freshet.Disk;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// Restores the torrents of a state folder. First all are opened as recorded, which only reads; then those that were running are started in
/// order, with a limit for each disk so that one that hangs does not delay the others.
/// </summary>
internal sealed class Restorer(SessionServices services, TorrentTable torrents)
{
    /// <summary>
    /// How many torrents of a disk may be under way to their start: each mostly waits for its turn at the session and at the disk, so as
    /// many as there are processors leave these idle.
    /// </summary>
    private const int MostStarting = 16;

    private readonly List<string> _errors = [];
    private readonly Lock _lock = new();

    /// <summary>Why torrents could not be restored.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_lock)
                return [.. _errors];
        }
    }

    /// <summary>
    /// Opens every torrent of the state folder, on threads of its own: the folder's disk may hang. After a cancellation it ends when the
    /// disk responds.
    /// </summary>
    /// <exception cref="FreshetException">The folder cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task OpenAllAsync(StateFolder state, CancellationToken cancellationToken)
    {
        DiskCalls reads = new("Freshet restore", Environment.ProcessorCount);
        ConcurrentQueue<KeptTorrent> kept = new(await reads.RunAsync(this, () => ListOf(state)).ConfigureAwait(false));
        bool OpenAll()
        {
            while (!cancellationToken.IsCancellationRequested && kept.TryDequeue(out KeptTorrent next))
                Open(state, next);
            return kept.IsEmpty;
        }

        await Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(_ => reads.RunAsync(new object(), OpenAll)))
            .ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>
    /// Starts the torrents that were running. Completes when the files of each have been looked at, or at the cancellation.
    /// </summary>
    public Task StartAllAsync(CancellationToken cancellationToken)
    {
        MountPoints mounts = new();
        IEnumerable<IGrouping<Mount, Torrent>> byDisk = torrents.All
            .Where(torrent => torrent.Actor.Record.Run != RunState.Stopped)
            .GroupBy(torrent => mounts.Of(torrent.Folder));
        ParallelOptions options = new() { CancellationToken = cancellationToken, MaxDegreeOfParallelism = MostStarting };
        return Task.WhenAll(byDisk.Select(disk => Parallel.ForEachAsync(disk, options, (torrent, _) => ResumeAsync(torrent))));
    }

    private static IReadOnlyCollection<KeptTorrent> ListOf(StateFolder state)
    {
        try
        {
            return state.List();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(FreshetError.Storage, $"The state folder cannot be read: {e.Message}", e);
        }
    }

    private void Open(StateFolder state, KeptTorrent kept)
    {
        try
        {
            RestoredTorrent torrent = Read(state, kept);
            ImmutableArray<InfoHash> hashes = torrent.Identity.SwarmHashes;
            if (!torrents.TryReserve(hashes))
                throw new FreshetException(FreshetError.TorrentExists, "It is there already, by its other info-hash. Remove one.");
            services.Clock.NotBefore(torrent.Record.Clock);
            torrents.Add(TorrentActor.Restore(services, state, torrent).Handle, hashes);
            torrents.EndReservation(hashes);
        }
        catch (FreshetException e)
        {
            Note($"{kept.InfoHash} could not be brought back. {e.Message}");
        }
    }

    private RestoredTorrent Read(StateFolder state, KeptTorrent kept)
    {
        (MagnetLink? link, string? caution) = kept.HasLink ? state.LoadLink(kept.InfoHash) : (null, null);
        TorrentRecord? record = null;
        TorrentMetainfo? metainfo = null;
        try
        {
            if (kept.HasTorrent)
            {
                metainfo = state.TorrentOf(kept.InfoHash).ReadWithoutHashes(torrent =>
                {
                    (record, string? warning) = state.LoadResume(kept.InfoHash, torrent);
                    caution = Join(caution, warning);
                    return record is { HasPortableNames: true };
                });
            }
        }
        catch (FreshetException e) when (link is not null && !StateTrouble.IsUnreadable(e))
        {
            caution = Join(caution, e.Message + " Its metadata is fetched again.");
        }

        if (metainfo is null)
        {
            if (link is null)
                throw new FreshetException(FreshetError.Storage, caution ?? "Its files are gone.");
            (record, string? warning) = state.LoadResume(kept.InfoHash, metainfo: null);
            caution = Join(caution, warning);
        }

        SwarmIdentity identity = IdentityOf(metainfo, link);
        if (record is null)
        {
            record = Unknown(kept.InfoHash);
            caution = $"What was known of \"{identity.Name ?? kept.InfoHash.ToString()}\" is lost, and with it the folder of its data. "
                + $"It is stopped; remove it, and add it again with the folder where the data lies. {caution}";
            Note(caution);
        }

        return new RestoredTorrent(identity, record) { Metainfo = metainfo, Link = link, Caution = caution };
    }

    private static SwarmIdentity IdentityOf(TorrentMetainfo? metainfo, MagnetLink? link)
    {
        if (metainfo is null)
            return SwarmIdentity.Of(link!);
        SwarmIdentity identity = SwarmIdentity.Of(metainfo);
        return link is not null && SwarmIdentity.Of(link) is { } linked && identity.IsSameTorrent(linked)
            ? identity.Merge(linked)
            : identity;
    }

    private static string? Join(string? first, string? second) => first is null ? second : second is null ? first : $"{first} {second}";

    private TorrentRecord Unknown(InfoHash infoHash) => new()
    {
        InfoHash = infoHash,
        Folder = Path.GetFullPath(services.Options.DownloadFolder),
        Run = RunState.Stopped,
        AddedAt = services.Time.GetUtcNow(),
        Clock = services.Clock.Now,
    };

    private async ValueTask ResumeAsync(Torrent torrent)
    {
        try
        {
            await torrent.Actor.ResumeAsync().ConfigureAwait(false);
        }
        catch (FreshetException e)
        {
            // The others must start nevertheless.
            Note($"{torrent.Name} could not be started. {e.Message}");
        }
        catch (ObjectDisposedException)
        {
            // The torrent was removed in the meantime.
        }
    }

    private void Note(string error)
    {
        Log.SessionWarning(services.Logger, error);
        lock (_lock)
            _errors.Add(error);
    }
}
