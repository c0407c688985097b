using Freshet.Core.Metainfo;
using static Freshet.Core.Tests.Metainfo.Torrents;

namespace Freshet.Core.Tests.Metainfo;

/// <summary>BEP 47: attributes, pad files, symbolic links.</summary>
public class FileTraitsTests
{
    [Theory]
    [InlineData("x", FileTraits.Executable)]
    [InlineData("hx", FileTraits.Executable | FileTraits.Hidden)]
    [InlineData("xhz?", FileTraits.Executable | FileTraits.Hidden)]
    [InlineData("", FileTraits.None)]
    public void Attributes_are_read_and_unknown_ones_ignored(string letters, FileTraits traits)
    {
        Assert.Equal(traits, Read(OfFiles($"d4:attr{String(letters)}6:lengthi5e4:pathl1:aee")).Files[0].Traits);
        Assert.Equal(traits, Read($"d4:infod4:attr{String(letters)}6:lengthi5e4:name1:a{OnePiece}ee").Files[0].Traits);
    }

    [Fact]
    public void Pad_files_are_recognized_by_attribute_or_by_the_name_that_BitComet_gives_them()
    {
        TorrentMetainfo metainfo = Read(OfFiles(
            File(1, "a")
            + "d4:attr1:p6:lengthi1e4:pathl4:.pad1:1ee"
            + "d4:attr1:p6:lengthi1ee"
            + File(1, "_____padding_file_0_if you see this file")
            + "d4:attr1:p6:lengthi1e4:pathl4:.pad1:1ee"));
        Assert.Equal([false, true, true, true, true], metainfo.Files.Select(file => file.IsPadding));
        Assert.Equal([0L, 1L, 2L, 3L, 4L], metainfo.Files.Select(file => file.Offset));
        // They are never stored, so their paths may be equal.
        Assert.Equal("root/.pad/1", metainfo.Files[1].Path);
        Assert.Equal("root/.pad/1", metainfo.Files[4].Path);
        Assert.Empty(metainfo.Warnings);
    }

    [Theory]
    [InlineData("lib/so.1", "root/lib/so.1")]
    [InlineData("lib", "root/lib")]
    [InlineData("chain", "root/chain")]
    [InlineData("current/so.1", "root/current/so.1")]
    [InlineData("a/b", "root/a_b")]
    [InlineData("lib/../lib/so.1", null)]
    [InlineData("../outside", null)]
    [InlineData("..", null)]
    [InlineData("nowhere", null)]
    [InlineData("lib/so.1/x", null)]
    [InlineData("link", null)]
    [InlineData("circle1", null)]
    [InlineData("circle1/x", null)]
    [InlineData("", null)]
    public void Links_lead_to_a_file_of_the_torrent_or_nowhere(string target, string? resolved)
    {
        TorrentMetainfo metainfo = Read(OfFiles(
            File(5, "lib", "so.1") + File(0, "a_b") + Link("chain", "lib/so.1") + Link("current", "lib")
            + Link("circle1", "circle2") + Link("circle2", "circle1") + LinkTo("link", target == "a/b" ? ["a/b"] : target.Split('/'))));
        TorrentFile link = metainfo.Files[^1];
        Assert.Equal(FileTraits.Symlink, link.Traits);
        Assert.Equal(0, link.Length);
        Assert.Equal(resolved, link.SymlinkTarget);
        Assert.Equal(
            resolved is null, metainfo.Warnings.Any(warning => warning.StartsWith("info.files[6].symlink path", StringComparison.Ordinal)));
    }

    // Found by the fuzzer: the first byte is not UTF-8, and its replacement turned the file into a pad file when it was read a second time.
    [Fact]
    public void A_name_that_becomes_that_of_a_pad_file_makes_a_pad_file()
    {
        TorrentMetainfo metainfo = Read(OfFiles(File(5, "a") + "d6:lengthi0e4:pathl19:\u00F7____padding_file_1ee"));
        Assert.Equal((FileTraits.Padding, "root/_____padding_file_1"), (metainfo.Files[1].Traits, metainfo.Files[1].Path));
    }

    [Fact]
    public void A_link_to_a_renamed_file_follows_it()
    {
        TorrentMetainfo metainfo = Read(OfFiles(
            File(5, "dir") + File(0, "dir", "x") + File(0, "B") + File(0, "b") + Link("l1", "b") + Link("l2", "B") + Link("l3", "dir")));
        Assert.Equal(
            ["root/dir.1", "root/dir/x", "root/B", "root/b.1", "root/l1", "root/l2", "root/l3"], metainfo.Files.Select(file => file.Path));
        Assert.Equal(["root/b.1", "root/B", "root/dir"], metainfo.Files.Skip(4).Select(file => file.SymlinkTarget));
    }

    [Fact]
    public void A_link_is_never_the_folder_of_a_file()
    {
        TorrentMetainfo metainfo = Read(OfFiles(Link("x", "real") + File(5, "x", "evil") + File(0, "real", "a")));
        Assert.Equal(["root/x.1", "root/x/evil", "root/real/a"], metainfo.Files.Select(file => file.Path));
    }

    [Fact]
    public void A_link_has_no_bytes_and_a_link_without_a_target_is_a_file()
    {
        TorrentMetainfo metainfo = Read(OfFiles(
            File(1, "t") + "d4:attr1:l6:lengthi99e4:pathl1:ae12:symlink pathl1:tee" + "d4:attr1:l4:pathl1:be12:symlink pathl1:tee"
            + "d4:attr1:l6:lengthi4e4:pathl1:cee"));
        Assert.Equal([1L, 0L, 0L, 4L], metainfo.Files.Select(file => file.Length));
        Assert.Equal([null, "root/t", "root/t", null], metainfo.Files.Select(file => file.SymlinkTarget));
        Assert.Equal(FileTraits.None, metainfo.Files[3].Traits);
    }

    [Fact]
    public void A_link_to_the_folder_of_the_torrent_itself_is_refused() =>
        Assert.Null(Read(OfFiles(File(5, "a") + LinkTo("l", []))).Files[1].SymlinkTarget);

    private static string Link(string path, string target) => LinkTo(path, target.Split('/'));

    private static string LinkTo(string path, string[] target) =>
        $"d4:attr1:l6:lengthi0e4:pathl{String(path)}e12:symlink pathl{string.Concat(target.Select(String))}ee";
}
