using System.Text.Json;

namespace Freshet.Cli.Tests.Commands;

public class InfoCommandTests
{
    private static readonly string[] Members =
    [
        "infoHash", "infoHashV2", "name", "size", "pieceLength", "pieceCount", "files", "trackers", "webSeeds", "private", "comment",
        "createdBy", "creationDate", "source", "magnet", "warnings",
    ];

    [Fact]
    public async Task A_pipe_without_a_writer_can_be_interrupted()
    {
        Requires.That(OperatingSystem.IsLinux(), "Named pipes are created with mkfifo.");
        using TemporaryFolder folder = new();
        using (System.Diagnostics.Process maker = System.Diagnostics.Process.Start("mkfifo", [folder["pipe"]]))
            await maker.WaitForExitAsync(TestContext.Current.CancellationToken);
        await using RunningCommand info = new("info", folder["pipe"]);
        Assert.Equal(130, (await info.StopAsync()).ExitCode);

        // If a writer is still awaited, there is one now.
        using FileStream writer = new(folder["pipe"], FileMode.Open, FileAccess.ReadWrite);
    }

    [Fact]
    public async Task Json_has_every_member_and_nothing_else()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, _) = SampleTorrent.Create([("a.txt", 20_000), ("sub/b.bin", 5), ("sub/empty", 0)], builder => builder with
        {
            Trackers = SampleTorrent.Tiers(
                ["http://one.example/announce", "http://two.example/announce"], ["http://three.example/announce"]),
            WebSeeds = ["http://seed.example/"],
            IsPrivate = true,
            Comment = "Zażółć",
            CreatedBy = "a test",
            CreationDate = new DateTimeOffset(2024, 1, 31, 12, 0, 0, TimeSpan.Zero),
            Source = "SRC",
        });
        CliRun run = await CliRun.Of("info", folder.Write("x.torrent", torrent), "--json");

        Assert.Equal(0, run.ExitCode);
        JsonElement json = run.Json;
        Assert.Equal(Members, json.EnumerateObject().Select(member => member.Name));
        Assert.Matches("^[0-9a-f]{40}$", json.GetProperty("infoHash").GetString());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("infoHashV2").ValueKind);
        Assert.Equal(20_005, json.GetProperty("size").GetInt64());
        Assert.Equal(2, json.GetProperty("pieceCount").GetInt32());
        Assert.Equal(
            """[["http://one.example/announce","http://two.example/announce"],["http://three.example/announce"]]""",
            json.GetProperty("trackers").GetRawText());
        Assert.Equal("""{"path":"sample/sub/b.bin","size":5,"offset":20000,"attributes":[]}""", json.GetProperty("files")[1].GetRawText());
        Assert.True(json.GetProperty("private").GetBoolean());
        Assert.Equal("Zażółć", json.GetProperty("comment").GetString());
        Assert.Equal("2024-01-31T12:00:00Z", json.GetProperty("creationDate").GetString());
        Assert.StartsWith(
            "magnet:?xt=urn:btih:" + json.GetProperty("infoHash").GetString(), json.GetProperty("magnet").GetString(),
            StringComparison.Ordinal);
        Assert.Single(run.Out.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Fields_that_a_torrent_does_not_have_are_null()
    {
        using TemporaryFolder folder = new();
        CliRun run = await CliRun.Of("info", folder.Write("x.torrent", SampleTorrent.Create([("a", 1)]).Torrent), "--json");
        foreach (string member in new[] { "comment", "createdBy", "creationDate", "source" })
            Assert.Equal(JsonValueKind.Null, run.Json.GetProperty(member).ValueKind);
        Assert.Equal(0, run.Json.GetProperty("trackers").GetArrayLength());
        Assert.False(run.Json.GetProperty("private").GetBoolean());
    }

    [Fact]
    public async Task Text_shows_each_folder_once()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, _) = SampleTorrent.Create([("a.txt", 2048), ("sub/b", 5), ("sub/deep/c", 6), ("z", 7)]);
        CliRun run = await CliRun.Of("info", folder.Write("x.torrent", torrent));
        Assert.EndsWith("""
            └─ sample/
               ├─ a.txt (2 KiB)
               ├─ sub/
               │  ├─ b (5 B)
               │  └─ deep/
               │     └─ c (6 B)
               └─ z (7 B)

            """, run.Out, StringComparison.Ordinal);
        Assert.Contains("magnet:?xt=urn:btih:", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Controls_in_a_torrent_do_not_reach_the_terminal()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, _) = SampleTorrent.Create([("a", 1)], builder => builder with { Comment = "\e[2J\u202Egnp.exe\r\n" });
        CliRun run = await CliRun.Of("info", folder.Write("x.torrent", torrent));
        Assert.DoesNotContain("\e", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202E", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_torrent_is_refused_by_the_name_of_its_field()
    {
        using TemporaryFolder folder = new();
        CliRun run = await CliRun.Of(
            "info", folder.Write("x.torrent", "d4:infod6:lengthi5e4:name1:a12:piece lengthi0e6:pieces0:eee"u8.ToArray()));
        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Out);
        Assert.Contains("piece length", run.Error, StringComparison.Ordinal);
        Assert.Contains("x.torrent", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_torrent_is_fetched_over_http()
    {
        byte[] torrent = SampleTorrent.Create([("a", 1)]).Torrent;
        using OneAnswer server = new(200, torrent);
        CliRun run = await CliRun.Of("info", server.Url, "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("sample", run.Json.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData(404, "404")]
    [InlineData(500, "500")]
    public async Task A_server_that_refuses_is_quoted(int status, string quoted)
    {
        using OneAnswer server = new(status, []);
        CliRun run = await CliRun.Of("info", server.Url);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(quoted, run.Error, StringComparison.Ordinal);
        Assert.Contains(server.Url, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_page_is_reported_as_one()
    {
        using OneAnswer server = new(200, "<!doctype html><html></html>"u8.ToArray());
        CliRun run = await CliRun.Of("info", server.Url);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("web page", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a magnet link", "magnet:?xt=urn:btih:0123456789012345678901234567890123456789")]
    [InlineData("nothing that could be fetched", "http://")]
    public async Task A_redirect_to_something_that_is_not_a_web_page_is_an_error_with_words(string why, string location)
    {
        using OneAnswer server = new(302, [], location);
        CliRun run = await CliRun.Of("info", server.Url);
        Assert.True(run.ExitCode == 1, why);
        Assert.StartsWith("freshet: " + server.Url, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_cut_short_is_not_a_torrent()
    {
        using OneAnswer server = new(200, "d4:info"u8.ToArray(), announcedLength: 1_000);
        CliRun run = await CliRun.Of("info", server.Url);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("closed the connection before the answer was", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Controls_in_a_servers_answer_do_not_reach_the_terminal()
    {
        using OneAnswer server = new(404, [], reason: "Not \e[31mhere");
        CliRun run = await CliRun.Of("info", server.Url);
        Assert.Contains("404", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Error);
    }

    [Theory]
    [InlineData("http://", "not a URL")]
    [InlineData("http://[x/", "not a URL")]
    [InlineData("", "empty")]
    [InlineData("ftp://example.org/x.torrent", "Only http and https")]
    [InlineData(".", "it is a folder")]
    public async Task An_argument_that_names_no_torrent_is_an_error_with_words(string torrent, string words)
    {
        CliRun run = await CliRun.Of("info", torrent);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("bug", run.Error, StringComparison.Ordinal);
    }
}
