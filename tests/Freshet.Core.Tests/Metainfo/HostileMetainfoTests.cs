using System.Text;
using Freshet.Core.Metainfo;
using static Freshet.Core.Tests.Metainfo.Torrents;

namespace Freshet.Core.Tests.Metainfo;

public class HostileMetainfoTests
{
    public static TheoryData<string, string> Refused => new()
    {
        { "", "this is not a torrent: the data ends too early at byte 0" },
        { "<html>not found</html>", "this is a web page, not a torrent" },
        { "\n<!DOCTYPE html>", "this is a web page, not a torrent" },
        { "\u00ef\u00bb\u00bf<?xml version='1.0'?>", "this is a web page, not a torrent" },
        { "<\u008e\u0095M", "this is not a torrent: a byte that begins no value at byte 0" },
        { "not found", "this is not a torrent: a byte that begins no value at byte 0" },
        { "i1e", "this is not a torrent: the data is not a dictionary" },
        { "le", "this is not a torrent: the data is not a dictionary" },
        { $"d4:infod6:lengthi5e4:name5:a.txt{OnePiece}", "the data ends too early" },
        { new string('l', 1 << 20), "nested more than 100 deep" },
        { string.Concat(Enumerable.Repeat("d1:a", 1 << 18)), "nested more than 100 deep" },
        { "de", "info: is missing" },
        { "d4:info3:abce", "info: is a string, not a dictionary" },
        { "d4:infodee", "info.piece length: is missing" },
        { "d4:infod12:piece length2:16ee", "info.piece length: is a string, not a number" },
        { "d4:infod12:piece lengthi0eee", "info.piece length: is 0, but must be positive" },
        { "d4:infod12:piece lengthi-1eee", "info.piece length: is -1, but must be positive" },
        { "d4:infod12:piece lengthi1073741824eee", "info.piece length: is 1073741824; pieces over 256 MiB" },
        { "d4:infod12:piece lengthi99999999999999999999eee", "an integer beyond 64 bits" },
        { "d4:infod12:piece lengthi16384eee", "info.pieces: is missing" },
        { "d4:infod12:piece lengthi16384e6:piecesleee", "info.pieces: is a list, not a string" },
        { $"d4:infod6:lengthi5e{OnePiece}ee", "info.name: is missing" },
        { $"d4:infod6:lengthi5e4:namei1e{OnePiece}ee", "info.name: is a number, not a string" },
        { $"d4:infod4:name1:a{OnePiece}ee", "info.length: is missing" },
        { $"d4:infod6:length1:54:name1:a{OnePiece}ee", "info.length: is not a number" },
        { $"d4:infod6:lengthi-5e4:name1:a{OnePiece}ee", "info.length: is negative: -5" },
        { $"d4:infod6:lengthi0e4:name1:a{OnePiece}ee", "info.pieces: the torrent's files are all empty" },
        { $"d4:infod6:lengthi16385e4:name1:a{OnePiece}ee", "info.pieces: holds 1 hashes, but the files' 16385 bytes make 2 pieces" },
        { $"d4:infod6:lengthi9223372036854775807e4:name1:a{OnePiece}ee", "info.pieces: 562949953421312 pieces are more than" },
        {
            "d4:infod6:lengthi5e4:name1:a12:piece lengthi16384e6:pieces19:aaaaaaaaaaaaaaaaaaaee",
            "info.pieces: has 19 bytes, not a multiple of 20"
        },
        { "d4:infod6:lengthi5e4:name1:a12:piece lengthi16384e6:pieces0:ee", "info.pieces: holds 0 hashes" },
        { $"d4:infod5:filesi1e4:name1:a{OnePiece}ee", "info.files: is not a list" },
        { OfFiles(""), "info.files: is empty" },
        { OfFiles("i1e"), "info.files[0]: is not a dictionary" },
        { OfFiles(File(5, "a") + "de"), "info.files[1].length: is missing" },
        { OfFiles(File(5, "a") + File(0, "b") + File(-7, "c")), "info.files[2].length: is negative: -7" },
        { OfFiles(File(long.MaxValue, "a") + File(1, "b")), "info.files[1].length: makes the torrent longer than 2^63 bytes" },
        { OfFiles(File(0, "a")), "info.pieces: the torrent's files are all empty" },
        { OfFiles("d6:lengthi5ee"), "info.files[0].path: is missing" },
        { OfFiles(File(5)), "info.files[0].path: is not a list of names" },
        { OfFiles("d6:lengthi5e4:path1:ae"), "info.files[0].path: is not a list of names" },
        { OfFiles("d6:lengthi5e4:pathli1eee"), "info.files[0].path: holds what is not a name" },
        { OfFiles("d6:lengthi5e4:pathl1:aleee"), "info.files[0].path: holds what is not a name" },
        {
            "d4:infod9:file treede12:meta versioni2e4:name1:a12:piece lengthi16384eee",
            "info.meta version: torrents of version 2 alone are not supported yet"
        },
        { $"d4:infod6:lengthi5e4:name1:a{OnePiece}8:ssl-cert4:MIIBee", "info.ssl-cert: torrents whose peers must speak TLS" },
        { "d4:infod12:meta versioni3e4:name1:a12:piece lengthi16384eee", "info.meta version: version 3 is not known" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Malformed_torrents_are_refused_by_field_and_reason(string torrent, string message) =>
        Assert.Contains(message, Refuse(torrent).Message, StringComparison.Ordinal);

    [Fact]
    public void Endless_texts_are_cut()
    {
        string text = string.Concat(Enumerable.Repeat("日", 100_000));
        TorrentMetainfo metainfo = Read(
            $"d7:comment{String(text)}10:created by{String(text)}4:infod6:lengthi5e4:name1:a{OnePiece}6:source{String(text)}ee");
        string cut = new('日', MetainfoLimits.MaxTextBytes / 3);
        Assert.Equal(cut, metainfo.Comment);
        Assert.Equal(cut, metainfo.CreatedBy);
        Assert.Equal(cut, metainfo.Source);
        Assert.Equal(3, metainfo.Warnings.Length);
        Assert.Contains("comment: has 300000 bytes; only the first 65536 are kept", metainfo.Warnings);
    }

    [Fact]
    public void A_text_of_the_maximum_length_is_kept_whole()
    {
        string text = new('x', MetainfoLimits.MaxTextBytes);
        TorrentMetainfo metainfo = Read($"d7:comment{String(text)}4:infod6:lengthi5e4:name1:a{OnePiece}ee");
        Assert.Equal(text, metainfo.Comment);
        Assert.Empty(metainfo.Warnings);
    }

    [Fact]
    public void The_number_of_files_is_limited()
    {
        byte[] torrent = WithFiles(Limits.MaxFiles);
        Assert.True(
            MetainfoReader.TryRead(torrent, PathRules.Posix, out TorrentMetainfo? metainfo, out MetainfoError? error), error?.Message);
        Assert.Equal(Limits.MaxFiles, metainfo.Files.Length);
        Assert.Empty(metainfo.Warnings);

        Assert.False(MetainfoReader.TryRead(WithFiles(Limits.MaxFiles + 1), PathRules.Posix, out _, out error));
        Assert.Contains($"more than {Limits.MaxFiles} files", error.Message, StringComparison.Ordinal);
    }

    private static byte[] WithFiles(int count)
    {
        byte[] entry = Encoding.Latin1.GetBytes(File(0, "folder", "of", "files", "0000000"));
        byte[] head = Encoding.Latin1.GetBytes("d4:infod5:filesl" + File(5, "first"));
        byte[] tail = Encoding.Latin1.GetBytes($"e4:name4:root{OnePiece}ee");
        byte[] torrent = new byte[head.Length + (entry.Length * (count - 1)) + tail.Length];
        head.CopyTo(torrent, 0);
        for (int i = 0; i < count - 1; i++)
        {
            Span<byte> place = torrent.AsSpan(head.Length + (entry.Length * i), entry.Length);
            entry.CopyTo(place);
            Assert.True(i.TryFormat(place[^9..^2], out _, "D7"));
        }

        tail.CopyTo(torrent, torrent.Length - tail.Length);
        return torrent;
    }

    [Fact]
    public void The_error_says_where_the_field_is()
    {
        string torrent = OfFiles(File(-7, "c"));
        MetainfoError error = Refuse(torrent);
        Assert.Equal("info.files[0].length", error.Field);
        Assert.Equal(torrent.IndexOf("i-7e", StringComparison.Ordinal), error.Offset);
    }

    [Fact]
    public void Too_many_warnings_are_counted()
    {
        string files = string.Concat(Enumerable.Range(0, 5_000).Select(_ => File(0, "a")));
        TorrentMetainfo metainfo = Read(OfFiles(File(5, "a") + files));
        Assert.Equal(MetainfoLimits.MaxWarnings + 1, metainfo.Warnings.Length);
        Assert.Equal("and 4900 more", metainfo.Warnings[^1]);
    }

    [Fact]
    public void A_hundred_thousand_files_are_read_in_memory_proportional_to_them()
    {
        const int Count = 100_000;
        var files = new StringBuilder(File(5, "first"));
        for (int i = 0; i < Count; i++)
            files.Append(File(0, "folder" + (i / 1000), "a file with a name of a common length " + i));
        byte[] torrent = Encoding.Latin1.GetBytes(OfFiles(files.ToString()));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(MetainfoReader.TryRead(torrent, out TorrentMetainfo? metainfo, out _));
        long perFile = (GC.GetAllocatedBytesForCurrentThread() - before) / Count;
        Assert.Equal(Count + 1, metainfo.Files.Length);
        Assert.Empty(metainfo.Warnings);
        // A path of 60 characters alone takes 142 bytes, and its TorrentFile takes 64.
        Assert.InRange(perFile, 200, 900);
    }

    [Fact]
    public void A_long_name_in_every_path_does_not_use_unbounded_memory()
    {
        string name = new('n', MetainfoLimits.MaxPathElementBytes);
        string files = string.Concat(Enumerable.Repeat(File(0, "a"), (int)(MetainfoLimits.MaxPathCharacters / (name.Length + 2)) + 1));
        Assert.Equal(
            $"info.files: has paths of more than {MetainfoLimits.MaxPathCharacters} characters in all",
            Refuse($"d4:infod5:filesl{files}e4:name255:{name}{OnePiece}ee").Message);
    }

    [Fact]
    public void Links_that_take_long_to_follow_are_given_up()
    {
        // Each of the many leads through a chain of deeply nested links, so that each hop looks up hundreds of long names.
        string[] deep = [.. Enumerable.Repeat(new string('x', 14), 90)];
        var files = new StringBuilder(File(5, "end"));
        for (int i = 0; i < MetainfoLimits.MaxSymlinkHops - 2; i++)
            files.Append(Link([.. deep, "hop" + i], i == MetainfoLimits.MaxSymlinkHops - 3 ? ["end"] : [.. deep, "hop" + (i + 1)]));
        for (int i = 0; i < 1_000; i++)
            files.Append(Link(["link" + i], [.. deep, "hop0"]));
        TorrentMetainfo metainfo = Read(OfFiles(files.ToString()));
        TorrentFile[] links = [.. metainfo.Files.Where(file => file.Path.StartsWith("root/link", StringComparison.Ordinal))];
        Assert.NotNull(links[0].SymlinkTarget);
        Assert.Null(links[^1].SymlinkTarget);
        Assert.Contains(metainfo.Warnings, warning => warning.Contains("symlink path: ", StringComparison.Ordinal));
    }

    private static string Link(string[] path, string[] target) =>
        $"d4:attr1:l6:lengthi0e4:pathl{string.Concat(path.Select(String))}e12:symlink pathl{string.Concat(target.Select(String))}ee";

    [Fact]
    public void A_hundred_thousand_equal_names_are_renamed_without_a_search_for_each()
    {
        const int Count = 100_000;
        string files = string.Concat(Enumerable.Repeat(File(0, "a.b"), Count));
        byte[] torrent = Encoding.Latin1.GetBytes(OfFiles(File(5, "a.b") + files));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.True(MetainfoReader.TryRead(torrent, out TorrentMetainfo? metainfo, out _));
        // Every number that is tried makes a string; a search from 1 for each name would take gigabytes.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Count, 100, 1_500);
        Assert.Equal($"root/a.{Count}.b", metainfo.Files[^1].Path);
    }
}
