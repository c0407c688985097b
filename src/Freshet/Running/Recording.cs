using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>Records a torrent outside its checkpoints: when its user changes it, at completion, and at the end of a run.</summary>
internal sealed class Recording(TorrentActor actor, RunningParts parts, Checkpoints checkpoints, DiskPatience patience)
{
    /// <summary>Records what does not depend on the data: options, totals, and whether the torrent runs.</summary>
    public async Task NoteAsync()
    {
        Task<bool>? saving = null;
        await actor.OnLoopAsync(now => saving = checkpoints.NoteAsync(now)).ConfigureAwait(false);
        await saving!.ConfigureAwait(false);
    }

    /// <summary>
    /// The right to write is granted: before anything is written, the record notes that files will be newer than it. If it cannot be
    /// written, a warning is shown; the next start then notices the newer files by itself.
    /// </summary>
    public async Task BeginWritingAsync()
    {
        Task<bool>? saving = null;
        await actor.OnLoopAsync(now =>
        {
            if (parts.Memory.IsClean)
                saving = checkpoints.SaveAsync(now, clean: false);
        }).ConfigureAwait(false);
        if (saving is not null)
            await saving.ConfigureAwait(false);
    }

    /// <summary>
    /// Records the end of a run. Nothing is written if the record is up to date already, as for most of thousands of idle torrents.
    /// </summary>
    /// <param name="wasChecked">Whether nothing was left to check.</param>
    /// <param name="isWanted">Whether the torrent resumes when its session is restored.</param>
    /// <returns>Whether the record is complete.</returns>
    public async Task<bool> RecordEndAsync(bool wasChecked, bool isWanted)
    {
        bool isDataRecorded = false;
        Task<bool>? saving = null;
        await actor.OnLoopAsync(now =>
        {
            if (!isWanted)
                parts.History.Enter(RunState.Stopped);
            isDataRecorded = parts.Store is null || (wasChecked && checkpoints.IsDataRecorded);
            if (isDataRecorded && !parts.History.IsIn(parts.Memory.Record, parts.Machine.Snapshot(now)))
                saving = checkpoints.NoteAsync(now);
        }).ConfigureAwait(false);
        if (isDataRecorded)
            return saving is null || await saving.ConfigureAwait(false);

        // While trackers are notified, pieces on their way to disk arrive there, so that they are recorded too.
        try
        {
            await parts.Store!.Disk.FlushAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        await actor.OnLoopAsync(now => saving = checkpoints.SaveAsync(now, clean: wasChecked)).ConfigureAwait(false);
        return await saving!.ConfigureAwait(false);
    }

    /// <summary>Everything wanted was verified: checks that all files are there, flushes them, and records the completion.</summary>
    /// <returns>
    /// Whether the torrent is complete on disk. If only the record could not be written, a warning was shown and the data is there.
    /// </returns>
    public async Task<bool> RecordCompletionAsync(TorrentStore store, CancellationToken givenUp)
    {
        Task<bool> looking = store.RunAsync(store.IsWhole, givenUp);
        await ((Task)looking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!looking.IsCompletedSuccessfully || !await looking.ConfigureAwait(false))
            return false;
        Task<bool>? saving = null;
        await actor.OnLoopAsync(now =>
            saving = parts.Machine.Phase.IsComplete ? checkpoints.SaveAsync(now, clean: true) : null).ConfigureAwait(false);
        if (saving is null)
            return false;

        // If the disk failed, the torrent is waiting for the disk by now.
        await saving.ConfigureAwait(false);
        return true;
    }
}
