using Freshet.Core.Metainfo;
using Freshet.FileSystem;

namespace Freshet.Running;

/// <summary>
/// Renames a torrent's files. The intention is recorded before the rename and the result once it is durable: after a crash in between, the
/// file is looked for under both names. One rename at a time.
/// </summary>
internal sealed class FileRenaming(TorrentMetainfo metainfo, TorrentStore store, TorrentMemory memory)
{
    private bool _isFound;

    /// <summary>Renames a file, whether it exists yet or not.</summary>
    /// <param name="index">The file's index.</param>
    /// <param name="path">Its new path.</param>
    /// <param name="givenUp">Cancelled when a disk that does not respond is given up.</param>
    /// <exception cref="ArgumentException">The path is not allowed, or belongs to another file of the torrent.</exception>
    /// <exception cref="FreshetException">The destination exists already, or the disk or the state folder fails.</exception>
    public async Task RenameAsync(int index, string path, CancellationToken givenUp)
    {
        TorrentFile file = metainfo.Files[index];
        if (file.IsPadding || file.SymlinkTarget is not null)
            throw new ArgumentException($"File {index} is {(file.IsPadding ? "padding" : "a link")}, and has no bytes of its own.");

        // The previous rename may have failed at its last step.
        await TryResolveAsync(givenUp).ConfigureAwait(false);
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
            await ResolveAsync(givenUp).ConfigureAwait(false);
            if (error is not null)
                throw ToException(error);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(FreshetError.Storage, $"The new name cannot be recorded: {e.Message}", e);
        }
    }

    /// <summary>Finds out the result of a rename that was interrupted. If the disk fails, the recorded intention stays for later.</summary>
    public async Task TryResolveAsync(CancellationToken givenUp)
    {
        try
        {
            await ResolveAsync(givenUp).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FreshetException)
        {
            // Both names are still recorded.
        }
    }

    private async Task ResolveAsync(CancellationToken givenUp)
    {
        if (memory.Record.Renaming is not { } renaming)
            return;
        TorrentFile file = metainfo.Files[renaming.File];
        string before = memory.Record.Map[file].Path;
        StorageError? error = await store.RunAsync(
            () =>
            {
                // The result of a rename by this process is known.
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
