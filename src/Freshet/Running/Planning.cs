using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.FileSystem;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>Inspects what is on disk when a run begins, decides how much of it to trust, and prepares the files.</summary>
/// <param name="memory">What is recorded of the torrent.</param>
/// <param name="store">Its data.</param>
internal sealed class Planning(TorrentMemory memory, TorrentStore store)
{
    /// <summary>Decides how the run begins.</summary>
    /// <param name="options">The torrent's options.</param>
    /// <param name="resume">Whether to trust the record at all.</param>
    /// <param name="isAfterLoss">Whether the last run ended without waiting for the disk.</param>
    /// <param name="givenUp">Cancelled when a disk that does not respond is given up.</param>
    /// <returns>The plan, and any error while preparing the files.</returns>
    /// <exception cref="OperationCanceledException">The disk was given up.</exception>
    public async Task<(ResumePlan Plan, StorageError? Trouble)> PlanAsync(
        TorrentOptions options, bool resume, bool isAfterLoss, CancellationToken givenUp)
    {
        try
        {
            // This run must not meet disk operations that an earlier run left in progress.
            if (isAfterLoss)
                await store.Disk.FlushAsync(givenUp).ConfigureAwait(false);
            await store.Renaming.TryResolveAsync(givenUp).ConfigureAwait(false);
            ResumePlan plan = await store.RunAsync(() => memory.Plan(store, options, resume), givenUp).ConfigureAwait(false);
            if (plan is not ResumePlan.Go go)
                return (plan, null);
            await memory.NoteFoundAsync(givenUp).ConfigureAwait(false);
            if (go.Check is not null || !go.Have.IsFull)
                await store.RunAsync(store.LoadHashes, givenUp).ConfigureAwait(false);
            if (go.Have.IsFull)
                return (plan, null);
            // If the disk does not let us take it now, nothing is prepared either, and that says why.
            if (IsToBeWritten(go, options))
                await store.ClaimAsync(givenUp).ConfigureAwait(false);
            plan = await memory.BeginAsync(go, givenUp).ConfigureAwait(false);
            if (plan is not ResumePlan.Go)
                return (plan, null);
            return await store.RunAsync(() => Prepare(options, plan), givenUp).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (new ResumePlan.Refuse($"The torrent's files cannot be looked at: {e.Message}", TorrentReason.Other), null);
        }
        catch (FreshetException e)
        {
            return (new ResumePlan.Refuse(e.Message, TorrentReason.Other), null);
        }
    }

    /// <summary>The machine's starting point by a plan. The unfinished pieces are passed to the disk.</summary>
    public StartingPoint PointOf(ResumePlan.Go go, TorrentOptions options)
    {
        foreach (PartialPiece partial in go.Partial)
            store.Disk.RestorePartial(partial);
        bool mayMeetOthers = !memory.Record.Found.IsDefaultOrEmpty;
        return new StartingPoint(go.Have, [.. go.Partial], go.Check) { MustClaim = mayMeetOthers || !IsToBeWritten(go, options) };
    }

    // A folder that cannot be created now cannot be created later either. Other errors may be temporary: the torrent waits.
    private (ResumePlan Plan, StorageError? Trouble) Prepare(TorrentOptions options, ResumePlan plan)
    {
        StorageError? trouble = store.Prepare(options);
        bool isFinal =
            trouble?.Kind is StorageErrorKind.PermissionDenied or StorageErrorKind.ReadOnly or StorageErrorKind.NotAFile
            && !store.HasFolder;
        return isFinal ? (Refuse(trouble!), null) : (plan, trouble);
    }

    private static ResumePlan.Refuse Refuse(StorageError error) => new(error.Message, Translation.ToReason(error.Kind));

    // Where all that is wanted may be there, the files are only read until a check finds something missing: others may seed them from the
    // same folder, and it may be read-only.
    private bool IsToBeWritten(ResumePlan.Go plan, TorrentOptions options) => store.Found.LacksWanted(plan.Have, plan.Check, options);
}
