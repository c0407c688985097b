using Freshet.Core;
using Freshet.Core.Rates;

namespace Freshet.Running;

/// <summary>
/// Ends a torrent's runs: leaves the swarm and the trackers, finishes and records pending writes, and releases the right to write. A disk
/// that does not respond is given up when the time limit is over.
/// </summary>
/// <param name="services">The session's services.</param>
/// <param name="actor">The torrent.</param>
/// <param name="parts">The torrent's parts.</param>
/// <param name="recording">Records the end.</param>
/// <param name="patience">How long to wait for the disk.</param>
internal sealed class RunEnding(
    SessionServices services, TorrentActor actor, RunningParts parts, Recording recording, DiskPatience patience)
{
    // How long to wait for trackers to answer the stopped event.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    private TaskCompletionSource? _leaving;

    /// <summary>Whether the last run ended without waiting for the disk.</summary>
    public bool HasLostDisk { get; set; }

    /// <summary>What does not respond, for people.</summary>
    public string HungDisk => parts.Memory.IsWriting
        ? $"The state folder {services.State}"
        : $"The disk mounted at {services.Disk.MountOf(actor.Folder)}";

    /// <summary>On the loop: notices when no announce is pending any more.</summary>
    public void Tick()
    {
        if (parts.Machine.HasLeft)
            _leaving?.TrySetResult();
    }

    /// <summary>Ends the current run.</summary>
    /// <param name="isWanted">Whether the torrent resumes when its session is restored.</param>
    /// <param name="whenLeft">Called on the loop as soon as the swarm is left.</param>
    /// <returns>Whether it is recorded that the torrent is stopped, unless it is wanted later.</returns>
    public async Task<bool> EndAsync(bool isWanted, Action<Timestamp>? whenLeft)
    {
        TaskCompletionSource left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        bool wasChecked = true;
        await actor.OnLoopAsync(now =>
        {
            wasChecked = Leave(left, now);
            whenLeft?.Invoke(now);
        }).ConfigureAwait(false);
        if (await parts.Effects.WaitForConnectionsAsync().ConfigureAwait(false) is > 0 and int running)
            actor.Warn($"{running} connections did not end in time; their uploads probably wait for a disk that does not answer.");
        bool isRecorded = await EndRecordAsync(wasChecked, isWanted).ConfigureAwait(false);
        if (!left.Task.IsCompleted)
            await Task.WhenAny(left.Task, Task.Delay(Farewell, services.Time)).ConfigureAwait(false);
        return isRecorded || isWanted;
    }

    /// <summary>
    /// Gives up on the disk with a warning. Everything that waited for it has ended by now, and does not continue if it responds later.
    /// </summary>
    /// <param name="consequence">The consequence, as a sentence.</param>
    public void LoseDisk(string consequence)
    {
        actor.Warn($"{HungDisk} has not answered for {Limits.DiskStopTime.TotalSeconds:0} s. {consequence}");
        HasLostDisk = true;
        _ = parts.Store?.GiveUpClaimAsync(CancellationToken.None);
        patience.Renew();
    }

    private async Task<bool> EndRecordAsync(bool wasChecked, bool isWanted)
    {
        bool isRecorded = await recording.RecordEndAsync(wasChecked, isWanted).ConfigureAwait(false);
        if (!isRecorded && patience.IsOver)
        {
            LoseDisk(
                "The torrent was stopped without waiting any longer. What was downloaded since its last record may be lost; "
                + "the next start checks it.");
            return await recording.NoteInTimeAsync().ConfigureAwait(false);
        }

        if (!isRecorded)
        {
            actor.Warn("The last of what was downloaded could not be recorded; it will be checked at the next start.");

            // If the data is the trouble, it can still be recorded that the torrent is stopped.
            isRecorded = !isWanted && await recording.NoteInTimeAsync().ConfigureAwait(false);
        }

        if (parts.Store is { } store)
            await store.GiveUpClaimAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return isRecorded;
    }

    // Returns whether nothing was left to check.
    private bool Leave(TaskCompletionSource left, Timestamp now)
    {
        _leaving = left;
        bool wasChecked = !parts.Machine.IsCheckUnfinished;
        parts.Store?.Disk.CancelChecks();
        parts.Effects.CancelDials();
        parts.Machine.Stop(now);
        if (parts.Machine.HasLeft)
            left.SetResult();
        return wasChecked;
    }
}
