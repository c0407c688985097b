using Freshet.Core.Bencoding;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Persistence;

namespace Freshet.Tests.Persistence;

public class ResumeCodecTests
{
    private static readonly ResumeRecord Data = Samples.Data(clean: false, 0, 2) with
    {
        Partial =
        [
            new PartialPiece(new PieceIndex(1), Samples.Set(2, 1).ToArray()),
            new PartialPiece(new PieceIndex(3), Samples.Set(2).ToArray()),
        ],
    };

    private static readonly TorrentRecord Full = Samples.Record(clean: false) with
    {
        Data = Data,
        Folder = "/mnt/döwnload",
        Run = RunState.Seeding,
        Position = 7L << 20,
        AddedAt = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000),
        CompletedAt = DateTimeOffset.FromUnixTimeSeconds(1_800_000_100),
        Clock = TimeSpan.FromHours(1000),
        Totals = new TorrentTotals
        {
            Downloaded = new ByteSize(12345),
            Uploaded = new ByteSize(67),
            ActiveTime = TimeSpan.FromDays(3),
            SeedingTime = TimeSpan.FromDays(2),
        },
    };

    [Fact]
    public void A_record_that_is_written_is_read_back()
    {
        Assert.True(ResumeCodec.TryRead(ResumeCodec.Write(Full), Samples.Metainfo, out TorrentRecord? read, out _));
        Assert.Equal([0, 2], Samples.Members(read.Data!.Have));
        Assert.Equal(2, read.Data.Partial.Count);
        Assert.Equal(new PieceIndex(1), read.Data.Partial[0].Piece);
        Assert.Equal(Samples.Set(2, 1).ToArray(), read.Data.Partial[0].Blocks.ToArray());
        Assert.Equal(Data.Files, read.Data.Files);
        Assert.False(read.Data.IsClean);

        // Earlier versions did not look for files of others: the files that they recorded count as found.
        Assert.Empty(read.Found);
        Assert.Equal(
            Full with { Data = null, Options = read.Options, ForeignOptions = [], Found = read.Found },
            read with { Data = null, ForeignOptions = [] });
    }

    [Fact]
    public void The_places_of_files_are_read_back_as_they_were_written()
    {
        TorrentRecord renamed = Full with
        {
            Map = FileMap.Identity.Rename(Samples.Metainfo.Files, Samples.Metainfo.Files[1], "other/ä", PathRules.Posix),
            Renaming = new PendingRename(2, "third"),
        };
        Assert.True(ResumeCodec.TryRead(ResumeCodec.Write(renamed), Samples.Metainfo, out TorrentRecord? read, out string? error), error);
        Assert.Equal(["sample/0", "other/ä", "sample/2"], Samples.Metainfo.Files.Select(file => read.Map[file].Path));
        Assert.Equal(renamed.Renaming, read.Renaming);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_destination_of_files_and_the_found_ones_are_read_back_as_they_were_written(bool isSwitched)
    {
        TorrentRecord moving = Full with { Moving = new PendingMove("/mnt/other ä", isSwitched), Found = [0, 2] };
        Assert.True(ResumeCodec.TryRead(ResumeCodec.Write(moving), Samples.Metainfo, out TorrentRecord? read, out string? error), error);
        Assert.Equal(moving.Moving, read.Moving);
        Assert.Equal([0, 2], read.Found);
    }

    [Fact]
    public void Impossible_places_are_refused()
    {
        // Two files in one place, one outside the folder, one that the torrent does not have, and one beside the folder.
        FileMap map = FileMap.Identity;
        TorrentFile[] files = [.. Samples.Metainfo.Files];
        FileMap[] bad =
        [
            map.WithPath(files[1], "sample/0"),
            map.WithPath(files[1], "../x"),
            map.WithPath(files[1] with { Index = 3 }, "x"),
            map.Place(files[1], FileHome.Incomplete),
        ];
        foreach (FileMap one in bad)
            AssertRefused(Full with { Map = one }, "map:");
        AssertRefused(Full with { Renaming = new PendingRename(3, "x") }, "renaming:");
        AssertRefused(Full with { Renaming = new PendingRename(1, "/etc/x") }, "renaming:");
    }

    [Fact]
    public void A_record_that_knows_nothing_about_the_data_is_still_a_record()
    {
        Assert.True(
            ResumeCodec.TryRead(ResumeCodec.Write(Full with { Data = null }), Samples.Metainfo, out TorrentRecord? read, out string? error),
            error);
        Assert.Null(read.Data);
        Assert.Equal(Full.Totals, read.Totals);
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
    public void A_record_of_another_torrent_is_refused()
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
    public void Impossible_partial_pieces_are_refused(int piece)
    {
        // Beyond the end, before the beginning, and one that is complete already.
        AssertRefused(
            Full with { Data = Data with { Partial = [new PartialPiece(new PieceIndex(piece), new byte[1])] } }, "partial:");
    }

    private static void AssertRefused(TorrentRecord record, string why)
    {
        Assert.False(ResumeCodec.TryRead(ResumeCodec.Write(record), Samples.Metainfo, out _, out string? error));
        Assert.StartsWith(why, error, StringComparison.Ordinal);
    }
}
