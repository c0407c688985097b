using Freshet.Core.Torrents;

namespace Freshet.Running;

/// <summary>
/// What is to be done when everything that is wanted was verified: it is flushed and recorded, and the right to write is given back. Only
/// then does anybody hear of it.
/// </summary>
/// <param name="actor">The torrent.</param>
/// <param name="parts">What it consists of.</param>
/// <param name="checkpoints">Know whether the data is recorded already.</param>
/// <param name="recording">Records it.</param>
/// <param name="patience">How long the disk is waited for.</param>
internal sealed class Completing(
    TorrentActor actor, RunningParts parts, Checkpoints checkpoints, Recording recording, DiskPatience patience)
{
    private TorrentFact.Completed? _completed;

    /// <summary>On the loop: whether a fact is one that nobody is to hear of yet.</summary>
    public bool TryKeepBack(TorrentFact fact)
    {
        if (fact is not TorrentFact.Completed completed)
            return false;
        _completed = completed;
        return true;
    }

    /// <summary>Flushes, records, and tells.</summary>
    /// <param name="changes">In turn with these the right to write is given back.</param>
    /// <param name="outcome">Ends with it.</param>
    /// <param name="bring">Brings the files to another folder, in which the torrent completes once more; false if they stay.</param>
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
                parts.Effects.TellLater(completed);
            _completed = null;
            store.Rest();
            outcome.OnPhase(complete);
        });
    }

    /// <summary>
    /// Gives the right to write back, unless something is missing again, for which it was asked for, or will be after this.
    /// </summary>
    public async Task GiveUpClaimAsync(TorrentStore store, CancellationToken givenUp)
    {
        bool isComplete = false;
        await actor.OnLoopAsync(_ => isComplete = parts.Machine.Phase.IsComplete).ConfigureAwait(false);
        if (isComplete)
            await store.GiveUpClaimAsync(givenUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
