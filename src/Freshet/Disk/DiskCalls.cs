namespace Freshet.Disk;

/// <summary>
/// Runs calls that may block for as long as a disk does, on a few threads of its own: neither a torrent's loop nor the thread pool, on
/// which all loops run, may wait for a disk. Threads start when there is work and end when there is none. Torrents take turns.
/// </summary>
internal sealed class DiskCalls(string name, int mostThreads)
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    private readonly object _gate = new();
    private readonly FairQueue<Action> _queue = new(turn: 1);
    private int _threads;
    private int _idle;

    /// <summary>Whether no call is waiting or under way.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
                return _idle == _threads && _queue.Count == 0;
        }
    }

    /// <summary>Runs a call, after earlier calls of the same owner.</summary>
    /// <param name="owner">The owner of the call: a torrent, or anything else with its own turns.</param>
    /// <param name="call">The call, which may block.</param>
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
