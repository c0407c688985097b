using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Disk.Files;

namespace Freshet.Running;

/// <summary>
/// Brings a torrent that does not run into another folder: its files, what is recorded of it, and the way to its data, which may be on
/// another disk. One change at a time.
/// </summary>
/// <param name="torrents">The session's.</param>
/// <param name="actor">The torrent.</param>
/// <param name="parts">What it consists of.</param>
/// <param name="patience">How long the disk is waited for.</param>
internal sealed class Relocation(TorrentTable torrents, TorrentActor actor, RunningParts parts, DiskPatience patience)
{
    /// <summary>Where the files are to be once they are complete; null if they are there, or stay where they are.</summary>
    public string? FinishedFolder =>
        actor.Options is { IncompleteFolder: not null, DownloadFolder: { } folder } && folder != parts.Memory.Folder ? folder : null;

    /// <summary>
    /// Takes the place of the torrent's files, before it runs, unless all of it is there: then it only reads.
    /// </summary>
    /// <exception cref="FreshetException">Another torrent may write the same files.</exception>
    public void TakePlace()
    {
        if (parts.Memory.Record.Data is not { Have.IsFull: true })
            TakePlaceToWrite();
    }

    /// <summary>Takes the place of the torrent's files: something of it is missing.</summary>
    /// <exception cref="FreshetException">Another torrent may write the same files.</exception>
    public void TakePlaceToWrite()
    {
        if (actor.Metainfo is not { } metainfo)
            return;
        StoredFiles files = new(metainfo, actor.Map, parts.Memory.Folder);
        if (torrents.Writers.TryTake(actor, files, writers => SharedFiles.FindConflict(writers, actor, files)) is { } conflict)
            throw new FreshetException(FreshetError.PathInUse, conflict);
    }

    /// <summary>The torrent writes nothing any more: nothing is missing, or its run is over.</summary>
    public void LeavePlace() => torrents.Writers.GiveUp(actor);

    /// <summary>Finds out whether other files can be wanted: one that only reads may come to write them.</summary>
    /// <exception cref="FreshetException">Another torrent may write the same files.</exception>
    public void RequirePlace()
    {
        if (!torrents.Writers.Holds(actor) && FindConflict(actor.Metainfo!, parts.Memory.Folder) is { } conflict)
            throw new FreshetException(FreshetError.PathInUse, conflict);
    }

    /// <summary>A file got another name.</summary>
    public void OnRenamed() =>
        torrents.Writers.OnRenamed(actor, new StoredFiles(actor.Metainfo!, actor.Map, parts.Memory.Folder));

    /// <summary>Finds out whether a file can get another name.</summary>
    /// <exception cref="FreshetException">The path is another torrent's.</exception>
    public void RequireFree(string path)
    {
        if (SharedFiles.OwnerOf(torrents, actor, parts.Memory.Folder, path) is not { } owner)
            return;
        throw new FreshetException(
            FreshetError.PathInUse,
            $"{Path.Join(parts.Memory.Folder, path)} is a path of the torrent \"{owner.Name}\". Choose another name.");
    }

    /// <summary>Finds out whether a file can go elsewhere: not if it is there and another torrent uses it.</summary>
    /// <param name="file">Which, by its index; null for all.</param>
    /// <exception cref="FreshetException">It cannot.</exception>
    public async Task RequireUnsharedAsync(int? file)
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

    /// <summary>Finds out, while the torrent runs, whether its files can be moved to a folder.</summary>
    /// <exception cref="FreshetException">They cannot.</exception>
    public async Task CheckAsync(string folder)
    {
        if (actor.Metainfo is { } metainfo && FindConflict(metainfo, folder) is { } conflict)
            throw new FreshetException(FreshetError.PathInUse, conflict);
        await RequireUnsharedAsync(file: null).ConfigureAwait(false);
        if (parts.Store is { } store)
            await store.Moving.CheckAsync(folder, patience.Token).ConfigureAwait(false);
    }

    /// <summary>Moves the files, as far as there are any.</summary>
    /// <exception cref="FreshetException">It cannot be done; they are where they were.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; they are where they were.</exception>
    public async Task MoveAsync(string folder, IProgress<MoveProgress>? progress, CancellationToken cancellation)
    {
        if (parts.Store is not { } store)
        {
            // Nothing is known to be anywhere.
            await parts.Memory.SwitchAsync(folder, [], patience.Token).ConfigureAwait(false);
            await parts.Memory.EndMovingAsync(patience.Token).ConfigureAwait(false);
        }
        else if (await store.Moving.MoveAsync(folder, progress, cancellation, patience.Token).ConfigureAwait(false) is { } trouble)
        {
            actor.Warn(trouble);
        }

        await FollowAsync().ConfigureAwait(false);
    }

    /// <summary>Sees through a move that was interrupted, if there is one.</summary>
    /// <exception cref="FreshetException">It can be neither seen through nor undone yet.</exception>
    public async Task SettleAsync()
    {
        if (parts.Memory.Record.Moving is null || parts.Store is not { } store)
            return;
        if (await store.Moving.SettleAsync(patience.Token).ConfigureAwait(false) is { } trouble)
            actor.Warn(trouble);
        await FollowAsync().ConfigureAwait(false);
    }

    private string? FindConflict(TorrentMetainfo metainfo, string folder) =>
        SharedFiles.FindConflict(torrents, actor, new StoredFiles(metainfo, actor.Map, folder));

    private async Task FollowAsync()
    {
        string folder = parts.Memory.Folder;
        TorrentStore? before = parts.Store;
        TorrentStore? store = before is null || before.Folder == folder ? null : actor.OpenStore(actor.Metainfo!);
        await actor.OnLoopAsync(_ =>
        {
            actor.Options = actor.Options with { DownloadFolder = parts.Memory.Record.Options.DownloadFolder };
            if (store is not null)
                parts.Effects.Open(store);
        }).ConfigureAwait(false);
        if (store is not null)
            await before!.CloseAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
