using Freshet.Core.Bencoding;
using Freshet.Core.Pieces;

using Freshet.Persistence;

namespace Freshet.Tests.Persistence;

public class ResumeCodecTests
{
    private static readonly ResumeRecord Full = Samples.Record(clean: false, 0, 2) with
    {
        Partial = [new PartialPiece(new PieceIndex(1), Samples.Set(2, 1).ToArray()), new PartialPiece(new PieceIndex(3), Samples.Set(2).ToArray())],
        Downloaded = 12345,
        Uploaded = 67,
        Folder = "/mnt/döwnload",
    };

    [Fact]
    public void What_is_written_is_read()
    {
        Assert.True(ResumeCodec.TryRead(ResumeCodec.Write(Full), Samples.Metainfo, out ResumeRecord? read, out _));
        Assert.Equal([0, 2], Samples.Members(read.Have));
        Assert.Equal(2, read.Partial.Count);
        Assert.Equal(new PieceIndex(1), read.Partial[0].Piece);
        Assert.Equal(Samples.Set(2, 1).ToArray(), read.Partial[0].Blocks.ToArray());
        Assert.Equal(Full.Files, read.Files);
        Assert.Equal((false, 12345L, 67L, "/mnt/döwnload"), (read.IsClean, read.Downloaded, read.Uploaded, read.Folder));
    }

    [Fact]
    public void Every_single_damaged_byte_is_noticed()
    {
        byte[] good = ResumeCodec.Write(Full);
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 0x20;
            Assert.False(ResumeCodec.TryRead(bad, Samples.Metainfo, out _, out string? error), $"byte {i}");
            Assert.NotEmpty(error);
        }
    }

    [Fact]
    public void Every_truncation_is_noticed()
    {
        byte[] good = ResumeCodec.Write(Full);
        for (int i = 0; i < good.Length; i++)
            Assert.False(ResumeCodec.TryRead(good.AsMemory(0, i), Samples.Metainfo, out _, out _), $"{i} bytes");
    }

    [Fact]
    public void Another_torrents_record_is_refused()
    {
        byte[] others = ResumeCodec.Write(Full with { InfoHash = default });
        Assert.False(ResumeCodec.TryRead(others, Samples.Metainfo, out _, out string? error));
        Assert.StartsWith("info-hash:", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_version_is_refused_and_not_misread()
    {
        byte[] later = BencodeWriter.Write(writer =>
        {
            writer.WriteDictionaryStart();
            writer.Write("version"u8, 2);
            writer.WriteEnd();
        });
        Assert.False(ResumeCodec.TryRead(later, Samples.Metainfo, out _, out string? error));
        Assert.StartsWith("version:", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-1)]
    [InlineData(0)]
    public void Partial_pieces_that_cannot_be_are_refused(int piece)
    {
        // Beyond the end, before the beginning, and one that is had already.
        ResumeRecord record = Full with { Partial = [new PartialPiece(new PieceIndex(piece), new byte[1])] };
        Assert.False(ResumeCodec.TryRead(ResumeCodec.Write(record), Samples.Metainfo, out _, out string? error));
        Assert.StartsWith("partial:", error, StringComparison.Ordinal);
    }
}
