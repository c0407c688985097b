using Freshet.Core.Pieces;

namespace Freshet.Disk;

/// <summary>A torrent as the disk sees it.</summary>
internal sealed record TorrentDiskOptions
{
    /// <summary>Where the bytes are kept; disposed when the torrent is closed.</summary>
    public required IStorage Storage { get; init; }

    /// <summary>Where its blocks come from; null for a share of its own.</summary>
    public BlockShare? Blocks { get; init; }

    /// <summary>The absolute folder that the files lie in, by which torrents on one disk are told from those on others.</summary>
    public string Folder { get; init; } = "";

    public required PieceLayout Layout { get; init; }

    /// <summary>What the pieces must hash to.</summary>
    public required IContentHashes Hashes { get; init; }

    /// <summary>Hears what becomes of the data.</summary>
    public required ITorrentDiskOwner Owner { get; init; }
}
