namespace Freshet.Connections;

/// <summary>
/// Counts connections, dials and handshakes that are still under way, so that whoever ends them can wait until nothing of them runs.
/// Safe to use from any thread.
/// </summary>
internal sealed class LiveConnections
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _none;
    private int _count;

    /// <summary>How many are under way.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _count;
        }
    }

    /// <summary>Counts one until its task ends, however that ends.</summary>
    public void Add(Task task)
    {
        lock (_lock)
            _count++;
        task.ContinueWith(
            static (ended, state) =>
            {
                // Looked at, so that nobody reports it as overlooked.
                _ = ended.Exception;
                ((LiveConnections)state!).Remove();
            },
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Waits until none is left, but not for ever; returns how many are left.</summary>
    public async Task<int> WaitForNoneAsync(TimeSpan patience, TimeProvider time)
    {
        Task none;
        lock (_lock)
        {
            if (_count == 0)
                return 0;
            _none ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            none = _none.Task;
        }

        try
        {
            await none.WaitAsync(patience, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The caller is told by the count.
        }

        return Count;
    }

    private void Remove()
    {
        lock (_lock)
        {
            if (--_count > 0)
                return;
            _none?.SetResult();
            _none = null;
        }
    }
}
