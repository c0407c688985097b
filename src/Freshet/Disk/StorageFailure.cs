using Freshet.Core.Torrents;

namespace Freshet.Disk;

/// <summary>What a torrent's storage failed at last, so that it can be tried again.</summary>
/// <param name="Offset">The torrent's byte.</param>
/// <param name="Length">How many bytes; 0 if it was a flush.</param>
/// <param name="Operation">What was tried with them.</param>
internal sealed record StorageFailure(long Offset, int Length, DiskOperation Operation);
