using System.Numerics;
using Freshet.Core.Pieces;
using Freshet.Core.Sessions;

namespace Freshet.Disk;

/// <summary>One torrent's use of the <see cref="BlockPool"/>: what it holds, what it may hold, and who waits for its next block.</summary>
internal sealed class BlockShare(BlockPool pool, TorrentKey torrent)
{
    // Created for the first waiter.
    private LinkedList<TaskCompletionSource<BlockLease>>? _waiting;
    private bool _wasRefused;
    private int _peak;
    private int _need;

    public BlockPool Pool => pool;

    public TorrentKey Torrent => torrent;

    /// <summary>The number of blocks rented and not returned.</summary>
    public int Rented { get; private set; }

    /// <summary>The maximum number of blocks it may hold now. It may still hold more from before.</summary>
    public int Most
    {
        get
        {
            // The largest number that, once held, is still within the limit times what is then free.
            int own = Rented + pool.Free;
            return Math.Min(pool.MostOfOne, ((own * DiskLimits.BlockReserve) + DiskLimits.BlockReserve) / (DiskLimits.BlockReserve + 1));
        }
    }

    /// <summary>The number of further blocks it could rent now.</summary>
    public int Room => Math.Max(0, Most - Rented);

    /// <summary>Whether less than an eighth is left, so that blocks should be returned early.</summary>
    public bool IsLow => Rented * 8L > Most * 7L;

    /// <summary>Whether a quarter is free, so that nothing more needs to be returned early.</summary>
    public bool IsEased => Rented * 4L <= Most * 3L;

    /// <summary>Whether it is in the pool's list of shares in use, and of waiting shares; set by the pool.</summary>
    internal bool IsInUse { get; set; }

    internal bool IsQueued { get; set; }

    internal bool HasWaiters => _waiting is { Count: > 0 };

    /// <summary>The number of blocks it could use, as last measured.</summary>
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

    /// <summary>Gives a block to the oldest waiter; false if there is none for it. Under the pool's lock.</summary>
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

        // All waiters have just given up.
        pool.TakeBack(lease);
        return true;
    }

    /// <summary>
    /// Measures how many blocks it could use, in powers of two so that the result rarely changes: the maximum it held, or all blocks if it
    /// had to wait. An increase is reported at once, a decrease only after a whole round of beats, so that bursts are not missed. Under the
    /// pool's lock.
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
        // Earlier waiters go first.
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
            // With a disk that hangs, nobody is served for hours while peers come and go.
            lock (pool.Lock)
            {
                if (waiter.List is { } list)
                    list.Remove(waiter);
            }

            throw;
        }
    }
}
