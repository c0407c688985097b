using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Disk.Files;
using Freshet.Loops;

namespace Freshet.Running;

/// <summary>
/// Moves a stopped torrent to another folder: its files, its record, and the access to its data, which may then be on another disk. Also
/// renames its files. One change at a time.
/// </summary>
/// <param name="torrents">The session's torrents.</param>
/// <param name="actor">The torrent.</param>
/// <param name="parts">The torrent's parts.</param>
/// <param name="ending">Names a disk that does not respond.</param>
/// <param name="patience">How long to wait for the disk.</param>
internal sealed class Relocation(
    TorrentTable torrents, TorrentActor actor, RunningParts parts, RunEnding ending, DiskPatience patience)
{
    /// <summary>The folder for the complete files; null if they are there already, or stay where they are.</summary>
    public string? FinishedFolder =>
        actor.Options is { IncompleteFolder: not null, DownloadFolder: { } folder } && folder != parts.Memory.Folder ? folder : null;

    /// <summary>
    /// Reserves the paths of the torrent's files for writing before it runs, unless all of it is there and it will only read.
    /// </summary>
    /// <exception cref="FreshetException">Another torrent may write the same files.</exception>
    public void TakePlace()
    {
        if (parts.Memory.Record.Data is not { Have.IsFull: true })
            TakePlaceToWrite();
    }

    /// <summary>Reserves the paths of the torrent's files for writing, because something is missing.</summary>
    /// <exception cref="FreshetException">Another torrent may write the same files.</exception>
    public void TakePlaceToWrite()
    {
        if (actor.Metainfo is not { } metainfo)
            return;
        StoredFiles files = new(metainfo, actor.Map, parts.Memory.Folder);
        if (torrents.Writers.TryTake(actor, files, writers => SharedFiles.FindConflict(writers, actor, files)) is { } conflict)
            throw new FreshetException(FreshetError.PathInUse, conflict);
    }

    /// <summary>Releases the paths: nothing is missing, or the run is over, so the torrent writes no more.</summary>
    public void LeavePlace() => torrents.Writers.GiveUp(actor);

    /// <summary>Checks whether other files can be selected: a torrent that only reads may come to write them.</summary>
    /// <exception cref="FreshetException">Another torrent may write the same files.</exception>
    public void RequirePlace()
    {
        if (!torrents.Writers.Holds(actor) && FindConflict(actor.Metainfo!, parts.Memory.Folder) is { } conflict)
            throw new FreshetException(FreshetError.PathInUse, conflict);
    }

    /// <summary>Renames a file.</summary>
    /// <param name="store">The torrent's data.</param>
    /// <param name="file">The file's index.</param>
    /// <param name="path">Its new path below the folder.</param>
    /// <exception cref="FreshetException">It cannot be renamed, or its disk was given up.</exception>
    public async Task RenameAsync(TorrentStore store, int file, string path)
    {
        RequireFree(path);
        try
        {
            await RequireUnsharedAsync(file).ConfigureAwait(false);
            await store.Renaming.RenameAsync(file, path, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw new FreshetException(
                FreshetError.Storage,
                $"{ending.HungDisk} did not answer, and the torrent was stopped. The next start finds out which name the file has.",
                e);
        }

        torrents.Writers.OnRenamed(actor, new StoredFiles(actor.Metainfo!, actor.Map, parts.Memory.Folder));
    }

    /// <summary>Checks, while the torrent runs, whether its files can be moved to a folder.</summary>
    /// <exception cref="FreshetException">They cannot.</exception>
    public async Task CheckAsync(string folder)
    {
        if (actor.Metainfo is { } metainfo && FindConflict(metainfo, folder) is { } conflict)
            throw new FreshetException(FreshetError.PathInUse, conflict);
        await RequireUnsharedAsync(file: null).ConfigureAwait(false);
        if (parts.Store is { } store)
            await store.Moving.CheckAsync(folder, patience.Token).ConfigureAwait(false);
    }

    /// <summary>Moves the files, if there are any.</summary>
    /// <exception cref="FreshetException">The move failed; the files are where they were.</exception>
    /// <exception cref="OperationCanceledException">
    /// The move was cancelled, and the files are where they were; or the torrent was asked to stop, and its next start continues the move.
    /// </exception>
    public async Task MoveAsync(string folder, IProgress<MoveProgress>? progress, CancellationToken cancellation, CancellationToken asked)
    {
        if (parts.Store is not { } store)
        {
            // Without metadata no files exist anywhere.
            await parts.Memory.SwitchAsync(folder, [], patience.Token).ConfigureAwait(false);
            await parts.Memory.EndMovingAsync(patience.Token).ConfigureAwait(false);
        }
        else if (await store.Moving.MoveAsync(folder, progress, cancellation, asked, patience.Token).ConfigureAwait(false) is { } trouble)
        {
            actor.Warn(trouble);
        }

        await FollowAsync().ConfigureAwait(false);
    }

    /// <summary>Completes or undoes an interrupted move, if there is one.</summary>
    /// <param name="asked">Cancelled when the torrent is asked to stop: then the next start continues.</param>
    /// <exception cref="FreshetException">Neither is possible yet.</exception>
    public async Task ResolveAsync(CancellationToken asked)
    {
        if (parts.Memory.Record.Moving is null || parts.Store is not { } store)
            return;
        if (await store.Moving.ResolveAsync(asked, patience.Token).ConfigureAwait(false) is { } trouble)
            actor.Warn(trouble);
        await FollowAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Gives the torrent the threads of another disk if its folder is on that by now: one that was mounted after the session had started,
    /// or in the place of one that hung.
    /// </summary>
    public async Task FollowDiskAsync()
    {
        if (parts.Store is not { } store || store.Disk.BelongsTo(store.Folder))
            return;
        await ReopenAsync(_ => { }).ConfigureAwait(false);

        // Not awaited: calls of an earlier run may hang on the disk that was there before.
        Waiting.Leave(store.CloseAsync(patience.Token));
    }

    // Whether a file can be renamed to a path: not if that belongs to another torrent.
    private void RequireFree(string path)
    {
        if (SharedFiles.OwnerOf(torrents, actor, parts.Memory.Folder, path) is not { } owner)
            return;
        throw new FreshetException(
            FreshetError.PathInUse,
            $"{Path.Join(parts.Memory.Folder, path)} is a path of the torrent \"{owner.Name}\". Choose another name.");
    }

    // Whether a file, or any file if null, can be moved away: not if it exists and another torrent uses it.
    private async Task RequireUnsharedAsync(int? file)
    {
        IReadOnlyDictionary<int, Torrent> users = SharedFiles.UsersOf(torrents, actor);
        if (users.Count == 0 || parts.Store is not { } store)
            return;
        ImmutableArray<FileStamp> stamps = await store.RunAsync(store.GetStamps, patience.Token).ConfigureAwait(false);
        foreach ((int used, Torrent other) in users)
        {
            if (stamps[used].Exists && used == (file ?? used))
                throw SharedFiles.InUse(store.PathOf(actor.Metainfo!.Files[used]), other.Name);
        }
    }

    private string? FindConflict(TorrentMetainfo metainfo, string folder) =>
        SharedFiles.FindConflict(torrents, actor, new StoredFiles(metainfo, actor.Map, folder));

    private async Task FollowAsync()
    {
        void Take(Timestamp now) =>
            actor.Options = actor.Options with { DownloadFolder = parts.Memory.Record.Options.DownloadFolder };
        if (parts.Store is not { } store || store.Folder == parts.Memory.Folder)
        {
            await actor.OnLoopAsync(Take).ConfigureAwait(false);
            return;
        }

        await ReopenAsync(Take).ConfigureAwait(false);
        await store.CloseAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReopenAsync(Action<Timestamp> take)
    {
        TorrentStore store = actor.OpenStore(actor.Metainfo!);
        await actor.OnLoopAsync(now =>
        {
            take(now);
            parts.Effects.Open(store);
        }).ConfigureAwait(false);
    }
}
