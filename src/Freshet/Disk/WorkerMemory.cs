using System.Runtime.InteropServices;
using Freshet.FileSystem;
using Freshet.Hashing;

namespace Freshet.Disk;

/// <summary>
/// A worker's own memory to read pieces into: a slot for each piece of a batch. It is half a MiB in total, so that data is still in the
/// core's cache when it is hashed. Allocated when first used.
/// </summary>
internal sealed class WorkerMemory
{
    public const int SlotLength = PieceHasher.MaxChunkLength;

    private byte[]? _bytes;

    /// <summary>A slot, pinned.</summary>
    public IoBuffer Slot(int index, int length = SlotLength)
    {
        _bytes ??= GC.AllocateUninitializedArray<byte>(PieceHasher.MaxBatch * SlotLength, pinned: true);
        return new IoBuffer(Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, index * SlotLength), length);
    }
}
