using System.Collections.Immutable;
using System.Security.Cryptography;
using Freshet.Core;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;

namespace Freshet.Simulation;

/// <summary>A torrent of random bytes, with the bytes.</summary>
internal sealed class SimContent
{
    public const string Tracker = "http://tracker.sim/announce";

    /// <param name="random">The source of the bytes.</param>
    /// <param name="blocksPerPiece">The number of blocks in a full piece.</param>
    /// <param name="files">The length of each file in bytes.</param>
    /// <param name="metadataLength">The length of what stands for the info dictionary, if it exceeds that of the hashes.</param>
    public SimContent(Random random, int blocksPerPiece, ImmutableArray<long> files, int metadataLength)
    {
        Layout = new PieceLayout(blocksPerPiece * Limits.BlockLength, files);
        Bytes = new byte[Layout.TotalLength];
        random.NextBytes(Bytes);
        byte[] hashes = new byte[Layout.PieceCount * SHA1.HashSizeInBytes];
        for (int i = 0; i < Layout.PieceCount; i++)
            SHA1.HashData(Of(Bytes, new PieceIndex(i)), hashes.AsSpan(i * SHA1.HashSizeInBytes));
        int rest = Math.Max(0, metadataLength - hashes.Length);
        byte[] info = [.. hashes, .. Enumerable.Range(0, rest).Select(static i => (byte)(i * i >> 4))];
        Metainfo = new TorrentMetainfo
        {
            InfoHash = new InfoHash(SHA1.HashData(info)),
            Name = "sample",
            IsMultiFile = files.Length > 1,
            Files = [.. files.Select((length, index) => new TorrentFile
            {
                Index = index,
                Path = $"sample/{index}",
                Length = length,
                Offset = Layout.OffsetOfFile(index),
            })],
            Layout = Layout,
            PieceHashes = hashes,
            InfoBytes = info,
            InfoLength = info.Length,
            Trackers = [[Tracker]],
        };
    }

    public PieceLayout Layout { get; }

    public TorrentMetainfo Metainfo { get; }

    /// <summary>The original bytes.</summary>
    public byte[] Bytes { get; }

    /// <summary>The bytes of a piece within those of the whole torrent.</summary>
    public Span<byte> Of(byte[] bytes, PieceIndex piece) => bytes.AsSpan((int)Layout.OffsetOf(piece), Layout.LengthOf(piece));

    /// <summary>The bytes of a run within those of the whole torrent.</summary>
    public Span<byte> Of(byte[] bytes, BlockRange range) => bytes.AsSpan((int)Layout.OffsetOf(range.Piece) + range.Offset, range.Length);

    /// <summary>Throws unless someone's bytes of a piece are the original ones.</summary>
    /// <exception cref="SimFailureException">They are not.</exception>
    public void RequireOriginal(byte[] bytes, PieceIndex piece, string whose)
    {
        if (!bytes.AsSpan().SequenceEqual(Of(Bytes, piece)))
            throw new SimFailureException($"{whose} has piece {piece}, and its bytes are not the original's");
    }

    /// <summary>The pieces that lie in skipped files only.</summary>
    public HashSet<PieceIndex> PiecesSkippedBy(TorrentSettings settings)
    {
        HashSet<PieceIndex> skipped = [];
        for (int i = 0; !settings.FilePriorities.IsEmpty && i < Layout.PieceCount; i++)
        {
            PieceIndex piece = new(i);
            bool isWanted = Enumerable.Range(0, Layout.FileCount).Any(
                file => Layout.PiecesOfFile(file).Contains(piece) && settings.FilePriorities[file] != PiecePriority.Skip);
            if (!isWanted)
                skipped.Add(piece);
        }

        return skipped;
    }

    /// <summary>Whether some bytes have the hash of a piece.</summary>
    public bool HasHash(PieceIndex piece, ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
        SHA1.HashData(bytes, hash);
        return hash.SequenceEqual(Metainfo.HashOf(piece));
    }
}
