namespace Freshet.Disk;

/// <summary>
/// Calls that may block for as long as a disk likes, on a few threads of their own: neither a torrent's loop nor a thread of the
/// pool, on which all loops run, may wait for a disk. Threads begin when there is something to do and end when there is not. Torrents have
/// their calls made in turn.
/// </summary>
internal sealed class DiskCalls(string name, int mostThreads)
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    private readonly object _gate = new();
    private readonly FairQueue<Action> _queue = new(turn: 1);
    private int _threads;
    private int _idle;

    /// <summary>Runs a call, after those that were asked for before for the same.</summary>
    /// <param name="owner">For whom: a torrent, or who else has its own turns.</param>
    /// <param name="call">What may block.</param>
    public Task<T> RunAsync<T>(object owner, Func<T> call)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(owner, () =>
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

    private void Post(object owner, Action call)
    {
        lock (_gate)
        {
            _queue.Add(owner, call);
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
                if (_queue.TryTake(out Action? call))
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
