using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.FileSystem;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// Begins a torrent's runs: decides how much of what is on disk to trust, and starts the machine with that.
/// </summary>
/// <param name="actor">The torrent.</param>
/// <param name="parts">The torrent's parts.</param>
/// <param name="checkpoints">Records the run.</param>
/// <param name="ending">Knows how the last run ended.</param>
/// <param name="patience">How long to wait for the disk.</param>
internal sealed class RunBeginning(
    TorrentActor actor, RunningParts parts, Checkpoints checkpoints, RunEnding ending, DiskPatience patience)
{
    /// <summary>Inspects what is on disk, and prepares the files.</summary>
    /// <param name="store">The torrent's data.</param>
    /// <param name="resume">Whether to trust the record at all.</param>
    /// <returns>The plan, and any error while preparing the files.</returns>
    /// <exception cref="OperationCanceledException">The disk was given up.</exception>
    public Task<(ResumePlan Plan, StorageError? Trouble)> PlanAsync(TorrentStore store, bool resume)
    {
        bool isAfterLoss = ending.HasLostDisk;
        ending.HasLostDisk = false;
        return new Planning(parts.Memory, store).PlanAsync(actor.Options, resume, isAfterLoss, patience.Token);
    }

    // On the loop.

    /// <summary>The machine's starting point by a plan.</summary>
    public StartingPoint PointOf(ResumePlan.Go plan, TorrentStore store) => new Planning(parts.Memory, store).PointOf(plan, actor.Options);

    /// <summary>Starts the machine.</summary>
    public void Begin(StartingPoint start, Timestamp now)
    {
        checkpoints.Begin(now);
        if (parts.History.Run is RunState.Stopped or RunState.Failed)
            parts.History.Enter(RunState.Running);
        parts.History.OnStarting(parts.Machine.Snapshot(now));
        parts.Machine.Start(start, now);
        if (actor.Options.Peers.Length > 0)
            parts.Machine.OnPeersFound(actor.Options.Peers, PeerSource.Manual, now);
        if (parts.Machine.Identity.Peers is { IsEmpty: false } named)
            _ = parts.Effects.FindNamedAsync(named);
    }

    /// <summary>The machine has begun by a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="trouble">The error while preparing the files; null if there was none.</param>
    /// <param name="now">The current time.</param>
    public void OnBegun(ResumePlan.Go plan, StorageError? trouble, Timestamp now)
    {
        if (plan.Check is not null)
            checkpoints.MarkDirty();
        if (trouble is not null)
            parts.Machine.OnDiskFailed(Translation.ToFailure(trouble, DiskOperation.Write, []), now);
    }
}
