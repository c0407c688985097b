using System.Net;
using System.Net.Sockets;
using System.Text;
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
    public async Task Json_has_every_member_and_nothing_else()
    {
        using TempFolder folder = new();
        (byte[] torrent, _) = SampleTorrent.Create([("a.txt", 20_000), ("sub/b.bin", 5), ("sub/empty", 0)], builder => builder with
        {
            Trackers = SampleTorrent.Tiers(["http://one.example/announce", "http://two.example/announce"], ["http://three.example/announce"]),
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
        Assert.Equal("""[["http://one.example/announce","http://two.example/announce"],["http://three.example/announce"]]""", json.GetProperty("trackers").GetRawText());
        Assert.Equal("""{"path":"sample/sub/b.bin","size":5,"offset":20000,"attributes":[]}""", json.GetProperty("files")[1].GetRawText());
        Assert.True(json.GetProperty("private").GetBoolean());
        Assert.Equal("Zażółć", json.GetProperty("comment").GetString());
        Assert.Equal("2024-01-31T12:00:00Z", json.GetProperty("creationDate").GetString());
        Assert.StartsWith("magnet:?xt=urn:btih:" + json.GetProperty("infoHash").GetString(), json.GetProperty("magnet").GetString(), StringComparison.Ordinal);
        Assert.Single(run.Out.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task What_a_torrent_does_not_say_is_null()
    {
        using TempFolder folder = new();
        CliRun run = await CliRun.Of("info", folder.Write("x.torrent", SampleTorrent.Create([("a", 1)]).Torrent), "--json");
        foreach (string member in new[] { "comment", "createdBy", "creationDate", "source" })
            Assert.Equal(JsonValueKind.Null, run.Json.GetProperty(member).ValueKind);
        Assert.Equal(0, run.Json.GetProperty("trackers").GetArrayLength());
        Assert.False(run.Json.GetProperty("private").GetBoolean());
    }

    [Fact]
    public async Task Text_shows_each_folder_once()
    {
        using TempFolder folder = new();
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
        using TempFolder folder = new();
        (byte[] torrent, _) = SampleTorrent.Create([("a", 1)], builder => builder with { Comment = "\e[2J\u202Egnp.exe\r\n" });
        CliRun run = await CliRun.Of("info", folder.Write("x.torrent", torrent));
        Assert.DoesNotContain("\e", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202E", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\r", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_torrent_is_refused_by_the_name_of_its_field()
    {
        using TempFolder folder = new();
        CliRun run = await CliRun.Of("info", folder.Write("x.torrent", "d4:infod6:lengthi5e4:name1:a12:piece lengthi0e6:pieces0:eee"u8.ToArray()));
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
    public async Task A_web_page_is_told_from_a_torrent()
    {
        using OneAnswer server = new(200, "<!doctype html><html></html>"u8.ToArray());
        CliRun run = await CliRun.Of("info", server.Url);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("web page", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Answers one request, whatever it asks.</summary>
    private sealed class OneAnswer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Task _serving;

        public OneAnswer(int status, byte[] body)
        {
            _listener.Start();
            _serving = ServeAsync(status, body);
        }

        public string Url => $"http://{_listener.LocalEndpoint}/x.torrent";

        public void Dispose()
        {
            _listener.Dispose();
            Assert.True(_serving.IsCompleted);
        }

        private async Task ServeAsync(int status, byte[] body)
        {
            using TcpClient client = await _listener.AcceptTcpClientAsync();
            NetworkStream stream = client.GetStream();
            byte[] request = new byte[4096];
            int length = 0;
            while (!request.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
                length += await stream.ReadAsync(request.AsMemory(length));
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Words\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"));
            await stream.WriteAsync(body);
        }
    }
}
