using Freshet.Core.Torrents;

namespace Freshet.Running;

/// <summary>
/// Whether a torrent has come to its end, as a task for those who wait: complete, failed, or removed before either. A failed torrent that
/// is started again gets a new one.
/// </summary>
internal sealed class TorrentOutcome
{
    private TaskCompletionSource _source = NewSource();

    public Task Completion => Volatile.Read(ref _source).Task;

    public void OnStarting()
    {
        if (_source.Task.IsFaulted)
            Volatile.Write(ref _source, NewSource());
    }

    public void OnPhase(TorrentPhase phase)
    {
        if (phase is TorrentPhase.Seeding)
            _source.TrySetResult();
        else if (phase is TorrentPhase.Failed failed)
            _source.TrySetException(new TorrentFailedException(failed.Reason));
    }

    public void OnRemoved() => _source.TrySetCanceled();

    private static TaskCompletionSource NewSource()
    {
        TaskCompletionSource source = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // Nobody need be waiting; then a failure is in the status and the events, and no unobserved exception.
        _ = source.Task.ContinueWith(
            static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return source;
    }
}
