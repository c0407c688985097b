using System.Collections.Immutable;
using Freshet.Core.Pieces;

namespace Freshet.Core.Metainfo;

/// <summary>
/// The content of a .torrent file, made safe (BEP 3, 5, 12, 19, 27, 47, 52). At least one of the two info-hashes is set; a hybrid torrent
/// has both.
/// </summary>
public sealed record TorrentMetainfo
{
    /// <summary>The SHA-1 info-hash of the raw info dictionary; null for a torrent of version 2 only.</summary>
    public required InfoHash? InfoHash { get; init; }

    /// <summary>The SHA-256 info-hash; null for a torrent of version 1 only.</summary>
    public InfoHashV2? InfoHashV2 { get; init; }

    /// <summary>
    /// The hash that identifies the torrent in handshakes and at trackers: the SHA-1 hash if there is one, otherwise the truncated SHA-256.
    /// </summary>
    public InfoHash SwarmHash => InfoHash ?? InfoHashV2!.Value.Truncate();

    /// <summary>The suggested name of the file or folder, made safe.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the files are in a folder with the torrent's name.</summary>
    public required bool IsMultiFile { get; init; }

    /// <summary>The files in order, including pad files and links.</summary>
    public required ImmutableArray<TorrentFile> Files { get; init; }

    /// <summary>How the torrent's bytes, blocks, pieces and files relate to each other.</summary>
    public required PieceLayout Layout { get; init; }

    /// <summary>The SHA-1 hashes of the pieces, 20 bytes each, concatenated.</summary>
    public required ReadOnlyMemory<byte> PieceHashes { get; init; }

    /// <summary>Trackers, by tier (BEP 12); a lone <c>announce</c> becomes one tier.</summary>
    public ImmutableArray<ImmutableArray<string>> Trackers { get; init; } = [];

    /// <summary>Web seeds (BEP 19, <c>url-list</c>).</summary>
    public ImmutableArray<string> WebSeeds { get; init; } = [];

    /// <summary>DHT nodes for bootstrapping, <c>host:port</c> (BEP 5, <c>nodes</c>).</summary>
    public ImmutableArray<string> Nodes { get; init; } = [];

    /// <summary>Torrents that are likely to share files with this one (BEP 38, <c>similar</c>).</summary>
    public ImmutableArray<InfoHash> Similar { get; init; } = [];

    /// <summary>Whether peers may only be found through the torrent's trackers (BEP 27).</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Free text, or null.</summary>
    public string? Comment { get; init; }

    /// <summary>The program that created the torrent, or null.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>When the torrent was created, or null.</summary>
    public DateTimeOffset? CreationDate { get; init; }

    /// <summary>The tag that gives a tracker's torrents distinct info-hashes, or null.</summary>
    public string? Source { get; init; }

    /// <summary>The raw bytes of the info dictionary, over which the info-hashes are computed.</summary>
    public required ReadOnlyMemory<byte> InfoBytes { get; init; }

    /// <summary>The length of the info dictionary in bytes, even if its bytes are not kept.</summary>
    internal int InfoLength { get; init; }

    /// <summary>What was changed or ignored to make the torrent safe to use, as text.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>The expected SHA-1 hash of a piece.</summary>
    public ReadOnlySpan<byte> HashOf(PieceIndex piece) => PieceHashes.Span.Slice(piece.Value * Bytes20.Length, Bytes20.Length);
}
