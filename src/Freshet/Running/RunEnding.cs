using Freshet.Core;
using Freshet.Core.Rates;

namespace Freshet.Running;

/// <summary>
/// Ends a torrent's runs: swarm and trackers are left, what is on its way to the disk gets there and is recorded, and the right to write is
/// given back. A disk that does not answer is given up on when patience is over.
/// </summary>
/// <param name="services">The session's.</param>
/// <param name="actor">The torrent.</param>
/// <param name="parts">What it consists of.</param>
/// <param name="recording">Records the end.</param>
/// <param name="patience">How long the disk is waited for.</param>
internal sealed class RunEnding(
    SessionServices services, TorrentActor actor, RunningParts parts, Recording recording, DiskPatience patience)
{
    // How long trackers may take to hear that we leave.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    private TaskCompletionSource? _leaving;

    /// <summary>Whether the last run did not wait for the disk at its end.</summary>
    public bool HasLostDisk { get; set; }

    /// <summary>What does not answer, in words.</summary>
    public string HungDisk => parts.Memory.IsWriting
        ? $"The state folder {services.State}"
        : $"The disk mounted at {services.Disk.MountOf(actor.Folder)}";

    /// <summary>On the loop: notices that there is nothing more to say to trackers.</summary>
    public void Tick()
    {
        if (parts.Machine.HasLeft)
            _leaving?.TrySetResult();
    }

    /// <summary>Ends the run under way.</summary>
    /// <param name="isWanted">Whether the torrent is to go on when its session is restored.</param>
    /// <param name="whenLeft">What to do on the loop as soon as the swarm is left.</param>
    public async Task EndAsync(bool isWanted, Action<Timestamp>? whenLeft)
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
        await EndRecordAsync(wasChecked, isWanted).ConfigureAwait(false);
        if (!left.Task.IsCompleted)
            await Task.WhenAny(left.Task, Task.Delay(Farewell, services.Time)).ConfigureAwait(false);
    }

    /// <summary>
    /// The disk is given up on, with a warning. What waits for it has ended by now, and is not there any more when it answers.
    /// </summary>
    /// <param name="consequence">What comes of it, in a sentence.</param>
    public void LoseDisk(string consequence)
    {
        actor.Warn($"{HungDisk} has not answered for {Limits.DiskStopTime.TotalSeconds:0} s. {consequence}");
        HasLostDisk = true;
        _ = parts.Store?.GiveUpClaimAsync(CancellationToken.None);
        patience.Renew();
    }

    private async Task EndRecordAsync(bool wasChecked, bool isWanted)
    {
        bool isRecorded = await recording.RecordEndAsync(wasChecked, isWanted).ConfigureAwait(false);
        if (!isRecorded && patience.IsOver)
        {
            LoseDisk(
                "The torrent was stopped without waiting any longer. What was downloaded since its last record may be lost; "
                + "the next start checks it.");
            await patience.EndsInTimeAsync(recording.NoteAsync()).ConfigureAwait(false);
            return;
        }

        if (!isRecorded)
            actor.Warn("The last of what was downloaded could not be recorded; it will be checked at the next start.");
        if (parts.Store is { } store)
            await store.GiveUpClaimAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Whether there was nothing left to be checked.
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
