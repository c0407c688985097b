using Freshet.Core.Torrents;

namespace Freshet.Running;

/// <summary>
/// A torrent's outcome as tasks to wait for: metadata known, and everything wanted complete; or failed, or removed before. A failed torrent
/// that is started again gets new tasks.
/// </summary>
internal sealed class TorrentOutcome
{
    private TaskCompletionSource _completion = NewSource();
    private TaskCompletionSource _metadata = NewSource();

    public Task Completion => Volatile.Read(ref _completion).Task;

    public Task Metadata => Volatile.Read(ref _metadata).Task;

    public void OnStarting()
    {
        Renew(ref _completion);
        Renew(ref _metadata);
    }

    public void OnMetadata()
    {
        // It may have failed earlier, which no longer matters.
        Renew(ref _metadata);
        _metadata.TrySetResult();
    }

    public void OnPhase(TorrentPhase phase)
    {
        if (phase.IsComplete)
        {
            _completion.TrySetResult();
        }
        else if (phase is TorrentPhase.Failed failed)
        {
            Fail(_completion, failed.Reason);
            Fail(_metadata, failed.Reason);
        }
    }

    public void OnRemoved()
    {
        _completion.TrySetCanceled();
        _metadata.TrySetCanceled();
    }

    private static void Renew(ref TaskCompletionSource source)
    {
        if (source.Task.IsFaulted)
            Volatile.Write(ref source, NewSource());
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Perhaps nobody awaits the task: the failure is also in the status and the events. Reading it marks the exception as observed.
    private static void Fail(TaskCompletionSource source, string reason)
    {
        source.TrySetException(new TorrentFailedException(reason));
        _ = source.Task.Exception;
    }
}
