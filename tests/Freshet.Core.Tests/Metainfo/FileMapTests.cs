using System.Collections.Immutable;
using Freshet.Core.Bencoding;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Tests.Metainfo;

public class FileMapTests
{
    private const PathRules Rules = PathRules.Posix;

    private static readonly ImmutableArray<TorrentFile> Files =
        Torrents.Read(Torrents.OfFiles(Torrents.File(5, "a") + Torrents.File(0, "b") + Torrents.File(0, "folder", "c"))).Files;

    [Fact]
    public void Files_are_where_the_torrent_says_unless_the_map_says_otherwise()
    {
        Assert.Equal(new StoredFile(FileHome.Output, "root/folder/c"), FileMap.Identity[Files[2]]);
        Assert.Equal(0, FileMap.Identity.Count);
    }

    [Fact]
    public void A_file_is_renamed_in_place_and_moved_under_its_name()
    {
        FileMap map = FileMap.Identity.Place(Files[0], FileHome.Incomplete).Rename(Files, Files[0], "other/name.mkv", Rules);
        Assert.Equal(new StoredFile(FileHome.Incomplete, "other/name.mkv"), map[Files[0]]);
        map = map.Place(Files[0], FileHome.Output);
        Assert.Equal(new StoredFile(FileHome.Output, "other/name.mkv"), map[Files[0]]);
        Assert.Equal(new StoredFile(FileHome.Output, "root/b"), map[Files[1]]);
        Assert.Equal(0, map.Rename(Files, Files[0], "root/a", Rules).Count);
    }

    [Fact]
    public void A_name_that_was_given_up_is_free()
    {
        FileMap map = FileMap.Identity.Rename(Files, Files[0], "x", Rules).Rename(Files, Files[1], "root/a", Rules);
        Assert.Equal("root/a", map[Files[1]].Path);
    }

    [Theory]
    [InlineData("", "not a path that")]
    [InlineData("../x", "not a path that")]
    [InlineData("/etc/passwd", "not a path that")]
    [InlineData("a//b", "not a path that")]
    [InlineData("a/./b", "not a path that")]
    [InlineData("a/", "not a path that")]
    [InlineData("a\0", "not a path that")]
    [InlineData("root/b", "taken")]
    [InlineData("root/folder", "taken")]
    [InlineData("root/b/x", "taken")]
    public void A_path_that_leads_outside_or_belongs_to_another_file_is_refused(string path, string words)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => FileMap.Identity.Rename(Files, Files[0], path, Rules));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_is_read_back_as_it_was_written()
    {
        FileMap map = FileMap.Identity.Rename(Files, Files[0], "ä:\n", Rules).Place(Files[2], FileHome.PartFile);
        Assert.True(FileMap.TryRead(Parse(BencodeWriter.Write(map.Write)), Files, Rules, out FileMap read));
        Assert.Equal(2, read.Count);
        Assert.All(Files, file => Assert.Equal(map[file], read[file]));
    }

    [Theory]
    [InlineData("de")]
    [InlineData("li1ee")]
    [InlineData("lli3ei0e1:xee")]
    [InlineData("lli-1ei0e1:xee")]
    [InlineData("lli0ei3e1:xee")]
    [InlineData("lli0ei0eee")]
    [InlineData("lli0ei0e4:../xee")]
    [InlineData("lli0ei0e6:root/bee")]
    public void A_map_that_does_not_fit_is_refused(string bencoded) =>
        Assert.False(FileMap.TryRead(Parse(System.Text.Encoding.Latin1.GetBytes(bencoded)), Files, Rules, out _));

    private static BencodeValue Parse(byte[] bytes)
    {
        Assert.True(
            BencodeDocument.TryParse(bytes, new BencodeOptions(), out BencodeDocument? document, out BencodeError error), error.ToString());
        return document.Root;
    }
}
