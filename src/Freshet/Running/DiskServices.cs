using Freshet.Diagnostics;
using Freshet.Disk;
using Freshet.Disk.Files;
using Freshet.FileSystem;

namespace Freshet.Running;

/// <summary>What the torrents of a session share to access their data.</summary>
/// <param name="Disk">The disk threads.</param>
/// <param name="Files">The open files.</param>
/// <param name="System">The file system they belong to.</param>
internal sealed record DiskServices(DiskService Disk, FileHandles Files, IFileSystem System)
{
    /// <summary>Records how long calls to the file system take; null if nobody wants to know.</summary>
    public DiskMeters? Meters { get; init; }

    /// <summary>The torrent's memory for payload; null to use a private one.</summary>
    public BlockShare? Blocks { get; init; }

    /// <summary>Warns the torrent's user; null if there is none.</summary>
    public Action<string>? Warn { get; init; }
}
