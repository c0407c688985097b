using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet;

/// <summary>What a state folder remembers of a torrent; see <see cref="SavedTorrents"/>. Immutable.</summary>
public sealed record SavedTorrent
{
    /// <summary>The torrent.</summary>
    public required InfoHash InfoHash { get; init; }

    /// <summary>
    /// Its name, of which a magnet link may give another than the torrent has; null if nothing can be read that names it.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>Whether it is known what the torrent holds; not yet, if it was added by a magnet link and no peer has told.</summary>
    public bool HasMetadata { get; init; }

    /// <summary>Bytes of its files; 0 if they are not known.</summary>
    public ByteSize Size { get; init; }

    /// <summary>The absolute folder that its files are in; null if nothing was recorded.</summary>
    public string? Folder { get; init; }

    /// <summary>All pieces; 0 if they are not known.</summary>
    public int PieceCount { get; init; }

    /// <summary>Pieces that were recorded as verified; null if nothing was recorded, so that the data will be checked.</summary>
    public int? VerifiedPieces { get; init; }

    /// <summary>When it was added; null if that is not known.</summary>
    public DateTimeOffset? AddedAt { get; init; }

    /// <summary>When everything that was wanted was verified for the first time; null if it never was.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>What it has done in all runs.</summary>
    public TorrentTotals Totals { get; init; } = new();

    /// <summary>What its user wants of it.</summary>
    public TorrentOptions Options { get; init; } = new();

    /// <summary>What is wrong with what was recorded, in words; null if nothing is.</summary>
    public string? Warning { get; init; }
}
