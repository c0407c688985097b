namespace Freshet.Core.Pieces;

/// <summary>
/// Ownership of one pooled block of memory, as an opaque token. The owner must pass it on (to the disk) or return it, exactly once; Core
/// never sees the bytes behind it.
/// </summary>
internal readonly record struct BlockLease(int Slot)
{
    /// <summary>No block.</summary>
    public static BlockLease None => new(-1);

    public bool IsNone => Slot < 0;
}
