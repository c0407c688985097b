using Freshet.Core.Torrents;

namespace Freshet.Running;

/// <summary>
/// What a torrent has come to, as tasks for those who wait: its metadata known, and all that was wanted there; or failed, or removed before
/// either. A failed torrent that is started again gets new ones.
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
        // It may have failed, which is no matter any more.
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

    // Nobody need be waiting: the failure is in the status and the events. Looked at, it is no unobserved exception.
    private static void Fail(TaskCompletionSource source, string reason)
    {
        source.TrySetException(new TorrentFailedException(reason));
        _ = source.Task.Exception;
    }
}
