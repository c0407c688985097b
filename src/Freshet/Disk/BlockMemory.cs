using System.Runtime.InteropServices;
using Freshet.Core;
using Freshet.Core.Pieces;

namespace Freshet.Disk;

/// <summary>The memory behind a <see cref="BlockPool"/>, which calls it under its lock.</summary>
/// <remarks>
/// Memory is taken from the system as needed, in slabs of pinned blocks, and kept. Blocks are handed out last-in first-out, so that a slow
/// download stays in memory that is warm in the cache.
/// </remarks>
internal sealed class BlockMemory(int blocks)
{
    public const int BlocksPerSlab = 64;

    private readonly byte[]?[] _slabs = new byte[]?[(blocks + BlocksPerSlab - 1) / BlocksPerSlab];
    private readonly Stack<int> _free = new();
    private int _taken;

    public Memory<byte> MemoryOf(BlockLease lease) =>
        _slabs[lease.Slot / BlocksPerSlab].AsMemory(lease.Slot % BlocksPerSlab * Limits.BlockLength, Limits.BlockLength);

    public nint AddressOf(BlockLease lease) =>
        Marshal.UnsafeAddrOfPinnedArrayElement(_slabs[lease.Slot / BlocksPerSlab]!, lease.Slot % BlocksPerSlab * Limits.BlockLength);

    /// <summary>Takes a block. There must be a free one.</summary>
    public BlockLease Take()
    {
        if (_free.Count == 0)
            AddSlab();
        return new BlockLease(_free.Pop());
    }

    public void TakeBack(BlockLease lease) => _free.Push(lease.Slot);

    private void AddSlab()
    {
        int count = Math.Min(BlocksPerSlab, blocks - _taken);
        _slabs[_taken / BlocksPerSlab] = GC.AllocateUninitializedArray<byte>(count * Limits.BlockLength, pinned: true);
        for (int slot = _taken + count - 1; slot >= _taken; slot--)
            _free.Push(slot);
        _taken += count;
    }
}
