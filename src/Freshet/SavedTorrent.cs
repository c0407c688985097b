using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet;

/// <summary>What a state folder has recorded of a torrent; see <see cref="SavedTorrents"/>. Immutable.</summary>
public sealed record SavedTorrent
{
    /// <summary>The torrent's info-hash.</summary>
    public required InfoHash InfoHash { get; init; }

    /// <summary>
    /// The torrent's name; a magnet link may give one that differs from that of the metadata. Null if no readable record has a name.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>Whether the metadata is known. It is not if the torrent was added by a magnet link and no peer has sent it yet.</summary>
    public bool HasMetadata { get; init; }

    /// <summary>The total size of the files; 0 if it is not known.</summary>
    public ByteSize Size { get; init; }

    /// <summary>The absolute path of the folder with the files; null if nothing was recorded.</summary>
    public string? Folder { get; init; }

    /// <summary>The number of pieces; 0 if it is not known.</summary>
    public int PieceCount { get; init; }

    /// <summary>The number of pieces recorded as verified; null if nothing was recorded, in which case the data will be checked.</summary>
    public int? VerifiedPieces { get; init; }

    /// <summary>When the torrent was added; null if that is not known.</summary>
    public DateTimeOffset? AddedAt { get; init; }

    /// <summary>When everything wanted was first verified; null if it never was.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>The totals of all runs.</summary>
    public TorrentTotals Totals { get; init; } = new();

    /// <summary>The torrent's options.</summary>
    public TorrentOptions Options { get; init; } = new();

    /// <summary>What is wrong with the record, for people; null if nothing is.</summary>
    public string? Warning { get; init; }
}
