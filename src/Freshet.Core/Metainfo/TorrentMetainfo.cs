using System.Collections.Immutable;
using Freshet.Core.Pieces;

namespace Freshet.Core.Metainfo;

/// <summary>
/// Everything a .torrent file says, made safe (BEP 3, 5, 12, 19, 27, 47, 52). At least one of the two info-hashes is set; a
/// hybrid torrent has both.
/// </summary>
public sealed record TorrentMetainfo
{
    /// <summary>The SHA-1 info-hash, of the raw bytes; null for a torrent of version 2 alone.</summary>
    public required InfoHash? InfoHash { get; init; }

    /// <summary>The SHA-256 info-hash; null for a torrent of version 1 alone.</summary>
    public InfoHashV2? InfoHashV2 { get; init; }

    /// <summary>What handshakes and trackers call the torrent: the SHA-1 hash where there is one, else the truncated SHA-256.</summary>
    public InfoHash SwarmHash => InfoHash ?? InfoHashV2!.Value.Truncate();

    /// <summary>The suggested name of the file or folder, made safe.</summary>
    public required string Name { get; init; }

    /// <summary>Whether the files lie in a folder of the torrent's name.</summary>
    public required bool IsMultiFile { get; init; }

    /// <summary>The files in their order, pad files and links included.</summary>
    public required ImmutableArray<TorrentFile> Files { get; init; }

    /// <summary>How bytes, blocks, pieces and files lie to each other.</summary>
    public required PieceLayout Layout { get; init; }

    /// <summary>The pieces' SHA-1 hashes, 20 bytes each, one after the other.</summary>
    public required ReadOnlyMemory<byte> PieceHashes { get; init; }

    /// <summary>Trackers by tiers (BEP 12); <c>announce</c> alone makes one tier of one.</summary>
    public ImmutableArray<ImmutableArray<string>> Trackers { get; init; } = [];

    /// <summary>Web seeds (BEP 19, <c>url-list</c>).</summary>
    public ImmutableArray<string> WebSeeds { get; init; } = [];

    /// <summary>DHT nodes to begin from, <c>host:port</c> (BEP 5, <c>nodes</c>).</summary>
    public ImmutableArray<string> Nodes { get; init; } = [];

    /// <summary>Whether peers may be found by the torrent's trackers only (BEP 27).</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Free text, or null.</summary>
    public string? Comment { get; init; }

    /// <summary>The program that made the torrent, or null.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>When it was made, or null.</summary>
    public DateTimeOffset? CreationDate { get; init; }

    /// <summary>The tag that gives a tracker's torrents hashes of their own, or null.</summary>
    public string? Source { get; init; }

    /// <summary>The raw bytes of the info dictionary, which the info-hashes are of.</summary>
    public required ReadOnlyMemory<byte> InfoBytes { get; init; }

    /// <summary>How many bytes those are, also where they are not kept.</summary>
    internal int InfoLength { get; init; }

    /// <summary>What was changed or overlooked to make the torrent safe to use, in words.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>The SHA-1 that a piece must have.</summary>
    public ReadOnlySpan<byte> HashOf(PieceIndex piece) => PieceHashes.Span.Slice(piece.Value * Bytes20.Length, Bytes20.Length);
}
