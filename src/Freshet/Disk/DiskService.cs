using Freshet.Core.Rates;

namespace Freshet.Disk;

/// <summary>
/// The threads that write, hash and check for all torrents. A torrent always belongs to the same worker, so that nothing about its
/// pieces needs a lock; a check is shared by all.
/// </summary>
/// <remarks>
/// Two workers that write to one file wait for each other in the kernel, and on a busy machine they do so busily: a block cost 14 µs
/// then, against 7 with one, which is enough for 2 GB/s of a torrent. One worker also finds more finished pieces to hash together.
/// </remarks>
internal sealed class DiskService : IAsyncDisposable
{
    private readonly DiskWorker[] _workers;
    private readonly Lock _lock = new();
    private readonly List<TorrentDisk> _torrents = [];
    private int _opened;

    public DiskService(DiskServiceOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Workers, nameof(options));
        Pool = options.Pool;
        Checks = new CheckJobs(WakeAll);
        _workers = new DiskWorker[options.Workers];
        for (int i = 0; i < _workers.Length; i++)
            _workers[i] = new DiskWorker(this, i, options.OnFault ?? (static _ => { }));
        foreach (DiskWorker worker in _workers)
            worker.Start();
    }

    internal BlockPool Pool { get; }

    internal CheckJobs Checks { get; }

    internal int WorkerCount => _workers.Length;

    /// <summary>What was done since the start.</summary>
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

    /// <summary>Adds a torrent. Close it to take it out.</summary>
    public TorrentDisk Open(TorrentDiskOptions options)
    {
        int worker = (int)((uint)Interlocked.Increment(ref _opened) % (uint)_workers.Length);
        TorrentDisk torrent = new(this, options, worker);
        lock (_lock)
            _torrents.Add(torrent);
        return torrent;
    }

    /// <summary>
    /// To be called by the heartbeat, a few times a second. Blocks that have waited for their piece for <see cref="Core.Limits.IdleBlockTime"/>
    /// are written, and workers look at blocks that were too few to wake them.
    /// </summary>
    public void Tick(Timestamp now)
    {
        foreach (DiskWorker worker in _workers)
            worker.Tick(now);
    }

    /// <summary>Closes every torrent and ends the threads.</summary>
    public async ValueTask DisposeAsync()
    {
        TorrentDisk[] torrents;
        lock (_lock)
            torrents = [.. _torrents];
        foreach (TorrentDisk torrent in torrents)
            await torrent.CloseAsync().ConfigureAwait(false);
        foreach (DiskWorker worker in _workers)
            worker.Stop();
        foreach (DiskWorker worker in _workers)
        {
            await worker.Completion.ConfigureAwait(false);
            worker.Dispose();
        }
    }

    internal void Post(int worker, in DiskItem item)
    {
        _workers[worker].Post(item);

        // Blocks that the others hold may be what is missing.
        if (item.Action == DiskAction.Write && Pool.IsLow)
            WakeAll();
    }

    internal void PostToAll(in DiskItem item)
    {
        foreach (DiskWorker worker in _workers)
            worker.Post(item);
    }

    internal void Remove(TorrentDisk torrent)
    {
        lock (_lock)
            _torrents.Remove(torrent);
    }

    private void WakeAll()
    {
        foreach (DiskWorker worker in _workers)
            worker.Wake();
    }
}
