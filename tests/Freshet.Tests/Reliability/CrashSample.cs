using Freshet.Core;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;

namespace Freshet.Tests.Reliability;

/// <summary>A torrent whose files begin and end in the middle of pieces, with all its bytes.</summary>
internal sealed class CrashSample
{
    public const int PieceLength = 4 * Limits.BlockLength;

    public CrashSample(params int[] lengths)
    {
        Content = new byte[lengths.Sum()];
        new Random(lengths.Length).NextBytes(Content);
        Torrent = TestTorrents.Of(
            "sample", PieceLength, Content, lengths.Select((length, i) => TestTorrents.FileOf($"{i % 2}/file {i}", length)));
        Metainfo = TestTorrents.Read(Torrent);
    }

    public byte[] Content { get; }

    public byte[] Torrent { get; }

    public TorrentMetainfo Metainfo { get; }

    public PieceLayout Layout => Metainfo.Layout;

    public ReadOnlySpan<byte> BytesOf(PieceIndex piece) => Content.AsSpan((int)Layout.OffsetOf(piece), Layout.LengthOf(piece));

    public ReadOnlySpan<byte> BytesOf(BlockRef block) => Content.AsSpan((int)Layout.OffsetOf(block), Layout.LengthOf(block));

    public byte[] BytesOf(TorrentFile file) => Content[(int)file.Offset..(int)(file.Offset + file.Length)];
}
