using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Disk;
using Freshet.Disk.Files;
using Freshet.Disk.Moving;
using Freshet.FileSystem;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// Moves a torrent's files to another folder in three recorded steps: the destination is recorded, then the files are moved or copied,
/// then, once that is durable and recorded, the copied originals are deleted. Whenever the process ends, the next start continues from
/// there. The torrent does not run meanwhile. A move waits for two disks, so its calls have their own thread: if one disk hangs, torrents
/// on the other continue.
/// </summary>
/// <param name="metainfo">The torrent.</param>
/// <param name="store">Its data in the old place.</param>
/// <param name="memory">Where the move is recorded.</param>
/// <param name="system">The file system.</param>
internal sealed class FileMoving(TorrentMetainfo metainfo, TorrentStore store, TorrentMemory memory, IFileSystem system)
{
    // Most torrents are never moved.
    private DiskCalls Calls => field ??= new DiskCalls("Freshet move", mostThreads: 1);

    /// <summary>Checks, before anything is changed, whether the files can have their names in a folder.</summary>
    /// <exception cref="FreshetException">They cannot, or that cannot be determined.</exception>
    public async Task CheckAsync(string folder, CancellationToken givenUp)
    {
        StorageMove move = MoveTo(folder);
        if (await RunAsync(move.FindConflict, "look at", folder, givenUp).ConfigureAwait(false) is { } conflict)
            throw ToException(conflict);
    }

    /// <summary>Moves the files. If that fails or is cancelled, all files are returned to their old place, if the disks allow it.</summary>
    /// <param name="folder">The destination, absolute.</param>
    /// <param name="progress">Receives the progress.</param>
    /// <param name="cancellation">Cancels the move and undoes what was done.</param>
    /// <param name="asked">Cancelled when the torrent is asked to stop, between two steps; the next start continues the move.</param>
    /// <param name="givenUp">Cancelled when a disk that does not respond is given up; the next start continues the move.</param>
    /// <returns>What could not be cleaned up in the old folder, for the user; null if nothing.</returns>
    /// <exception cref="FreshetException">The files cannot be moved.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled, or the torrent was asked to stop.</exception>
    public async Task<string?> MoveAsync(
        string folder,
        IProgress<MoveProgress>? progress,
        CancellationToken cancellation,
        CancellationToken asked,
        CancellationToken givenUp)
    {
        await CheckAsync(folder, givenUp).ConfigureAwait(false);
        try
        {
            // Where no lock can be made, nobody else can make one either. What is there is only read until it has been moved.
            await store.ClaimAsync(givenUp).ConfigureAwait(false);
            await BeginAsync(folder, givenUp).ConfigureAwait(false);
            await GoAsync(folder, progress, (cancellation, asked), givenUp).ConfigureAwait(false);
        }
        finally
        {
            await store.GiveUpClaimAsync(givenUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return await TryFinishAsync(givenUp).ConfigureAwait(false);
    }

    /// <summary>Completes or undoes a move that was interrupted by the end of a process.</summary>
    /// <param name="asked">Cancelled when the torrent is asked to stop, between two steps.</param>
    /// <param name="givenUp">Cancelled when a disk that does not respond is given up.</param>
    /// <returns>What the user should know; null if the files are at their destination.</returns>
    /// <exception cref="FreshetException">Neither is possible yet.</exception>
    public async Task<string?> ResolveAsync(CancellationToken asked, CancellationToken givenUp)
    {
        if (memory.Record.Moving is { IsSwitched: false } moving)
        {
            try
            {
                await GoAsync(moving.Folder, progress: null, (CancellationToken.None, asked), givenUp).ConfigureAwait(false);
            }
            catch (FreshetException e) when (memory.Record.Moving is null)
            {
                return $"The files could not be moved to {moving.Folder}, and are in {memory.Folder}. {e.Message}";
            }
        }

        return await TryFinishAsync(givenUp).ConfigureAwait(false);
    }

    private async Task BeginAsync(string folder, CancellationToken givenUp)
    {
        try
        {
            await memory.BeginMovingAsync(folder, givenUp).ConfigureAwait(false);
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            throw new FreshetException(FreshetError.Storage, $"The move cannot be recorded: {e.Message}", e);
        }
    }

    private async Task GoAsync(
        string folder,
        IProgress<MoveProgress>? progress,
        (CancellationToken Cancelled, CancellationToken Asked) ends,
        CancellationToken givenUp)
    {
        StorageMove move = MoveTo(folder);
        try
        {
            // No one else may write there during the move.
            using DataClaim claim = await CallAsync(() => ClaimIn(folder), givenUp).ConfigureAwait(false);
            FileStamp[] before = await RunAsync(() => StampsIn(memory.Folder, folder), "look at", memory.Folder, givenUp)
                .ConfigureAwait(false);
            await StepAllAsync(move, folder, progress, ends, givenUp).ConfigureAwait(false);
            FileStamp[] now = await RunAsync(() => StampsIn(folder, folder), "look at", folder, givenUp).ConfigureAwait(false);
            await memory.SwitchAsync(folder, [.. before.Zip(now)], givenUp).ConfigureAwait(false);
        }
        catch (Exception e) when (!givenUp.IsCancellationRequested && (e is FreshetException or IOException
            || (e is OperationCanceledException && ends.Cancelled.IsCancellationRequested)))
        {
            await GoBackAsync(move, folder, e, givenUp).ConfigureAwait(false);
            throw e as FreshetException ?? (e is IOException ? ToException(StorageError.From(e, "move the files to", folder)) : e);
        }
    }

    private async Task StepAllAsync(
        StorageMove move,
        string folder,
        IProgress<MoveProgress>? progress,
        (CancellationToken Cancelled, CancellationToken Asked) ends,
        CancellationToken givenUp)
    {
        ByteSize total = new(await RunAsync(move.CountBytes, "look at", memory.Folder, givenUp).ConfigureAwait(false));
        long moved = 0;
        using IEnumerator<long> steps = move.Forward().GetEnumerator();
        while (await RunAsync(steps.MoveNext, "move the files to", folder, givenUp).ConfigureAwait(false))
        {
            ends.Cancelled.ThrowIfCancellationRequested();
            ends.Asked.ThrowIfCancellationRequested();
            moved += steps.Current;
            progress?.Report(new MoveProgress(new ByteSize(moved), total));
        }

        ends.Cancelled.ThrowIfCancellationRequested();
    }

    private async Task GoBackAsync(StorageMove move, string folder, Exception why, CancellationToken givenUp)
    {
        try
        {
            await StepAllAsync(move.Back(), folder, givenUp).ConfigureAwait(false);
            await memory.EndMovingAsync(givenUp).ConfigureAwait(false);
        }
        catch (Exception e) when (e is FreshetException or IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(
                FreshetError.Storage,
                $"The files of {metainfo.Name} are on their way from {memory.Folder} to {folder}, and could not be put into either: "
                + $"{why.Message} {e.Message} Nothing is lost; the next start of the torrent tries again.",
                e);
        }
    }

    // The files are at their destination; whatever fails here is retried at the next start.
    private async Task<string?> TryFinishAsync(CancellationToken givenUp)
    {
        if (memory.Record.Moving is not { IsSwitched: true } moved)
            return null;
        try
        {
            StorageMove move = new(system, moved.Folder, memory.Folder, Key, store.ListFiles());
            await StepAllAsync(move.DeleteSources(), moved.Folder, givenUp).ConfigureAwait(false);
            await memory.EndMovingAsync(givenUp).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (e is FreshetException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            return $"The files of {metainfo.Name} are in {memory.Folder} now, but not all could be deleted from {moved.Folder}: "
                + $"{e.Message} The next start of the torrent tries again.";
        }
    }

    private async Task StepAllAsync(IEnumerable<long> steps, string folder, CancellationToken givenUp)
    {
        using IEnumerator<long> each = steps.GetEnumerator();
        while (await RunAsync(each.MoveNext, "change", folder, givenUp).ConfigureAwait(false))
        {
        }
    }

    private Task<T> CallAsync<T>(Func<T> call, CancellationToken givenUp) => store.InTurnAsync(() => Calls.RunAsync(this, call), givenUp);

    private async Task<T> RunAsync<T>(Func<T> call, string action, string path, CancellationToken givenUp)
    {
        try
        {
            return await CallAsync(call, givenUp).ConfigureAwait(false);
        }
        catch (FilesDifferException e)
        {
            throw new FreshetException(FreshetError.FileExists, e.Message, e);
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            throw ToException(Errno.IsTaken(e.HResult) ? StorageError.Taken(path) : StorageError.From(e, action, path));
        }
    }

    // The stamp of each file, from the first folder that has it.
    private FileStamp[] StampsIn(string folder, string other)
    {
        FileStamp[] stamps = new FileStamp[metainfo.Files.Length];
        foreach (MovedFile file in store.ListFiles())
        {
            if (file.Link is not null || file.Index >= stamps.Length)
                continue;
            FileEntry entry = system.Stat(new FilePath(folder, file.Path));
            stamps[file.Index] = FileStamp.Of(entry.Exists ? entry : system.Stat(new FilePath(other, file.Path)));
        }

        return stamps;
    }

    private DataClaim ClaimIn(string folder) =>
        DataClaim.TryTake(system, metainfo.SwarmHash, folder, out StorageError? trouble) ?? throw ToException(trouble!);

    private string Key => metainfo.SwarmHash.ToString();

    private StorageMove MoveTo(string folder) => new(system, memory.Folder, folder, Key, store.ListFiles());

    private static FreshetException ToException(StorageError error) =>
        new(error.Kind == StorageErrorKind.NameTaken ? FreshetError.FileExists : FreshetError.Storage, error.Message);
}
