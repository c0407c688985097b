using System.Runtime.InteropServices;
using Freshet.Core;
using Freshet.Core.Pieces;

namespace Freshet.Disk;

/// <summary>
/// All the memory that payload may take, in blocks of 16 KiB. When the pool is dry, read loops wait for a block, and so the peers
/// wait: this is the download's back-pressure. Every block rented is returned once; a second return throws.
/// </summary>
/// <remarks>
/// Memory is taken from the system in slabs of 64 pinned blocks as it is needed, up to the capacity, and kept. Blocks are handed
/// out last-in first-out, so that a slow download goes on in memory that is warm in the cache.
/// </remarks>
internal sealed class BlockPool
{
    private const int BlocksPerSlab = 64;

    private readonly Lock _lock = new();
    private readonly byte[]?[] _slabs;
    private readonly Stack<int> _free = new();
    private readonly Queue<TaskCompletionSource<BlockLease>> _waiting = new();
    private readonly bool[] _rented;
    private int _slabCount;

    /// <param name="capacityBytes">The most memory; rounded up to a slab of 1 MiB.</param>
    public BlockPool(long capacityBytes = Limits.DefaultBlockPoolBytes)
    {
        const int slabBytes = BlocksPerSlab * Limits.BlockLength;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacityBytes);
        int slabs = checked((int)((capacityBytes + slabBytes - 1) / slabBytes));
        _slabs = new byte[]?[slabs];
        _rented = new bool[slabs * BlocksPerSlab];
    }

    /// <summary>The most blocks there can be.</summary>
    public int Capacity => _rented.Length;

    /// <summary>Blocks rented now.</summary>
    public int Rented { get; private set; }

    /// <summary>Whether less than an eighth is left, so that what can be given back early should be.</summary>
    public bool IsLow => Rented > Capacity - (Capacity / 8);

    /// <summary>Takes a block if there is one.</summary>
    public bool TryRent(out BlockLease lease)
    {
        lock (_lock)
        {
            // Those who wait are first.
            lease = BlockLease.None;
            return _waiting.Count == 0 && TryTake(out lease);
        }
    }

    /// <summary>Takes a block, once there is one; first come, first served.</summary>
    public ValueTask<BlockLease> RentAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<BlockLease> waiter;
        lock (_lock)
        {
            if (_waiting.Count == 0 && TryTake(out BlockLease lease))
                return ValueTask.FromResult(lease);
            waiter = new TaskCompletionSource<BlockLease>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(waiter);
        }

        return WaitAsync(waiter, cancellationToken);
    }

    /// <summary>The bytes of a rented block, all 16 KiB; pinned.</summary>
    public Memory<byte> MemoryOf(BlockLease lease) =>
        _slabs[lease.Slot / BlocksPerSlab].AsMemory(lease.Slot % BlocksPerSlab * Limits.BlockLength, Limits.BlockLength);

    /// <summary>Where a rented block lies, for the system's scattered reads and writes; good until it is returned.</summary>
    public nint AddressOf(BlockLease lease) =>
        Marshal.UnsafeAddrOfPinnedArrayElement(_slabs[lease.Slot / BlocksPerSlab]!, lease.Slot % BlocksPerSlab * Limits.BlockLength);

    /// <summary>Gives a block back.</summary>
    public void Return(BlockLease lease) => Return([lease]);

    /// <summary>Gives several blocks back, at the price of one.</summary>
    public void Return(ReadOnlySpan<BlockLease> leases)
    {
        lock (_lock)
        {
            foreach (BlockLease lease in leases)
                TakeBack(lease);
        }
    }

    private void TakeBack(BlockLease lease)
    {
        if (!_rented[lease.Slot])
            throw new InvalidOperationException($"Block {lease.Slot} was returned twice.");
        while (_waiting.TryDequeue(out TaskCompletionSource<BlockLease>? waiter))
        {
            if (waiter.TrySetResult(lease))
                return;
        }

        _rented[lease.Slot] = false;
        _free.Push(lease.Slot);
        Rented--;
    }

    private bool TryTake(out BlockLease lease)
    {
        lease = BlockLease.None;
        if (_free.Count == 0 && !TryAddSlab())
            return false;
        int slot = _free.Pop();
        _rented[slot] = true;
        Rented++;
        lease = new BlockLease(slot);
        return true;
    }

    private bool TryAddSlab()
    {
        if (_slabCount == _slabs.Length)
            return false;
        _slabs[_slabCount] = GC.AllocateUninitializedArray<byte>(BlocksPerSlab * Limits.BlockLength, pinned: true);
        for (int i = BlocksPerSlab - 1; i >= 0; i--)
            _free.Push((_slabCount * BlocksPerSlab) + i);
        _slabCount++;
        return true;
    }

    private static async ValueTask<BlockLease> WaitAsync(TaskCompletionSource<BlockLease> waiter, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource<BlockLease>)state!).TrySetCanceled(token), waiter);
        return await waiter.Task.ConfigureAwait(false);
    }
}
