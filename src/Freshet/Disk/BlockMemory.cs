using System.Runtime.InteropServices;
using Freshet.Core;
using Freshet.Core.Pieces;

namespace Freshet.Disk;

/// <summary>The blocks behind a <see cref="BlockPool"/> and its shares, which call it under its lock.</summary>
/// <remarks>
/// Memory is taken from the system in slabs of 64 pinned blocks as it is needed, up to the capacity, and kept. Blocks are handed
/// out last-in first-out, so that a slow download goes on in memory that is warm in the cache.
/// </remarks>
internal sealed class BlockMemory
{
    private const int BlocksPerSlab = 64;

    private readonly byte[]?[] _slabs;
    private readonly Stack<int> _free = new();
    private readonly BlockPool?[] _renters;
    private readonly List<BlockPool> _shares = [];
    private int _slabCount;
    private int _nextShare;

    public BlockMemory(long capacityBytes)
    {
        const int slabBytes = BlocksPerSlab * Limits.BlockLength;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacityBytes);
        int slabs = checked((int)((capacityBytes + slabBytes - 1) / slabBytes));
        _slabs = new byte[]?[slabs];
        _renters = new BlockPool?[slabs * BlocksPerSlab];
        CapacityOfShare = _renters.Length;
    }

    public Lock Lock { get; } = new();

    public int Rented { get; private set; }

    public int CapacityOfShare { get; private set; }

    public void Add(BlockPool share)
    {
        lock (Lock)
        {
            _shares.Add(share);
            CapacityOfShare = Math.Max(1, _renters.Length / _shares.Count);
        }
    }

    public Memory<byte> MemoryOf(BlockLease lease) =>
        _slabs[lease.Slot / BlocksPerSlab].AsMemory(lease.Slot % BlocksPerSlab * Limits.BlockLength, Limits.BlockLength);

    public nint AddressOf(BlockLease lease) =>
        Marshal.UnsafeAddrOfPinnedArrayElement(_slabs[lease.Slot / BlocksPerSlab]!, lease.Slot % BlocksPerSlab * Limits.BlockLength);

    public bool TryTake(BlockPool share, out BlockLease lease)
    {
        lease = BlockLease.None;
        if (_free.Count == 0 && !TryAddSlab())
            return false;
        int slot = _free.Pop();
        Lend(slot, share);
        lease = new BlockLease(slot);
        return true;
    }

    public void TakeBack(BlockLease lease)
    {
        BlockPool renter = _renters[lease.Slot] ?? throw new InvalidOperationException($"Block {lease.Slot} was returned twice.");
        _renters[lease.Slot] = null;
        renter.Count(-1);
        Rented--;

        // Each share in turn, so that none waits for the others.
        for (int i = 0; i < _shares.Count; i++)
        {
            _nextShare = _nextShare + 1 < _shares.Count ? _nextShare + 1 : 0;
            BlockPool share = _shares[_nextShare];
            if (!share.HasRoom || !share.TryServe(lease))
                continue;
            Lend(lease.Slot, share);
            return;
        }

        _free.Push(lease.Slot);
    }

    private void Lend(int slot, BlockPool share)
    {
        _renters[slot] = share;
        share.Count(1);
        Rented++;
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
}
