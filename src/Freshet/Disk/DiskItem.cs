using Freshet.Core.Pieces;
using Freshet.Diagnostics;

namespace Freshet.Disk;

/// <summary>Something for a worker to do; a value, so that queueing a block allocates nothing.</summary>
/// <param name="Action">What.</param>
/// <param name="Torrent">For which torrent.</param>
/// <param name="Block">The block to write, or the piece meant.</param>
/// <param name="Lease">The block's memory.</param>
/// <param name="State">The bitmap to restore from, or who waits for a flush or a close.</param>
internal readonly record struct DiskItem(DiskAction Action, TorrentDisk Torrent, BlockRef Block, BlockLease Lease, object? State = null)
{
    /// <summary>When it was queued, for <see cref="LatencyMeter"/>; 0 if nobody wants to know.</summary>
    public long Posted { get; init; }
}
