using Freshet.Core.Pieces;

namespace Freshet.Disk;

/// <summary>A torrent as the disk code sees it.</summary>
internal sealed record TorrentDiskOptions
{
    /// <summary>The storage; disposed when the torrent is closed.</summary>
    public required IStorage Storage { get; init; }

    /// <summary>The share for its blocks; null for a private one.</summary>
    public BlockShare? Blocks { get; init; }

    /// <summary>The absolute folder of its files, which determines its disk.</summary>
    public string Folder { get; init; } = "";

    public required PieceLayout Layout { get; init; }

    /// <summary>The expected hashes of the pieces.</summary>
    public required IContentHashes Hashes { get; init; }

    /// <summary>Is notified of what happens to the data.</summary>
    public required ITorrentDiskOwner Owner { get; init; }
}
