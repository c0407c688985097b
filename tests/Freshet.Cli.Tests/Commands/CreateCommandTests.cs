using System.Diagnostics;
using System.Text.Json;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Tests.Commands;

public class CreateCommandTests
{
    [Fact]
    public async Task A_folder_becomes_a_torrent_that_verifies_it()
    {
        using TemporaryFolder folder = new();
        (_, Dictionary<string, byte[]> files) = SampleTorrent.Create([("b/two", 40_000), ("a/one", 100_000), ("empty", 0), ("z", 1)]);
        SampleTorrent.WriteFiles(folder, files);
        CliRun create = await CliRun.Of(
            "create", folder["sample"], "-o", folder["x.torrent"], "--tracker", "http://a.example/announce,http://b.example/announce",
            "--tracker", "udp://c.example:80", "--web-seed", "http://w.example/", "--piece-size", "32KiB", "--private", "--comment",
            "words", "--source", "tag");
        Assert.Equal("", create.Error);
        Assert.Equal(0, create.ExitCode);

        JsonElement info = (await CliRun.Of("info", folder["x.torrent"], "--json")).Json;
        Assert.Equal(
            ["sample/a/one", "sample/b/two", "sample/empty", "sample/z"],
            info.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString()));
        Assert.Equal(
            """[["http://a.example/announce","http://b.example/announce"],["udp://c.example:80"]]""",
            info.GetProperty("trackers").GetRawText());
        Assert.Equal(32 * 1024, info.GetProperty("pieceLength").GetInt32());
        Assert.True(info.GetProperty("private").GetBoolean());
        Assert.Equal("words", info.GetProperty("comment").GetString());
        Assert.Equal("tag", info.GetProperty("source").GetString());
        Assert.NotEqual(JsonValueKind.Null, info.GetProperty("creationDate").ValueKind);

        CliRun verify = await CliRun.Of("verify", folder["x.torrent"], folder.Path);
        Assert.Equal(0, verify.ExitCode);
        Assert.Contains("4 of 4 files complete", verify.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_data_gives_the_same_file_without_its_date()
    {
        using TemporaryFolder folder = new();
        folder.Write("one/data/b", [1, 2, 3]);
        folder.Write("one/data/a", [4]);
        folder.Write("two/data/a", [4]);
        folder.Write("two/data/b", [1, 2, 3]);
        foreach (string copy in new[] { "one", "two" })
            Assert.Equal(
                0, (await CliRun.Of("create", folder[copy + "/data"], "-o", folder[copy + ".torrent"], "--no-date", "-q")).ExitCode);
        Assert.Equal(File.ReadAllBytes(folder["one.torrent"]), File.ReadAllBytes(folder["two.torrent"]));
    }

    [Fact]
    public async Task A_single_file_needs_no_folder()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("movie.mkv", new byte[50_000]);
        CliRun run = await CliRun.Of("create", file, "-o", folder["x.torrent"], "--json");
        Assert.Equal(1, run.Json.GetProperty("fileCount").GetInt32());
        Assert.True(MetainfoReader.TryRead(File.ReadAllBytes(folder["x.torrent"]), out TorrentMetainfo? metainfo, out _));
        Assert.False(metainfo.IsMultiFile);
        Assert.Equal("movie.mkv", metainfo.Name);
        Assert.Equal(metainfo.InfoHash.ToString(), run.Json.GetProperty("infoHash").GetString());
    }

    [Fact]
    public async Task An_existing_file_is_overwritten_only_by_force()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("data", [1]);
        string output = folder.Write("x.torrent", [42]);
        CliRun refused = await CliRun.Of("create", file, "-o", output);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        Assert.Equal([42], File.ReadAllBytes(output));
        Assert.Equal(0, (await CliRun.Of("create", file, "-o", output, "--force")).ExitCode);
        Assert.Equal((byte)'d', File.ReadAllBytes(output)[0]);
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Fact]
    public async Task Links_are_followed_and_what_is_left_out_is_reported()
    {
        Requires.That(!OperatingSystem.IsWindows(), "On Windows, creating links requires a privilege.");
        using TemporaryFolder folder = new();
        folder.Write("elsewhere/file", [1, 2]);
        folder.Write("data/own", [3]);
        Directory.CreateDirectory(folder["data/nothing"]);
        File.CreateSymbolicLink(folder["data/link"], folder["elsewhere"]);
        File.CreateSymbolicLink(folder["data/broken"], folder["gone"]);
        CliRun run = await CliRun.Of("create", folder["data"], "-o", folder["x.torrent"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("broken", run.Error, StringComparison.Ordinal);
        Assert.Contains("nothing", run.Error, StringComparison.Ordinal);
        JsonElement info = (await CliRun.Of("info", folder["x.torrent"], "--json")).Json;
        Assert.Equal(
            ["data/link/file", "data/own"],
            info.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString()));
    }

    [Fact]
    public async Task All_names_that_Linux_allows_are_verified_under_those_names()
    {
        Requires.That(OperatingSystem.IsLinux(), "Other systems do not allow these names.");
        using TemporaryFolder folder = new();
        string[] names =
        [
            "Makefile", "makefile", "MAKEFILE/x", "back\\slash", "..\\up", "two\nlines", "tab\tand\e[31mred", "exe.\u202Egpj", "\u200Fשלום",
            "a:b?c*d|e<f>\"g\"",
            "CON", "dots...", "space ", "é", "e\u0301", "\uFFFD", new string('x', 255), "_____padding",
        ];
        for (int i = 0; i < names.Length; i++)
            folder.Write("da:ta\n/" + names[i], [(byte)i]);
        CliRun create = await CliRun.Of("create", folder["da:ta\n"], "-o", folder["x.torrent"]);
        Assert.Equal("", create.Error);
        Assert.Equal(0, create.ExitCode);
        CliRun verify = await CliRun.Of("verify", folder["x.torrent"], folder.Path);
        Assert.Equal("", verify.Error);
        Assert.Equal(0, verify.ExitCode);
        Assert.DoesNotContain("\u202E", verify.Out, StringComparison.Ordinal);
        JsonElement info = (await CliRun.Of("info", folder["x.torrent"], "--json")).Json;
        Assert.Equal(
            names.Select(name => "da:ta\n/" + name).Order(StringComparer.Ordinal),
            info.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString()!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("touch 'd/caf\\351'", "not valid UTF-8")]
    [InlineData("mkdir 'd/caf\\351'; touch 'd/caf\\351/x'", "not valid UTF-8")]
    [InlineData("ln -s good 'd/caf\\351'", "not valid UTF-8")]
    [InlineData("touch 'd/caf\\351' 'd/na\\357ve'", "2 names are not valid UTF-8")]
    public async Task Names_that_are_not_UTF_8_are_refused_with_advice(string commands, string words)
    {
        Requires.That(OperatingSystem.IsLinux(), "Other systems do not allow these names.");
        using TemporaryFolder folder = new();
        folder.Write("d/good", [1]);
        await ShellAsync(folder, $"eval \"$(printf \"{commands}\")\"");
        CliRun run = await CliRun.Of("create", folder["d"], "-o", folder["x.torrent"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.Contains("Rename", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("link", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["x.torrent"]));

        // .NET cannot delete them either.
        await ShellAsync(folder, "rm -r d");

        static Task ShellAsync(TemporaryFolder folder, string command) =>
            Process.Start(new ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = folder.Path })!
                .WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_file_that_readers_would_treat_as_padding_is_refused()
    {
        using TemporaryFolder folder = new();
        folder.Write("data/_____padding_file_0_of mine", [1]);
        CliRun run = await CliRun.Of("create", folder["data"], "-o", folder["x.torrent"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("padding, which nobody stores: rename it", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["x.torrent"]));
    }

    [Fact]
    public async Task A_path_that_readers_would_shorten_is_refused_before_the_work()
    {
        using TemporaryFolder folder = new();
        string deep = string.Join('/', Enumerable.Repeat("d", 101));
        folder.Write($"data/{deep}/file", [1]);
        CliRun run = await CliRun.Of("create", folder["data"], "-o", folder["x.torrent"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("too deep", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["x.torrent"]));
    }

    [Fact]
    public async Task A_circular_link_is_refused()
    {
        Requires.That(!OperatingSystem.IsWindows(), "On Windows, creating links requires a privilege.");
        using TemporaryFolder folder = new();
        folder.Write("data/sub/file", [1]);
        File.CreateSymbolicLink(folder["data/sub/up"], folder["data"]);
        CliRun run = await CliRun.Of("create", folder["data"], "-o", folder["x.torrent"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no end", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["x.torrent"]));
    }

    [Theory]
    [InlineData("nothing there", "gone")]
    [InlineData("only empty files", "empty")]
    [InlineData("no files", "void")]
    public async Task What_cannot_be_a_torrent_is_refused(string why, string path)
    {
        using TemporaryFolder folder = new();
        folder.Write("empty/a", []);
        Directory.CreateDirectory(folder["void"]);
        CliRun run = await CliRun.Of("create", folder[path], "-o", folder["x.torrent"]);
        Assert.True(run.ExitCode == 1, why);
        Assert.False(File.Exists(folder["x.torrent"]));
    }

    [Fact]
    public async Task A_target_that_is_not_an_ordinary_file_is_written_to_and_not_replaced()
    {
        Requires.That(!OperatingSystem.IsWindows(), "Windows has no named pipes in folders.");
        using TemporaryFolder folder = new();
        string file = folder.Write("data", [1]);
        await Process.Start("mkfifo", [folder["pipe"]]).WaitForExitAsync(TestContext.Current.CancellationToken);
        Task<byte[]> reading = Task.Run(() => File.ReadAllBytes(folder["pipe"]), TestContext.Current.CancellationToken);
        CliRun run = await CliRun.Of("create", file, "-o", folder["pipe"], "--force", "--no-date");
        Assert.Equal("", run.Error);
        byte[] read = await reading.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal((byte)'d', read[0]);
    }

    [Fact]
    public async Task A_link_remains_a_link_when_its_target_is_overwritten()
    {
        Requires.That(!OperatingSystem.IsWindows(), "On Windows, creating links requires a privilege.");
        using TemporaryFolder folder = new();
        string file = folder.Write("data", [1]);
        string target = folder.Write("target", [42]);
        File.CreateSymbolicLink(folder["link"], target);
        Assert.Equal(0, (await CliRun.Of("create", file, "-o", folder["link"], "--force")).ExitCode);
        Assert.Equal(target, new FileInfo(folder["link"]).LinkTarget);
        Assert.Equal((byte)'d', File.ReadAllBytes(target)[0]);
    }

    [Theory]
    [InlineData("a folder", "here")]
    [InlineData("no folder for it", "gone/x.torrent")]
    public async Task A_target_that_cannot_be_written_is_reported_before_the_work(string why, string output)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("data", [1]);
        Directory.CreateDirectory(folder["here"]);
        CliRun run = await CliRun.Of("create", file, "-o", folder[output], "--force");
        Assert.True(run.ExitCode == 1, why);
        Assert.Contains("folder", run.Error, StringComparison.Ordinal);
    }
}
