using Freshet.Core;
using Freshet.Core.Rates;
using Freshet.Diagnostics;
using Freshet.Disk.Checks;

namespace Freshet.Disk;

/// <summary>
/// The threads of a mounted file system. If it hangs or is slow, only the torrents on it are held up. A torrent always belongs to the same
/// worker, so that its pieces need no lock; a check is shared by all workers.
/// </summary>
internal sealed class DiskVolume
{
    private readonly DiskWorker[] _workers;
    private readonly DiskCalls _reads = new("Freshet disk read", DiskLimits.ReadThreads, DiskLimits.ReadTurn);
    private readonly DiskCalls _calls = new("Freshet disk call", DiskLimits.CallThreads);
    private int _opened;

    public DiskVolume(BlockPool pool, int workers, Action<Exception> onFault, TimeProvider time, LatencyMeter? waits)
    {
        Time = time;
        Waits = waits;
        Pool = pool;
        OnFault = onFault;
        Checks = new CheckJobs(WakeAll);
        _workers = new DiskWorker[workers];
        for (int i = 0; i < _workers.Length; i++)
            _workers[i] = new DiskWorker(this, i);
        foreach (DiskWorker worker in _workers)
            worker.Start();
    }

    /// <summary>The session's pool.</summary>
    public BlockPool Pool { get; }

    public CheckJobs Checks { get; }

    /// <summary>Receives an exception that is a bug; never throws.</summary>
    public Action<Exception> OnFault { get; }

    /// <summary>The clock for the time limits at the end.</summary>
    public TimeProvider Time { get; }

    /// <summary>Records how long items wait for their worker; null if nobody wants to know.</summary>
    public LatencyMeter? Waits { get; }

    public int WorkerCount => _workers.Length;

    /// <summary>The open torrents that belong to it. Guarded by the service.</summary>
    public int Torrents { get; set; }

    /// <summary>Whether nothing is under way on any of its threads, so that none of them hangs.</summary>
    public bool IsIdle => _reads.IsIdle && _calls.IsIdle && Array.TrueForAll(_workers, static worker => worker.IsIdle);

    /// <summary>The work done since the start.</summary>
    public DiskStatistics Statistics
    {
        get
        {
            DiskStatistics sum = default;
            foreach (DiskWorker worker in _workers)
                sum += worker.Statistics;
            return sum;
        }
    }

    /// <summary>The index of the worker for the next torrent.</summary>
    public int NextWorker() => (int)((uint)Interlocked.Increment(ref _opened) % (uint)_workers.Length);

    /// <summary>Reads for peers, many at once, in the order in which they lie in the torrent.</summary>
    public Task<T> ReadAsync<T>(object owner, long offset, Func<T> read) => _reads.RunAsync(owner, read, offset);

    /// <summary>Runs other calls that may block, such as flushes, inspections and preparations.</summary>
    public Task<T> RunAsync<T>(object owner, Func<T> call) => _calls.RunAsync(owner, call);

    public void Tick(Timestamp now)
    {
        foreach (DiskWorker worker in _workers)
            worker.Tick(now);
    }

    public void Post(int worker, in DiskItem item) => _workers[worker].Post(item);

    public void PostToAll(in DiskItem item)
    {
        foreach (DiskWorker worker in _workers)
            worker.Post(item);
    }

    /// <summary>Ends the threads. One that a dead disk holds is abandoned; it ends with the process.</summary>
    public async Task StopAsync()
    {
        foreach (DiskWorker worker in _workers)
            worker.Stop();
        using CancellationTokenSource limit = new(Limits.LastStopTime, Time);
        foreach (DiskWorker worker in _workers)
        {
            await worker.Completion.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (worker.Completion.IsCompleted)
                worker.Dispose();
        }
    }

    private void WakeAll()
    {
        foreach (DiskWorker worker in _workers)
            worker.Wake();
    }
}
