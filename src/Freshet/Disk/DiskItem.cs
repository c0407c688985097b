using Freshet.Core.Pieces;
using Freshet.Diagnostics;

namespace Freshet.Disk;

/// <summary>Work for a disk worker; a value, so that queueing a block allocates nothing.</summary>
/// <param name="Action">The action.</param>
/// <param name="Torrent">The torrent.</param>
/// <param name="Block">The block to write, or a block of the piece in question.</param>
/// <param name="Lease">The block's memory.</param>
/// <param name="State">The bitmap to restore from, or the waiter for a flush or a close.</param>
internal readonly record struct DiskItem(DiskAction Action, TorrentDisk Torrent, BlockRef Block, BlockLease Lease, object? State = null)
{
    /// <summary>When it was queued, for <see cref="LatencyMeter"/>; 0 if nobody wants to know.</summary>
    public long Posted { get; init; }
}
