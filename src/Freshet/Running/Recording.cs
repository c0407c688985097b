using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>Records a torrent outside its checkpoints: when its user changes it, at completion, and at the end of a run.</summary>
internal sealed class Recording(IRecordedTorrent torrent, Checkpoints checkpoints, DiskPatience patience)
{
    /// <summary>What a command of the user ends with that was done but could not be recorded.</summary>
    public FreshetException Trouble => new(
        FreshetError.Storage,
        "It is done, but cannot be recorded, so a restart may undo it: "
            + (checkpoints.Trouble ?? "the disk does not answer."));

    /// <summary>Records what does not depend on the data: options, totals, and whether the torrent runs.</summary>
    /// <returns>Whether it is recorded.</returns>
    public async Task<bool> NoteAsync()
    {
        Task<bool>? saving = null;
        await torrent.OnLoopAsync(now => saving = checkpoints.NoteAsync(now)).ConfigureAwait(false);
        return await saving!.ConfigureAwait(false);
    }

    /// <summary>The same at the end of a run, when a state folder that does not respond is given up soon.</summary>
    public async Task<bool> NoteInTimeAsync()
    {
        Task<bool> noting = NoteAsync();
        return await patience.EndsInTimeAsync(noting).ConfigureAwait(false) && await noting.ConfigureAwait(false);
    }

    /// <summary>The same for a command of the user, who must know if what was done does not outlast the program.</summary>
    /// <exception cref="FreshetException">It cannot be recorded.</exception>
    public async Task RequireNotedAsync()
    {
        if (!await NoteAsync().ConfigureAwait(false))
            throw Trouble;
    }

    /// <summary>
    /// The right to write is granted: before anything is written, the record notes that files will be newer than it. If it cannot be
    /// written, a warning is shown; the next start then notices the newer files by itself.
    /// </summary>
    public async Task BeginWritingAsync()
    {
        Task<bool>? saving = null;
        await torrent.OnLoopAsync(now =>
        {
            if (torrent.Memory.IsClean)
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
        await torrent.OnLoopAsync(now =>
        {
            if (!isWanted)
                torrent.History.Enter(RunState.Stopped);
            isDataRecorded = torrent.Data is null || (wasChecked && checkpoints.IsDataRecorded);
            if (isDataRecorded && !torrent.History.IsIn(torrent.Memory.Record, torrent.Machine.Snapshot(now)))
                saving = checkpoints.NoteAsync(now);
        }).ConfigureAwait(false);
        if (isDataRecorded)
            return saving is null || await saving.ConfigureAwait(false);

        // While trackers are notified, pieces on their way to disk arrive there, so that they are recorded too.
        try
        {
            await torrent.Data!.FlushAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        await torrent.OnLoopAsync(now => saving = checkpoints.SaveAsync(now, clean: wasChecked)).ConfigureAwait(false);
        return await saving!.ConfigureAwait(false);
    }

    /// <summary>Everything wanted was verified: checks that all files are there, flushes them, and records the completion.</summary>
    /// <returns>
    /// Whether the torrent is complete on disk. If only the record could not be written, a warning was shown and the data is there.
    /// </returns>
    public async Task<bool> RecordCompletionAsync(IRecordedData data, CancellationToken givenUp)
    {
        Task<bool> looking = data.IsWholeAsync(givenUp);
        await ((Task)looking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!looking.IsCompletedSuccessfully || !await looking.ConfigureAwait(false))
            return false;
        Task<bool>? saving = null;
        await torrent.OnLoopAsync(now =>
            saving = torrent.Machine.Phase.IsComplete ? checkpoints.SaveAsync(now, clean: true) : null).ConfigureAwait(false);
        if (saving is null)
            return false;

        // If the disk failed, the torrent is waiting for the disk by now.
        await saving.ConfigureAwait(false);
        return true;
    }
}
