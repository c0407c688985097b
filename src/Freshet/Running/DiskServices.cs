using Freshet.Diagnostics;
using Freshet.Disk;
using Freshet.Disk.Files;
using Freshet.FileSystem;

namespace Freshet.Running;

/// <summary>What the torrents of a session share to get at their data.</summary>
/// <param name="Disk">The threads.</param>
/// <param name="Files">The files that are open.</param>
/// <param name="System">What they are files of.</param>
internal sealed record DiskServices(DiskService Disk, FileHandles Files, IFileSystem System)
{
    /// <summary>Records how long calls to the file system take; null if nobody wants to know.</summary>
    public DiskMeters? Meters { get; init; }

    /// <summary>The memory of the torrent that they are for; null for one of its own.</summary>
    public BlockShare? Blocks { get; init; }
}
