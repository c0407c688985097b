using System.Collections.Concurrent;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Disk.Checks;
using Freshet.Disk.Downloads;

namespace Freshet.Disk;

/// <summary>
/// A thread that owns the unfinished pieces of its torrents: it takes blocks in batches, writes runs, has finished pieces hashed, and does
/// its share of checks in between. All members but <see cref="Post"/>, <see cref="Wake"/> and <see cref="Tick"/> run on the thread.
/// </summary>
/// <remarks>
/// Waking a thread costs as much as writing a block. So a block wakes it only if it is the last of its piece, if enough blocks for a run
/// have accumulated, or if its torrent is short of memory; otherwise it waits for the next tick. Torrents take turns, so that one with many
/// queued blocks or slow writes holds up the others for one turn at most.
/// </remarks>
internal sealed class DiskWorker : IDisposable
{
    // After this many items, finished pieces and checks get their turn.
    private const int ItemsPerStep = 256;

    private readonly DiskVolume _volume;
    private readonly int _index;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<DiskItem> _posted = new();
    private readonly FairQueue<DiskItem> _queue = new(DiskLimits.Turn);
    private readonly object _gate = new();
    private readonly PieceAssembler _downloads;
    private readonly PieceChecker _checks;
    private long _now;
    private int _unseen;
    private int _signalled;
    private volatile bool _ticked;
    private volatile bool _stops;
    private volatile bool _holdsBlocks;
    private volatile bool _isAsleep;

    public DiskWorker(DiskVolume volume, int index)
    {
        _volume = volume;
        _index = index;
        WorkerMemory memory = new();
        _downloads = new PieceAssembler(volume.Pool, memory);
        _checks = new PieceChecker(volume.Checks, memory);
        _thread = new Thread(Run) { IsBackground = true, Name = $"Freshet disk {index}" };
    }

    /// <summary>Completes when the thread has ended.</summary>
    public Task Completion => _ended.Task;

    /// <summary>Whether it has nothing to do.</summary>
    public bool IsIdle => _isAsleep && _posted.IsEmpty;

    public DiskStatistics Statistics => _downloads.Statistics + _checks.Statistics;

    public void Start() => _thread.Start();

    /// <summary>Asks the thread to end; see <see cref="Completion"/>.</summary>
    public void Stop()
    {
        _stops = true;
        Wake();
    }

    /// <summary>Called after the thread has ended.</summary>
    public void Dispose()
    {
        _downloads.Dispose();
        _checks.Dispose();
    }

    /// <summary>Queues an item; allocates nothing for a block.</summary>
    public void Post(in DiskItem item)
    {
        _posted.Enqueue(item with { Posted = _volume.Waits?.Begin() ?? 0 });
        if (item.Action != DiskAction.Write
            || Interlocked.Increment(ref _unseen) >= DiskLimits.BlocksPerWrite
            || item.Torrent.NoteArrival(item.Block.Piece)
            || item.Torrent.Blocks.IsLow)
            Wake();
    }

    /// <summary>Makes the thread look at its queue.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _signalled, 1) != 0)
            return;
        lock (_gate)
            Monitor.Pulse(_gate);
    }

    public void Tick(Timestamp now)
    {
        Interlocked.Exchange(ref _now, now.Ticks);
        if (_posted.IsEmpty && !_holdsBlocks)
            return;
        _ticked = true;
        Wake();
    }

    private void Run()
    {
        // Everything queued before the stop is still handled.
        while (!_stops || !_posted.IsEmpty || _queue.Count > 0)
        {
#pragma warning disable CA1031 // A bug in one step must not stop the disk for all torrents.
            try
            {
                Step();
            }
            catch (Exception e)
            {
                _volume.OnFault(e);
            }
#pragma warning restore CA1031
        }

        _ended.SetResult();
    }

    private void Step()
    {
        Interlocked.Exchange(ref _unseen, 0);
        Timestamp now = new(Interlocked.Read(ref _now));
        int handled = 0;
        while (handled < ItemsPerStep && TryTake(out DiskItem item))
        {
            _volume.Waits?.End(item.Posted);
            Handle(item, now);
            handled++;
        }

        // Only if nothing else frees memory: what is written early must be read again to be hashed.
        bool hashedSome = _downloads.HashFinished(isForced: false);
        if (handled < ItemsPerStep && !hashedSome)
            _downloads.Spill();
        if (_ticked)
        {
            _ticked = false;
            _downloads.WriteIdle(now);
        }

        _holdsBlocks = _downloads.HoldsBlocks;
        bool checkedSome = _volume.Checks.HasWork && _checks.RunBatch();
        if (handled < ItemsPerStep && !checkedSome && !hashedSome && !_stops)
            Sleep();
    }

    // Looks for new items before each one, so that a torrent that has just begun waits for one turn at most.
    private bool TryTake(out DiskItem item)
    {
        while (_posted.TryDequeue(out DiskItem posted))
        {
            // Such an item only says that this thread is not using a torrent of another worker.
            if (posted.Torrent.Worker != _index)
                Handle(posted, default);
            else
                _queue.Add(posted.Torrent, posted);
        }

        return _queue.TryTake(out item);
    }

    private void Handle(in DiskItem item, Timestamp now)
    {
        UnfinishedPieces unfinished = item.Torrent.Unfinished;
        switch (item.Action)
        {
            case DiskAction.Write when item.Torrent.IsClosed:
                _volume.Pool.Return(item.Lease);
                break;
            case DiskAction.Write:
                _downloads.Take(unfinished, item.Block, item.Lease, now);
                break;
            case DiskAction.Discard:
                _downloads.Discard(unfinished, item.Block.Piece);
                break;
            case DiskAction.Restore:
                _downloads.Restore(unfinished, item.Block.Piece, (Bitfield)item.State!);
                break;
            case DiskAction.Probe:
                _downloads.Probe(item.Torrent);
                break;
            case DiskAction.Flush:
                _downloads.WriteAll(unfinished, (WorkerBarrier)item.State!);
                break;
            case DiskAction.Close:
                if (item.Torrent.Worker == _index)
                    _downloads.Close(unfinished);
                ((WorkerBarrier)item.State!).Arrive();
                break;
        }
    }

    private void Sleep()
    {
        int milliseconds = _downloads.MillisecondsUntilHash;
        lock (_gate)
        {
            if (Volatile.Read(ref _signalled) == 0 && milliseconds != 0)
            {
                _isAsleep = true;
                Monitor.Wait(_gate, milliseconds);
                _isAsleep = false;
            }
        }

        Interlocked.Exchange(ref _signalled, 0);
    }
}
