using Freshet.Core.Metainfo;
using Freshet.FileSystem;

namespace Freshet.Running;

/// <summary>
/// Gives a torrent's files other names. What is to be done is recorded before the disk does it, and what was done when it is durable: after
/// a crash in between the file is looked for under both names. One change at a time.
/// </summary>
internal sealed class FileRenaming(TorrentMetainfo metainfo, TorrentStore store, TorrentMemory memory)
{
    private bool _isFound;

    /// <summary>Renames a file, whether it is there already or not.</summary>
    /// <param name="index">Which.</param>
    /// <param name="path">Its new path.</param>
    /// <param name="givenUp">Ends the waiting for a disk that does not answer.</param>
    /// <exception cref="ArgumentException">The path cannot be, or belongs to another file of the torrent.</exception>
    /// <exception cref="FreshetException">Something has the name already, or disk or state do not take it.</exception>
    public async Task RenameAsync(int index, string path, CancellationToken givenUp)
    {
        TorrentFile file = metainfo.Files[index];
        if (file.IsPadding || file.SymlinkTarget is not null)
            throw new ArgumentException($"File {index} is {(file.IsPadding ? "padding" : "a link")}, and has no bytes of its own.");

        // One before this may have failed on its last step.
        await TrySettleAsync(givenUp).ConfigureAwait(false);
        if (store.Map.Rename(metainfo.Files, file, path, memory.Record.Rules)[file] == store.Map[file])
            return;
        bool mustExist = memory.Record.Data?.Files[index].Exists ?? false;
        if (await store.RunAsync(() => store.FindObstacle(file, path, mustExist), givenUp).ConfigureAwait(false) is { } obstacle)
            throw ToException(obstacle);
        try
        {
            await memory.BeginRenamingAsync(file, path, givenUp).ConfigureAwait(false);
            _isFound = true;
            StorageError? error = await store.RunAsync(() => store.Rename(file, path, mustExist), givenUp).ConfigureAwait(false);
            await SettleAsync(givenUp).ConfigureAwait(false);
            if (error is not null)
                throw ToException(error);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(FreshetError.Storage, $"The new name cannot be recorded: {e.Message}", e);
        }
    }

    /// <summary>
    /// Finds out what became of a renaming that was not seen through. If the disk does not answer well, what was recorded stays for later.
    /// </summary>
    public async Task TrySettleAsync(CancellationToken givenUp)
    {
        try
        {
            await SettleAsync(givenUp).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FreshetException)
        {
            // Both names are still on record.
        }
    }

    private async Task SettleAsync(CancellationToken givenUp)
    {
        if (memory.Record.Renaming is not { } renaming)
            return;
        TorrentFile file = metainfo.Files[renaming.File];
        string before = memory.Record.Map[file].Path;
        StorageError? error = await store.RunAsync(
            () =>
            {
                // What this process has renamed is known.
                if (!_isFound)
                    store.FindRenamed(file, renaming.Path);
                _isFound = true;
                return store.FlushRenamed(before, renaming.Path);
            },
            givenUp).ConfigureAwait(false);
        if (error is not null)
            throw ToException(error);
        await memory.EndRenamingAsync(store.Map, givenUp).ConfigureAwait(false);
    }

    private static FreshetException ToException(StorageError error) =>
        new(error.Kind == StorageErrorKind.NameTaken ? FreshetError.FileExists : FreshetError.Storage, error.Message);
}
