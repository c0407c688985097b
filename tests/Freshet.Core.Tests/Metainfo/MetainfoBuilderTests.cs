using System.Collections.Immutable;
using System.Text;
using Freshet.Core.Metainfo;
using FsCheck;
using FsCheck.Fluent;

namespace Freshet.Core.Tests.Metainfo;

public class MetainfoBuilderTests
{
    private const int Runs = 300;

    private static readonly MetainfoBuilder Smallest = new()
    {
        Name = "a",
        Files = [new MetainfoFile { Length = 1 }],
        PieceLength = 16384,
        PieceHashes = new byte[20],
    };

    [Fact]
    public void The_smallest_torrent_holds_only_what_it_must() => Assert.Equal(
        $"d4:infod6:lengthi1e4:name1:a12:piece lengthi16384e6:pieces20:{new string('\0', 20)}ee",
        Encoding.Latin1.GetString(Smallest.Build()));

    [Fact]
    public void A_single_tracker_needs_no_list()
    {
        Assert.StartsWith("d8:announce8:http://x4:infod", Text(Smallest with { Trackers = [["http://x"]] }), StringComparison.Ordinal);
        Assert.StartsWith(
            "d8:announce8:http://x13:announce-listll8:http://x8:http://yee4:infod",
            Text(Smallest with { Trackers = [[], ["http://x", "http://y"]] }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_ordered_by_the_bytes_of_their_paths_element_by_element()
    {
        string[] ordered = ["A", "a", "a/b", "a/b/c", "a b", "a.b", "\uFB01", "\U0001F600"];
        IEnumerable<MetainfoFile> files = ordered.Reverse().Select(path => new MetainfoFile { Path = [.. path.Split('/')], Length = 1 });
        Assert.Equal(ordered, MetainfoFile.InOrder(files).Select(file => string.Join('/', file.Path)));
    }

    public static TheoryData<MetainfoBuilder> Unreadable =>
    [
        Smallest with { Name = "" },
        Smallest with { Files = [] },
        Smallest with { Files = [new MetainfoFile { Length = 0 }], PieceHashes = default },
        Smallest with { Files = [new MetainfoFile { Length = 1 }, new MetainfoFile { Length = 1, Path = ["b"] }] },
        Smallest with { PieceHashes = new byte[40] },
        Smallest with { PieceHashes = new byte[19] },
        Smallest with { Nodes = ["nowhere"] },
    ];

    [Theory]
    [MemberData(nameof(Unreadable), DisableDiscoveryEnumeration = true)]
    public void An_unreadable_torrent_is_not_written(MetainfoBuilder builder) => Assert.Throws<InvalidOperationException>(builder.Build);

    [Fact]
    public void A_torrent_that_is_written_is_read_back() => Prop.ForAll(Builders().ToArbitrary(), builder =>
    {
        byte[] torrent = builder.Build();
        Assert.Equal(torrent, (builder with { }).Build());
        Assert.True(MetainfoReader.TryRead(torrent, out TorrentMetainfo? read, out MetainfoError? error), error?.Message);
        Assert.Empty(read.Warnings);
        Assert.Equal(builder.Name, read.Name);
        Assert.Equal(builder.Files[0].Path.Length > 0, read.IsMultiFile);
        Assert.Equal(builder.Files.Select(file => string.Join('/', [builder.Name, .. file.Path])), read.Files.Select(file => file.Path));
        Assert.Equal(builder.Files.Select(file => (file.Length, file.Traits)), read.Files.Select(file => (file.Length, file.Traits)));
        Assert.Equal(builder.PieceLength, read.Layout.PieceLength);
        Assert.Equal(builder.PieceHashes, read.PieceHashes);
        Assert.Equal(builder.Trackers, read.Trackers);
        Assert.Equal(builder.WebSeeds, read.WebSeeds);
        Assert.Equal(builder.Nodes, read.Nodes);
        Assert.Equal(
            (builder.IsPrivate, builder.Comment, builder.CreatedBy, builder.CreationDate, builder.Source),
            (read.IsPrivate, read.Comment, read.CreatedBy, read.CreationDate, read.Source));
        Assert.True(MagnetLink.TryParse(MagnetLink.Of(read).ToString(), out MagnetLink? link, out string? reason), reason);
        Assert.Equal(MagnetLink.Of(read), link);
    }).Holds(Runs);

    private static Gen<MetainfoBuilder> Builders()
    {
        Gen<string> text = Gen.Elements("x", "ü", "日本", "a b", "c%d", "e&f", "😀", "O'Neil (2)", "z.tar.gz");
        Gen<string?> maybe = Gen.OneOf(Gen.Constant<string?>(null), text.Select(string? (value) => value));
        Gen<ImmutableArray<MetainfoFile>> single = Gen.Choose(1, 100_000).Select(
            length => ImmutableArray.Create(new MetainfoFile { Length = length, Traits = FileTraits.Executable }));
        Gen<ImmutableArray<MetainfoFile>> many = Gen
            .Zip(Gen.Zip(text.ListOf(), Gen.Choose(0, 50_000)), Gen.Elements(FileTraits.None, FileTraits.Hidden))
            .NonEmptyListOf()
            .Select(files => MetainfoFile.InOrder(files.Select((file, i) => new MetainfoFile
            {
                Path = [.. file.Item1.Item1, $"{i}"],
                Length = i == 0 ? 1 : file.Item1.Item2,
                Traits = file.Item2,
            })));
        Gen<ImmutableArray<ImmutableArray<string>>> trackers = Gen.Choose(0, 4).Select(
            tiers => Enumerable.Range(0, tiers)
                .Select(tier => Enumerable.Range(0, tier + 1).Select(i => $"http://t{tier}.example/{i}").ToImmutableArray())
                .ToImmutableArray());
        return from files in Gen.OneOf(single, many)
               from name in text
               from exponent in Gen.Choose(14, 20)
               from tiers in trackers
               from extras in maybe.Four()
               from flag in Gen.Elements(true, false)
               let pieceLength = 1 << exponent
               let pieces = (int)((files.Sum(file => file.Length) + pieceLength - 1) / pieceLength)
               select new MetainfoBuilder
               {
                   Name = name,
                   Files = files,
                   PieceLength = pieceLength,
                   PieceHashes = Enumerable.Range(0, pieces * 20).Select(i => (byte)i).ToArray(),
                   Trackers = tiers,
                   WebSeeds = flag ? ["http://w.example/"] : [],
                   Nodes = flag ? ["router.example:6881", "[::1]:1"] : [],
                   IsPrivate = flag,
                   Comment = extras.Item1,
                   CreatedBy = extras.Item2,
                   Source = extras.Item3,
                   CreationDate = extras.Item4 is null ? null : DateTimeOffset.UnixEpoch.AddSeconds(exponent * 1e8),
               };
    }

    private static string Text(MetainfoBuilder builder) => Encoding.Latin1.GetString(builder.Build());
}
