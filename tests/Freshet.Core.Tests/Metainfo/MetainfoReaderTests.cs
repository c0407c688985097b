using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Freshet.Core.Metainfo;
using static Freshet.Core.Tests.Metainfo.Torrents;

namespace Freshet.Core.Tests.Metainfo;

public class MetainfoReaderTests
{
    private const string Info = $"4:infod6:lengthi5e4:name5:a.txt{OnePiece}e";

    [Fact]
    public void A_torrent_of_one_file_is_read()
    {
        TorrentMetainfo metainfo = Read($"d8:announce22:http://t.example:80/an{Info}e");
        Assert.Equal("a.txt", metainfo.Name);
        Assert.False(metainfo.IsMultiFile);
        TorrentFile file = Assert.Single(metainfo.Files);
        Assert.Equal(("a.txt", 5L, 0L), (file.Path, file.Length, file.Offset));
        Assert.Equal(1, metainfo.Layout.PieceCount);
        Assert.Equal(16384, metainfo.Layout.PieceLength);
        Assert.Equal("aaaaaaaaaaaaaaaaaaaa"u8, metainfo.HashOf(default));
        Assert.Equal(["http://t.example:80/an"], Assert.Single(metainfo.Trackers));
        Assert.Equal(Sha1(Info[6..]), metainfo.InfoHash.ToString());
        Assert.Null(metainfo.InfoHashV2);
        Assert.Equal(Info[6..], Encoding.Latin1.GetString(metainfo.InfoBytes.Span));
        Assert.Empty(metainfo.Warnings);
    }

    [Fact]
    public void A_torrent_of_several_files_lies_in_a_folder()
    {
        TorrentMetainfo metainfo = Read(OfFiles(File(3, "a", "b.txt") + File(0, "empty") + File(2, "c")));
        Assert.True(metainfo.IsMultiFile);
        Assert.Equal(["root/a/b.txt", "root/empty", "root/c"], metainfo.Files.Select(file => file.Path));
        Assert.Equal([0L, 3L, 3L], metainfo.Files.Select(file => file.Offset));
        Assert.Equal([0, 1, 2], metainfo.Files.Select(file => file.Index));
        Assert.Equal(5, metainfo.Layout.TotalLength);
        Assert.Empty(metainfo.Warnings);
    }

    [Fact]
    public void All_other_fields_are_read()
    {
        TorrentMetainfo metainfo = Read(
            "d8:announce8:http://x13:announce-listll8:http://a7:udp://bel8:http://celee"
            + "7:comment3:abc13:comment.utf-84:\u00C3\u00A9!!10:created by2:me"
            + $"13:creation datei1700000000e{Info[..^1]}7:privatei1e6:source3:SRCe"
            + "5:nodesll9:127.0.0.1i6881eel3:::1i1eee8:url-list8:http://we");
        Assert.Equal([["http://a", "udp://b"], ["http://c"]], metainfo.Trackers);
        Assert.Equal("é!!", metainfo.Comment);
        Assert.Equal("me", metainfo.CreatedBy);
        Assert.Equal(new DateTimeOffset(2023, 11, 14, 22, 13, 20, TimeSpan.Zero), metainfo.CreationDate);
        Assert.True(metainfo.IsPrivate);
        Assert.Equal("SRC", metainfo.Source);
        Assert.Equal(["127.0.0.1:6881", "[::1]:1"], metainfo.Nodes);
        Assert.Equal(["http://w"], metainfo.WebSeeds);
        Assert.Empty(metainfo.Warnings);
    }

    [Fact]
    public void The_info_hash_is_that_of_the_raw_bytes_even_if_keys_are_out_of_order()
    {
        string info = $"d4:name5:a.txt{OnePiece}6:lengthi5ee";
        TorrentMetainfo metainfo = Read($"d4:info{info}8:announce8:http://xe");
        Assert.Equal(Sha1(info), metainfo.InfoHash.ToString());
        Assert.Equal([["http://x"]], metainfo.Trackers);
        Assert.Contains("bencoding: a dictionary key out of order", Assert.Single(metainfo.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_hybrid_is_read_as_version_1_with_both_hashes()
    {
        string info = $"d9:file treede6:lengthi5e12:meta versioni2e4:name5:a.txt{OnePiece}e";
        TorrentMetainfo metainfo = Read($"d4:info{info}e");
        Assert.Equal(Sha1(info), metainfo.InfoHash.ToString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.Latin1.GetBytes(info))), metainfo.InfoHashV2.ToString());
        Assert.Equal(metainfo.InfoHash, metainfo.SwarmHash);
    }

    [Fact]
    public void An_info_dictionary_alone_is_read_as_peers_send_it()
    {
        byte[] info = Encoding.Latin1.GetBytes(Info[6..]);
        Assert.True(MetainfoReader.TryReadInfo(info, PathRules.Portable, out TorrentMetainfo? metainfo, out _));
        Assert.Equal(Read($"d{Info}e").InfoHash, metainfo.InfoHash);
        Assert.Empty(metainfo.Trackers);
    }

    [Fact]
    public void Names_in_UTF_8_are_preferred()
    {
        TorrentMetainfo metainfo = Read(
            "d4:infod5:filesld6:lengthi5e4:pathl3:\u00B2\u00E2\u00CAe10:path.utf-8l3:\u00E6\u00B5\u008Beee"
            + $"4:name2:\u00B2\u00E210:name.utf-83:\u00E6\u00B5\u008B{OnePiece}ee");
        Assert.Equal("测", metainfo.Name);
        Assert.Equal("测/测", metainfo.Files[0].Path);
    }

    [Theory]
    [InlineData("8:announce0:", 0)]
    [InlineData("8:announce9: http://x", 1)]
    [InlineData("8:announcei1e", 0)]
    [InlineData("8:announce11:file:///etc", 0)]
    [InlineData("8:announce8:http://x13:announce-listle", 1)]
    [InlineData("8:announce8:http://x13:announce-listllee", 1)]
    [InlineData("8:announce8:http://x13:announce-list3:abc", 1)]
    [InlineData("13:announce-listl8:http://a8:http://be", 2)]
    [InlineData("13:announce-listll8:http://a8:http://a0:el8:http://aee", 1)]
    [InlineData("13:announce-listlli1e8:http://aedelee", 1)]
    public void Trackers_are_read_in_all_common_forms(string trackers, int tiers) =>
        Assert.Equal(tiers, Read($"d{trackers}{Info}e").Trackers.Length);

    [Theory]
    [InlineData("8:url-list0:", 0, 0)]
    [InlineData("8:url-listle", 0, 0)]
    [InlineData("8:url-listl8:http://a8:http://a0:e", 1, 0)]
    [InlineData("8:url-listi1e", 0, 1)]
    [InlineData("8:url-listli1e8:http://ae", 1, 1)]
    public void Web_seeds_are_a_list_or_a_string(string list, int seeds, int warnings)
    {
        TorrentMetainfo metainfo = Read($"d{Info}{list}e");
        Assert.Equal(seeds, metainfo.WebSeeds.Length);
        Assert.Equal(warnings, metainfo.Warnings.Length);
    }

    [Theory]
    [InlineData("i0e", false)]
    [InlineData("i1e", true)]
    [InlineData("i2e", true)]
    [InlineData("1:1", true)]
    [InlineData("1:0", false)]
    [InlineData("0:", false)]
    [InlineData("le", true)]
    public void A_torrent_that_may_be_meant_to_be_private_is_private(string value, bool isPrivate) =>
        Assert.Equal(isPrivate, Read($"d{Info[..^1]}7:private{value}ee").IsPrivate);

    [Theory]
    [InlineData("creation date", "i-1e")]
    [InlineData("creation date", "i9223372036854775807e")]
    [InlineData("creation date", "4:2023")]
    [InlineData("comment", "i1e")]
    [InlineData("created by", "le")]
    [InlineData("nodes", "li1ee")]
    [InlineData("nodes", "ll1:ai0eee")]
    [InlineData("nodes", "ll3:a bi1eee")]
    [InlineData("similar", "l5:shorte")]
    [InlineData("similar", "i1e")]
    public void An_unusable_optional_field_is_ignored_with_a_warning(string key, string value)
    {
        string field = string.Create(CultureInfo.InvariantCulture, $"{key.Length}:{key}{value}");
        TorrentMetainfo metainfo = Read(string.CompareOrdinal(key, "info") < 0 ? $"d{field}{Info}e" : $"d{Info}{field}e");
        Assert.StartsWith(key, Assert.Single(metainfo.Warnings), StringComparison.Ordinal);
        Assert.Null(metainfo.CreationDate);
        Assert.Null(metainfo.Comment);
        Assert.Null(metainfo.CreatedBy);
        Assert.Empty(metainfo.Nodes);
        Assert.Empty(metainfo.Similar);
    }

    [Fact]
    public void Similar_torrents_are_named_in_the_info_dictionary_or_beside_it()
    {
        string one = new('a', 20);
        string two = new('b', 20);
        TorrentMetainfo metainfo = Read($"d{Info[..^1]}7:similarl20:{one}ee7:similarl20:{two}20:{one}ee");
        Assert.Equal(["61", "62"], metainfo.Similar.Select(hash => hash.ToString()[..2]));
    }

    [Fact]
    public void Bytes_after_the_end_are_ignored_with_a_warning()
    {
        TorrentMetainfo metainfo = Read($"d{Info}e\r\n");
        Assert.Equal("bencoding: 2 bytes after the end were ignored", Assert.Single(metainfo.Warnings));
    }

    [Theory]
    [InlineData("0:")]
    [InlineData("i1e")]
    public void A_name_utf_8_that_is_invalid_is_replaced_by_the_plain_one(string name) =>
        Assert.Equal("a", Read($"d4:infod6:lengthi5e4:name1:a10:name.utf-8{name}{OnePiece}ee").Name);

    [Theory]
    [InlineData("le")]
    [InlineData("li1ee")]
    [InlineData("l1:xi1ee")]
    [InlineData("1:x")]
    public void A_path_utf_8_that_is_invalid_is_replaced_by_the_plain_one(string path) =>
        Assert.Equal("root/a", Read(OfFiles($"d6:lengthi5e4:pathl1:ae10:path.utf-8{path}e")).Files[0].Path);

    [Fact]
    public void A_name_and_paths_that_are_not_UTF_8_are_made_safe_without_losing_a_file()
    {
        TorrentMetainfo metainfo = Read(
            $"d4:infod5:filesld6:lengthi5e4:pathl4:\u00B2\u00E2.aeed6:lengthi0e4:pathl4:\u00CA\u00D4.aeee4:name2:\u00B2\u00E2{OnePiece}ee");
        Assert.Equal(("__", "__/__.a", "__/__.1.a"), (metainfo.Name, metainfo.Files[0].Path, metainfo.Files[1].Path));
    }

    // BEP 3 only says that the length is "almost always a power of two".
    [Theory]
    [InlineData(1, 5)]
    [InlineData(3, 2)]
    [InlineData(100_000, 1)]
    public void Pieces_may_have_any_length(int length, int pieces)
    {
        TorrentMetainfo metainfo = Read(
            $"d4:infod6:lengthi5e4:name1:a12:piece lengthi{length}e6:pieces{pieces * 20}:{new string('a', pieces * 20)}ee");
        Assert.Equal((length, pieces), (metainfo.Layout.PieceLength, metainfo.Layout.PieceCount));
    }

    [Theory]
    [InlineData("d6:lengthi5e5:mtimei-1e4:pathl1:aee")]
    [InlineData("d4:attri1e6:lengthi5e6:md5sumi1e5:mtime3:now4:pathl1:aee")]
    [InlineData("d4:attr4:zzz\u00FF6:lengthi5e4:pathl1:ae4:sha1lee")]
    public void Other_fields_of_a_file_cannot_spoil_it(string file)
    {
        TorrentMetainfo metainfo = Read(OfFiles(file));
        Assert.Equal(("root/a", FileTraits.None), (metainfo.Files[0].Path, metainfo.Files[0].Traits));
        Assert.Empty(metainfo.Warnings);
    }

    [Fact]
    public void The_length_counts_if_files_is_not_a_list()
    {
        TorrentMetainfo metainfo = Read($"d4:infod5:filesde6:lengthi5e4:name1:a{OnePiece}ee");
        Assert.False(metainfo.IsMultiFile);
        Assert.Equal("a", Assert.Single(metainfo.Files).Path);
        Assert.StartsWith("info.files: is a dictionary", Assert.Single(metainfo.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_counts_if_there_is_a_length_and_a_list_of_files() =>
        Assert.Equal("root/a", Read($"d4:infod5:filesl{File(5, "a")}e6:lengthi99e4:name4:root{OnePiece}ee").Files[0].Path);

    // The hash is of the raw bytes, so the first value of a key must stay the same when the torrent is passed on.
    [Fact]
    public void The_first_of_two_equal_keys_counts() =>
        Assert.Equal("a", Read($"d4:infod6:lengthi5e4:name1:a4:name1:b{OnePiece}ee").Name);

    private static string Sha1(string bytes) => Convert.ToHexStringLower(SHA1.HashData(Encoding.Latin1.GetBytes(bytes)));
}
