namespace Freshet.Running;

/// <summary>
/// Brings a torrent that does not run into another folder: its files, what is recorded of it, and the way to its data, which may be on
/// another disk. One change at a time.
/// </summary>
/// <param name="actor">The torrent.</param>
/// <param name="parts">What it consists of.</param>
/// <param name="patience">How long the disk is waited for.</param>
internal sealed class Relocation(TorrentActor actor, RunningParts parts, DiskPatience patience)
{
    /// <summary>Finds out, while the torrent runs, whether its files can be moved to a folder.</summary>
    /// <exception cref="FreshetException">They cannot.</exception>
    public Task CheckAsync(string folder) => parts.Store?.Moving.CheckAsync(folder, patience.Token) ?? Task.CompletedTask;

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
