namespace Freshet.Core.Pieces;

/// <summary>
/// The right to one pooled block of memory, as an opaque token. Who holds it must hand it on (to the disk) or give it back, once;
/// Core never sees the bytes behind it.
/// </summary>
internal readonly record struct BlockLease(int Slot)
{
    /// <summary>No block.</summary>
    public static BlockLease None => new(-1);

    public bool IsNone => Slot < 0;
}
