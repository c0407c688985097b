using Freshet.Core;
using Freshet.Core.Pieces;

namespace Freshet.Disk;

/// <summary>
/// All the memory that payload may take, in blocks of 16 KiB. When the pool is dry, read loops wait for a block, and so the peers
/// wait: this is the download's back-pressure. Every block rented is returned once; a second return throws.
/// </summary>
/// <remarks>
/// A pool may be divided into shares of one size, each of which is used as a pool: what waits for one disk then never holds the
/// memory of all. Blocks may be returned to any share; they count for the one that rented them.
/// </remarks>
internal sealed class BlockPool
{
    private readonly BlockMemory _memory;
    private readonly Queue<TaskCompletionSource<BlockLease>> _waiting = new();

    /// <param name="capacityBytes">The most memory; rounded up to a slab of 1 MiB.</param>
    public BlockPool(long capacityBytes = Limits.DefaultBlockPoolBytes)
        : this(new BlockMemory(capacityBytes))
    {
    }

    private BlockPool(BlockMemory memory)
    {
        _memory = memory;
        memory.Add(this);
    }

    /// <summary>The most blocks there can be; of a share, the most that it may hold.</summary>
    public int Capacity => _memory.CapacityOfShare;

    /// <summary>Blocks rented now, and not returned.</summary>
    public int Rented { get; private set; }

    /// <summary>Blocks rented by all shares.</summary>
    public int RentedByAll => _memory.Rented;

    /// <summary>Whether less than an eighth is left, so that what can be given back early should be.</summary>
    public bool IsLow => Rented > Capacity - (Capacity / 8);

    /// <summary>Whether one more block may be rented as far as this share goes.</summary>
    internal bool HasRoom => Rented < Capacity;

    /// <summary>Another share, as large as each is then.</summary>
    public BlockPool OpenShare() => new(_memory);

    /// <summary>Takes a block if there is one.</summary>
    public bool TryRent(out BlockLease lease)
    {
        lock (_memory.Lock)
        {
            // Those who wait are first.
            lease = BlockLease.None;
            return _waiting.Count == 0 && HasRoom && _memory.TryTake(this, out lease);
        }
    }

    /// <summary>Takes a block, once there is one; first come, first served.</summary>
    public ValueTask<BlockLease> RentAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<BlockLease> waiter;
        lock (_memory.Lock)
        {
            if (_waiting.Count == 0 && HasRoom && _memory.TryTake(this, out BlockLease lease))
                return ValueTask.FromResult(lease);
            waiter = new TaskCompletionSource<BlockLease>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(waiter);
        }

        return WaitAsync(waiter, cancellationToken);
    }

    /// <summary>The bytes of a rented block, all 16 KiB; pinned.</summary>
    public Memory<byte> MemoryOf(BlockLease lease) => _memory.MemoryOf(lease);

    /// <summary>Where a rented block lies, for the system's scattered reads and writes; good until it is returned.</summary>
    public nint AddressOf(BlockLease lease) => _memory.AddressOf(lease);

    /// <summary>Gives a block back.</summary>
    public void Return(BlockLease lease) => Return([lease]);

    /// <summary>Gives several blocks back, at the price of one.</summary>
    public void Return(ReadOnlySpan<BlockLease> leases)
    {
        lock (_memory.Lock)
        {
            foreach (BlockLease lease in leases)
                _memory.TakeBack(lease);
        }
    }

    /// <summary>Counts blocks rented or returned; under the memory's lock.</summary>
    internal void Count(int blocks) => Rented += blocks;

    /// <summary>Gives a block to whoever has waited longest; false if nobody waits. Under the memory's lock.</summary>
    internal bool TryServe(BlockLease lease)
    {
        while (_waiting.TryDequeue(out TaskCompletionSource<BlockLease>? waiter))
        {
            if (waiter.TrySetResult(lease))
                return true;
        }

        return false;
    }

    private static async ValueTask<BlockLease> WaitAsync(TaskCompletionSource<BlockLease> waiter, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource<BlockLease>)state!).TrySetCanceled(token), waiter);
        return await waiter.Task.ConfigureAwait(false);
    }
}
