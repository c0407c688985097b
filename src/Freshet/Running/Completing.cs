using Freshet.Core.Torrents;

namespace Freshet.Running;

/// <summary>
/// Completes a torrent once everything wanted is verified: flushes, records, and releases the right to write. Completion is reported only
/// after that. If the data is on disk and only the record cannot be written, it is reported as well, after a warning.
/// </summary>
/// <param name="actor">The torrent.</param>
/// <param name="parts">The torrent's parts.</param>
/// <param name="checkpoints">Knows whether the data is recorded already.</param>
/// <param name="recording">Records it.</param>
/// <param name="patience">How long to wait for the disk.</param>
internal sealed class Completing(
    TorrentActor actor, RunningParts parts, Checkpoints checkpoints, Recording recording, DiskPatience patience)
{
    private TorrentFact.Completed? _completed;

    /// <summary>On the loop: whether a fact must be held back for now.</summary>
    public bool TryKeepBack(TorrentFact fact)
    {
        if (fact is not TorrentFact.Completed completed)
            return false;
        _completed = completed;
        return true;
    }

    /// <summary>Flushes, records, and reports completion.</summary>
    /// <param name="changes">The sequence in which the right to write is released.</param>
    /// <param name="outcome">Completed at the end.</param>
    /// <param name="bring">Moves the files to the finished folder, where the torrent completes again; returns false if they stay.</param>
    public async Task CompleteAsync(OneAtATime changes, TorrentOutcome outcome, Func<Task<bool>> bring)
    {
        TorrentStore store = parts.Store!;
        CancellationToken givenUp = patience.Token;
        if (!checkpoints.IsDataRecorded)
        {
            if (!await recording.RecordCompletionAsync(store, givenUp).ConfigureAwait(false))
                return;
            await changes.RunAsync(() => GiveUpClaimAsync(store, givenUp)).ConfigureAwait(false);
        }

        if (await bring().ConfigureAwait(false))
            return;
        actor.Post(_ =>
        {
            if (parts.Machine.Phase is not { IsComplete: true } complete)
                return;
            if (_completed is { } completed)
                parts.Effects.ReportLater(completed);
            _completed = null;
            store.Rest();
            outcome.OnPhase(complete);
        });
    }

    /// <summary>Prepares what other options want written. Perhaps everything that is wanted now is complete already.</summary>
    public async Task SelectMoreAsync(TorrentStore store, CancellationToken givenUp)
    {
        await store.RunAsync(() => store.PrepareMore(actor.Options), givenUp).ConfigureAwait(false);
        checkpoints.MarkDirty();
        await GiveUpClaimAsync(store, givenUp).ConfigureAwait(false);
    }

    /// <summary>
    /// Releases the right to write, unless something is missing again, so that the right is needed, or will be after this.
    /// </summary>
    public async Task GiveUpClaimAsync(TorrentStore store, CancellationToken givenUp)
    {
        bool isComplete = false;
        await actor.OnLoopAsync(_ => isComplete = parts.Machine.Phase.IsComplete).ConfigureAwait(false);
        if (isComplete)
            await store.GiveUpClaimAsync(givenUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
