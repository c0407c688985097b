namespace Freshet.Disk;

/// <summary>
/// Calls that may block for as long as a disk likes, on a few threads of their own: neither a torrent's loop nor a thread of the
/// pool, on which all loops run, may wait for a disk. Threads begin when there is something to do and end when there is not.
/// </summary>
internal sealed class DiskCalls(string name, int mostThreads)
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    private readonly object _gate = new();
    private readonly Queue<Action> _queue = new();
    private int _threads;
    private int _idle;

    /// <summary>Runs a call, after those that were asked for before.</summary>
    public Task<T> RunAsync<T>(Func<T> call)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
#pragma warning disable CA1031 // Whoever awaits the call gets what it threw.
            try
            {
                done.SetResult(call());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
#pragma warning restore CA1031
        });
        return done.Task;
    }

    private void Post(Action call)
    {
        lock (_gate)
        {
            _queue.Enqueue(call);
            if (_idle >= _queue.Count)
            {
                Monitor.Pulse(_gate);
                return;
            }

            if (_threads == mostThreads)
                return;
            _threads++;
        }

        new Thread(Run) { IsBackground = true, Name = name }.Start();
    }

    private void Run()
    {
        while (Next() is { } call)
            call();
    }

    private Action? Next()
    {
        lock (_gate)
        {
            while (true)
            {
                if (_queue.TryDequeue(out Action? call))
                    return call;
                _idle++;
                bool isWoken = Monitor.Wait(_gate, IdleTime);
                _idle--;
                if (isWoken || _queue.Count > 0)
                    continue;
                _threads--;
                return null;
            }
        }
    }
}
