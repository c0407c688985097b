namespace Freshet.Disk;

/// <summary>
/// Runs calls that may block for as long as a disk does, on a few threads of its own: neither a torrent's loop nor the thread pool, on
/// which all loops run, may wait for a disk. Threads start when there is work and end when there is none. Torrents take turns.
/// </summary>
/// <param name="name">The name of its threads.</param>
/// <param name="mostThreads">The most threads at once.</param>
/// <param name="turn">The number of calls of a torrent in a row.</param>
internal sealed class DiskCalls(string name, int mostThreads, int turn = 1)
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    private readonly object _gate = new();
    private readonly SweepQueue<Action> _queue = new(turn);
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

    /// <summary>Runs a call, after earlier calls of the same owner, unless they go to other places of the disk.</summary>
    /// <param name="owner">The owner of the call: a torrent, or anything else with its own turns.</param>
    /// <param name="call">The call, which may block.</param>
    /// <param name="place">Where it makes the disk go, as in <see cref="SweepQueue{T}.Add"/>; 0 for all if that does not matter.</param>
    public Task<T> RunAsync<T>(object owner, Func<T> call, long place = 0)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(owner, place, () =>
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

    private void Post(object owner, long place, Action call)
    {
        lock (_gate)
        {
            _queue.Add(owner, place, call);
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
