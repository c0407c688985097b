using System.Numerics;
using Freshet.Core.Pieces;
using Freshet.Core.Sessions;

namespace Freshet.Disk;

/// <summary>One torrent's use of the <see cref="BlockPool"/>: what it holds, what it may hold, and who waits for its next block.</summary>
internal sealed class BlockShare(BlockPool pool, TorrentKey torrent)
{
    // Made for the first who waits.
    private LinkedList<TaskCompletionSource<BlockLease>>? _waiting;
    private bool _wasRefused;
    private int _peak;
    private int _need;

    public BlockPool Pool => pool;

    public TorrentKey Torrent => torrent;

    /// <summary>Blocks rented now, and not returned.</summary>
    public int Rented { get; private set; }

    /// <summary>The most blocks that it may hold as things stand. It may hold more, of before.</summary>
    public int Most
    {
        get
        {
            // So many that it is the most times what is free then.
            int own = Rented + pool.Free;
            return Math.Min(pool.MostOfOne, ((own * DiskLimits.BlockReserve) + DiskLimits.BlockReserve) / (DiskLimits.BlockReserve + 1));
        }
    }

    /// <summary>How many more it could rent now.</summary>
    public int Room => Math.Max(0, Most - Rented);

    /// <summary>Whether less than an eighth is left, so that what can be given back early should be.</summary>
    public bool IsLow => Rented * 8L > Most * 7L;

    /// <summary>Whether a quarter is free, so that nothing more needs to be given back early.</summary>
    public bool IsEased => Rented * 4L <= Most * 3L;

    /// <summary>Whether it is in the pool's list of those in use, and of those that wait; the pool's to set.</summary>
    internal bool IsInUse { get; set; }

    internal bool IsQueued { get; set; }

    internal bool HasWaiters => _waiting is { Count: > 0 };

    /// <summary>How many blocks it could hold, as it was measured last.</summary>
    internal int Wanted { get; private set; }

    /// <summary>Takes a block if there is one.</summary>
    public bool TryRent(out BlockLease lease)
    {
        lock (pool.Lock)
            return TryRentNow(out lease);
    }

    /// <summary>Takes a block, once there is one; first come, first served.</summary>
    public ValueTask<BlockLease> RentAsync(CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource<BlockLease>> waiter;
        lock (pool.Lock)
        {
            if (TryRentNow(out BlockLease lease))
                return ValueTask.FromResult(lease);
            _waiting ??= new LinkedList<TaskCompletionSource<BlockLease>>();
            waiter = _waiting.AddLast(
                new TaskCompletionSource<BlockLease>(TaskCreationOptions.RunContinuationsAsynchronously));
            pool.Await(this);
        }

        return WaitAsync(waiter, cancellationToken);
    }

    /// <summary>Counts blocks rented or returned; under the pool's lock.</summary>
    internal void Count(int blocks)
    {
        Rented += blocks;
        _peak = Math.Max(_peak, Rented);
    }

    /// <summary>Gives a block to whoever has waited longest; false if there is none for it. Under the pool's lock.</summary>
    internal bool TryServe()
    {
        if (!pool.TryLend(this, out BlockLease lease))
            return false;
        while (_waiting!.First is { } first)
        {
            _waiting.RemoveFirst();
            if (first.Value.TrySetResult(lease))
                return true;
        }

        // All have left just now.
        pool.TakeBack(lease);
        return true;
    }

    /// <summary>
    /// Measures how many blocks it could hold, in powers of two so that it is seldom news: what it held at most, or all there are if it had
    /// to wait. More is said at once; less only of a whole round of beats, so that bursts do not count as less. Under the pool's lock.
    /// </summary>
    /// <param name="endsRound">Whether this beat ends a round.</param>
    internal bool MeasureWant(bool endsRound)
    {
        int now = _wasRefused || HasWaiters ? pool.Capacity : Math.Min(pool.Capacity, (int)BitOperations.RoundUpToPowerOf2((uint)_peak));
        _wasRefused = false;
        _peak = Rented;
        _need = Math.Max(_need, now);
        int before = Wanted;
        Wanted = endsRound ? _need : Math.Max(Wanted, now);
        if (endsRound)
            _need = now;
        return Wanted != before;
    }

    private bool TryRentNow(out BlockLease lease)
    {
        // Those who wait are first.
        lease = BlockLease.None;
        if (!HasWaiters && pool.TryLend(this, out lease))
            return true;
        _wasRefused = true;
        return false;
    }

    private async ValueTask<BlockLease> WaitAsync(
        LinkedListNode<TaskCompletionSource<BlockLease>> waiter, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource<BlockLease>)state!).TrySetCanceled(token), waiter.Value);
        try
        {
            return await waiter.Value.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // On a disk that hangs nobody is served for hours, and peers come and go.
            lock (pool.Lock)
            {
                if (waiter.List is { } list)
                    list.Remove(waiter);
            }

            throw;
        }
    }
}
