namespace Freshet.Connections;

/// <summary>Counts the connections, dials and handshakes in progress, so that a stop can wait until none is left. Thread-safe.</summary>
internal sealed class LiveConnections
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _none;
    private int _count;

    /// <summary>The number in progress.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _count;
        }
    }

    /// <summary>Counts a task until it ends, however it ends.</summary>
    public void Add(Task task)
    {
        lock (_lock)
            _count++;
        task.ContinueWith(
            static (ended, state) =>
            {
                // Marks the exception as observed.
                _ = ended.Exception;
                ((LiveConnections)state!).Remove();
            },
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Waits, for a limited time, until none is left; returns how many are.</summary>
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
            // The returned count says so.
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
