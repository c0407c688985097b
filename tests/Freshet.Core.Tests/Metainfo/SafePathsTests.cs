using System.Text;
using Freshet.Core.Metainfo;
using static Freshet.Core.Tests.Metainfo.Torrents;

namespace Freshet.Core.Tests.Metainfo;

public class SafePathsTests
{
    [Theory]
    [InlineData("plain.txt", "plain.txt")]
    [InlineData("", "_")]
    [InlineData(".", "_")]
    [InlineData("..", "_")]
    [InlineData("...", "_")]
    [InlineData(".. ", "_")]
    [InlineData(". .", "_")]
    [InlineData("/etc/passwd", "_etc_passwd")]
    [InlineData("C:\\x", "C__x")]
    [InlineData("..\\..\\x", ".._.._x")]
    [InlineData("a\0b\u001Bc\u007F\u0085", "a_b_c__")]
    [InlineData("a<b>c:d\"e|f?g*h", "a_b_c_d_e_f_g_h")]
    [InlineData("trailing. . ", "trailing")]
    [InlineData(" leading", " leading")]
    [InlineData(".hidden", ".hidden")]
    [InlineData("CON", "_CON")]
    [InlineData("nul.txt", "_nul.txt")]
    [InlineData("Com7.tar.gz", "_Com7.tar.gz")]
    [InlineData("LPT\u00B2", "_LPT\u00B2")]
    [InlineData("com0", "_com0")]
    [InlineData("aux .c", "_aux .c")]
    [InlineData("CONIN$", "_CONIN$")]
    [InlineData("COM10", "COM10")]
    [InlineData("console", "console")]
    [InlineData("exe.\u202Egpj.exe", "exe.gpj.exe")]
    [InlineData("a\u061Cb\u200Ec\u200Fd\u202Ae\u202Ef\u2066g\u2069h", "abcdefgh")]
    [InlineData("日本 – ü 😀.mkv", "日本 – ü 😀.mkv")]
    public void An_element_is_made_safe_on_every_system(string element, string safe)
    {
        TorrentMetainfo metainfo = Read(OfFiles(File(5, element, element)));
        Assert.Equal($"root/{safe}/{safe}", metainfo.Files[0].Path);
        Assert.Equal(element == safe, metainfo.Warnings.IsEmpty);
    }

    [Theory]
    [InlineData("a<b>c:d\"e|f?g*h")]
    [InlineData("CON")]
    [InlineData("what...")]
    [InlineData("trailing ")]
    [InlineData("C:\\x")]
    [InlineData("..\\x")]
    [InlineData("two\nlines\r\t")]
    [InlineData("\u001B[2J\u007F\u0085")]
    [InlineData("exe.\u202Egpj.exe")]
    [InlineData("\u05E9\u200F\u200E\u061C")]
    [InlineData("\uFFFD")]
    [InlineData("...")]
    public void Posix_rules_keep_whatever_Linux_can_hold(string element)
    {
        foreach (PathRules rules in (PathRules[])[PathRules.Posix, PathRules.PosixIgnoringCase])
        {
            TorrentMetainfo metainfo = Read(OfFiles(File(5, element, element)), rules);
            Assert.Equal($"root/{element}/{element}", metainfo.Files[0].Path);
            Assert.Empty(metainfo.Warnings);
        }
    }

    [Theory]
    [InlineData("", "_")]
    [InlineData(".", "_")]
    [InlineData("..", "_")]
    [InlineData("../../etc", ".._.._etc")]
    [InlineData("a\0b", "a_b")]
    public void Posix_rules_change_what_no_file_system_can_hold(string element, string safe)
    {
        TorrentMetainfo metainfo = Read(OfFiles(File(5, element)), PathRules.Posix);
        Assert.Equal("root/" + safe, metainfo.Files[0].Path);
        Assert.Single(metainfo.Warnings);
    }

    [Fact]
    public void The_rules_of_this_system_apply_if_none_are_given()
    {
        Assert.True(MetainfoReader.TryRead(Encoding.Latin1.GetBytes(OfFiles(File(5, "a:b"))), out TorrentMetainfo? metainfo, out _));
        Assert.Equal(OperatingSystem.IsWindows() ? "root/a_b" : "root/a:b", metainfo.Files[0].Path);
    }

    [Fact]
    public void The_torrents_name_is_made_safe_too()
    {
        TorrentMetainfo metainfo = Read($"d4:infod6:lengthi5e4:name6:../a:b{OnePiece}ee");
        Assert.Equal(".._a_b", metainfo.Name);
        Assert.Equal(".._a_b", metainfo.Files[0].Path);
        Assert.Equal("info.name: was made safe: '.._a_b'", Assert.Single(metainfo.Warnings));
        metainfo = Read($"d4:infod6:lengthi5e4:name0:{OnePiece}ee");
        Assert.Equal(metainfo.InfoHash.ToString(), metainfo.Name);
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_replaced()
    {
        TorrentMetainfo metainfo = Read(OfFiles("d6:lengthi5e4:pathl5:a\u00FFb\u00C3cee"));
        Assert.Equal("root/a_b_c", metainfo.Files[0].Path);
        Assert.Equal("info.files[0].path: was made safe: 'root/a_b_c'", Assert.Single(metainfo.Warnings));
    }

    [Fact]
    public void A_long_element_is_cut_to_255_bytes_and_keeps_its_extension()
    {
        string element = string.Concat(Enumerable.Repeat("日", 100)) + ".mkv";
        string cut = Read(OfFiles(File(5, element))).Files[0].Path["root/".Length..];
        Assert.Equal(string.Concat(Enumerable.Repeat("日", 83)) + ".mkv", cut);
        Assert.Equal(255, Read(OfFiles(File(5, new string('x', 9_999) + ".y"))).Files[0].Path["root/".Length..].Length);
    }

    [Fact]
    public void Long_elements_that_are_cut_alike_stay_different()
    {
        string longName = new('x', 300);
        TorrentMetainfo metainfo = Read(OfFiles(File(5, longName + "1.mkv") + File(0, longName + "2.mkv")));
        Assert.Equal("root/" + new string('x', 251) + ".mkv", metainfo.Files[0].Path);
        Assert.Equal("root/" + new string('x', 249) + ".1.mkv", metainfo.Files[1].Path);
    }

    [Fact]
    public void A_path_that_is_too_long_or_too_deep_loses_folders_but_not_its_name()
    {
        string[] deep = [.. Enumerable.Repeat("d", 5_000), "name.txt"];
        string[] path = Read(OfFiles(File(5, deep))).Files[0].Path.Split('/');
        Assert.Equal(MetainfoLimits.MaxPathDepth, path.Length);
        Assert.Equal("name.txt", path[^1]);
        string[] wide = [.. Enumerable.Repeat(new string('w', 200), 50), "name.txt"];
        TorrentMetainfo metainfo = Read(OfFiles(File(5, wide)));
        Assert.InRange(metainfo.Files[0].Path.Length, MetainfoLimits.MaxPathBytes / 2, MetainfoLimits.MaxPathBytes);
        Assert.EndsWith("/name.txt", metainfo.Files[0].Path, StringComparison.Ordinal);
        Assert.Single(metainfo.Warnings);
    }

    public static TheoryData<string[], string[]> Collisions => new()
    {
        { ["a.txt", "a.txt", "a.txt"], ["a.txt", "a.1.txt", "a.2.txt"] },
        { ["a.txt", "A.TXT"], ["a.txt", "A.1.TXT"] },
        { ["\u00E9", "e\u0301"], ["\u00E9", "e\u0301.1"] },
        { ["\u00C9", "e\u0301"], ["\u00C9", "e\u0301.1"] },
        { ["\u1EAF", "a\u0306\u0301"], ["\u1EAF", "a\u0306\u0301.1"] },
        { ["\uD55C", "\u1112\u1161\u11AB"], ["\uD55C", "\u1112\u1161\u11AB.1"] },
        { ["\u212B", "\u00C5"], ["\u212B", "\u00C5.1"] },
        // A name that was there keeps it, even from a renamed file that comes before it.
        { ["a", "a", "a.1"], ["a", "a.2", "a.1"] },
        // A file gives way to a folder, wherever they are in the list, and case does not matter.
        { ["a", "a/b"], ["a.1", "a/b"] },
        { ["a/b", "A"], ["a/b", "A.1"] },
        { ["a/b/c", "a/b", "a"], ["a/b/c", "a/b.1", "a.1"] },
        { ["a", "a/x", "a.1/x"], ["a.2", "a/x", "a.1/x"] },
        { ["a?", "a*"], ["a_", "a_.1"] },
        { [".x", ".x"], [".x", ".x.1"] },
        // Folders that differ only in case are one folder or two; their files do not collide in either case.
        { ["A/x", "a/y"], ["A/x", "a/y"] },
        { ["A/x", "a/X"], ["A/x", "a/X.1"] },
    };

    [Theory]
    [MemberData(nameof(Collisions))]
    public void Paths_that_cannot_exist_at_the_same_time_are_renamed_in_a_stable_way(string[] paths, string[] safe)
    {
        string files = string.Concat(paths.Select((path, i) => File(i == 0 ? 5 : 0, path.Split('/'))));
        Assert.Equal(safe.Select(path => "root/" + path), Read(OfFiles(files)).Files.Select(file => file.Path));
        Assert.Equal(Read(OfFiles(files)).Warnings, Read(OfFiles(files)).Warnings);
    }

    [Fact]
    public void Names_that_differ_in_case_stay_different_where_case_matters()
    {
        string files = OfFiles(
            File(5, "Makefile") + File(0, "makefile") + File(0, "a") + File(0, "A", "x") + File(0, "\u00E9") + File(0, "e\u0301"));
        TorrentMetainfo metainfo = Read(files, PathRules.Posix);
        Assert.Equal(
            ["root/Makefile", "root/makefile", "root/a", "root/A/x", "root/\u00E9", "root/e\u0301"],
            metainfo.Files.Select(file => file.Path));
        Assert.Empty(metainfo.Warnings);
        Assert.Equal(
            ["root/Makefile", "root/makefile.1", "root/a.1", "root/A/x", "root/\u00E9", "root/e\u0301.1"],
            Read(files, PathRules.PosixIgnoringCase).Files.Select(file => file.Path));
    }

    [Theory]
    [InlineData(20_000, 1)]
    [InlineData(3_000, 7)]
    [InlineData(1, 50_000)]
    public void Long_names_that_are_cut_alike_are_renamed_with_few_tries_for_each(int names, int copies)
    {
        // All share the bytes that remain when a number is inserted, so each wants the numbers that the others have.
        string shared = new('x', 249);
        string?[] paths = [.. Enumerable.Range(0, names * copies).Select(i => $"root/{shared}{i % names:D6}"), "root/file"];
        SafePaths safe = new(PathRules.Posix);
        List<int> renamed = safe.MakeUnique(paths);
        Assert.Equal(names * (copies - 1), renamed.Count);
        Assert.Equal(paths.Length, paths.Distinct().Count());
        Assert.InRange(safe.Tries, renamed.Count, 2L * paths.Length);
    }

    [Fact]
    public void Twenty_thousand_pairs_of_names_with_252_shared_bytes_cost_few_tries()
    {
        string shared = new('x', 252);
        string?[] paths = [.. Enumerable.Range(0, 40_000)
            .Select(i => $"root/{shared}{(char)('A' + (i % 20_000 / 700))}{(char)(0x100 + (i % 700))}")];
        SafePaths safe = new(PathRules.PosixIgnoringCase);
        safe.MakeUnique(paths);
        Assert.Equal(paths.Length, paths.OfType<string>().Distinct(PathComparer.Instance).Count());
        Assert.InRange(safe.Tries, 1, 2L * paths.Length);
    }

    [Fact]
    public void Numbers_that_are_taken_are_passed_over_once()
    {
        // a.1 to a.5000 exist, and a exists 5,000 times.
        string?[] paths = [.. Enumerable.Range(1, 5_000).Select(i => $"root/a.{i}"), .. Enumerable.Repeat("root/a", 5_000)];
        SafePaths safe = new(PathRules.Posix);
        Assert.Equal(4_999, safe.MakeUnique(paths).Count);
        Assert.Equal("root/a.9999", paths[^1]);
        Assert.Equal(9_999, safe.Tries);
    }

    [Fact]
    public void A_renamed_file_is_reported()
    {
        TorrentMetainfo metainfo = Read(OfFiles(File(5, "a") + File(0, "A")));
        Assert.Equal("info.files[1].path: is taken already; renamed to 'root/A.1'", Assert.Single(metainfo.Warnings));
    }
}
