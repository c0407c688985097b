using Freshet.Core.Torrents;

namespace Freshet.Disk;

/// <summary>The last operation of a torrent's storage that failed, so that it can be retried.</summary>
/// <param name="Offset">The offset in the torrent.</param>
/// <param name="Length">The number of bytes; 0 for a flush.</param>
/// <param name="Operation">The operation.</param>
internal sealed record StorageFailure(long Offset, int Length, DiskOperation Operation);
