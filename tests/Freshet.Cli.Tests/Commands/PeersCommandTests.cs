using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Freshet.Cli.Tests.Commands;

public class PeersCommandTests
{
    private const string Passkey = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("/" + Passkey + "/announce")]
    [InlineData("/announce?passkey=" + Passkey)]
    public async Task A_passkey_is_not_shown(string path)
    {
        using TemporaryFolder folder = new();
        string torrent = folder.Write("x.torrent", SampleTorrent.Create([("a", 10)]).Torrent);
        foreach (string[] options in new string[][] { [], ["--json"] })
        {
            using OneAnswer tracker = new(404, []);
            string url = tracker.AnnounceUrl.Replace("/announce", path, StringComparison.Ordinal);
            CliRun run = await CliRun.Of(["peers", torrent, "--tracker", url, .. options]);
            Assert.Equal(1, run.ExitCode);
            Assert.Contains(Passkey, tracker.Request, StringComparison.Ordinal);
            Assert.DoesNotContain(Passkey, run.Out + run.Error, StringComparison.Ordinal);
            Assert.Contains("****", run.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Markup_in_a_trackers_failure_is_shown_as_text()
    {
        const string Failure = "[red]x[/] <script>alert(1)</script> {0} %s";
        const string Controls = "\e]0;title\a\e[31m\n";
        using TemporaryFolder folder = new();
        string torrent = folder.Write("x.torrent", SampleTorrent.Create([("a", 10)]).Torrent);
        string[] words = ["14:failure reason", "8:intervali60e5:peers0:15:warning message"];
        foreach (string word in words)
        {
            byte[] answer = System.Text.Encoding.ASCII.GetBytes($"d{word}{Failure.Length + Controls.Length}:{Failure}{Controls}e");
            using OneAnswer tracker = new(200, answer);
            CliRun run = await CliRun.Of("peers", torrent, "--tracker", tracker.AnnounceUrl);
            Assert.Contains(Failure, run.Out, StringComparison.Ordinal);
            Assert.DoesNotContain("\e", run.Out + run.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("\a", run.Out + run.Error, StringComparison.Ordinal);
            using OneAnswer again = new(200, answer);
            CliRun json = await CliRun.Of("peers", torrent, "--tracker", again.AnnounceUrl, "--json");
            Assert.DoesNotContain("\e", json.Out, StringComparison.Ordinal);
            JsonElement report = json.Json.GetProperty("trackers")[0];
            string shown = report.GetProperty(word == words[0] ? "error" : "warning").GetString()!;
            Assert.Contains(Failure, shown, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task It_announces_a_port_of_its_own_unless_one_is_named()
    {
        using TemporaryFolder folder = new();
        string torrent = folder.Write("x.torrent", SampleTorrent.Create([("a", 10)]).Torrent);
        int own = await AnnouncedPortAsync(torrent);
        Assert.InRange(own, 1024, 65535);
        Assert.NotEqual(6881, own);
        Assert.Equal(7000, await AnnouncedPortAsync(torrent, "--port", "7000"));
    }

    [Fact]
    public async Task It_does_not_count_itself()
    {
        using TemporaryFolder folder = new();
        await using RunningCommand tracker = new("tracker", "--http", "127.0.0.1:0");
        string url = await tracker.WaitForAsync(command => command.Out.EndsWith('\n') ? command.Out.Trim() : null);
        string torrent = folder.Write("x.torrent", SampleTorrent.Create([("a", 10)]).Torrent);
        CliRun run = await CliRun.Of("peers", torrent, "--tracker", url, "--json");
        Assert.Equal(0, run.ExitCode);
        JsonElement report = run.Json.GetProperty("trackers")[0];
        Assert.Equal((0, 0), (report.GetProperty("seeders").GetInt32(), report.GetProperty("leechers").GetInt32()));
        Assert.Empty(report.GetProperty("peers").EnumerateArray());
    }

    [Fact]
    public async Task The_DHT_is_asked_beside_the_trackers()
    {
        using TemporaryFolder folder = new();
        string torrent = folder.Write("x.torrent", SampleTorrent.Create([("a", 10)]).Torrent);
        await using RunningCommand node = new("dht", "node", "--bind", "127.0.0.1", "--json");
        string endPoint = await node.WaitForAsync(
            command => command.Events.Select(line => line.GetProperty("endpoints")[0].GetString()).FirstOrDefault());
        string[] way = ["--bind", "127.0.0.1", "--dht-bootstrap", endPoint];
        CliRun announced = await CliRun.Of(["dht", "lookup", torrent, "--announce", "4242", .. way]);
        Assert.True(announced.ExitCode == 0, announced.Error);
        using OneAnswer tracker = new(200, "d8:intervali60e5:peers0:e"u8.ToArray());
        CliRun json = await CliRun.Of(["peers", torrent, "--tracker", tracker.AnnounceUrl, "--json", .. way]);
        Assert.True(json.ExitCode == 0, json.Error);
        Assert.Single(json.Json.GetProperty("trackers").EnumerateArray());
        JsonElement dht = json.Json.GetProperty("dht");
        Assert.Equal(1, dht.GetProperty("answers").GetInt32());
        Assert.Equal("127.0.0.1:4242", Assert.Single(dht.GetProperty("peers").EnumerateArray()).GetProperty("endpoint").GetString());
        Assert.False(json.Json.TryGetProperty("local", out _));
        CliRun text = await CliRun.Of(["peers", torrent, "--dht", .. way]);
        Assert.StartsWith("The DHT: 1 peer from 1 node", text.Out, StringComparison.Ordinal);
        Assert.EndsWith("\n  127.0.0.1:4242\n1 peer from the DHT.\n", text.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Neighbours_that_name_the_torrent_are_heard()
    {
        using TemporaryFolder folder = new();
        byte[] torrent = SampleTorrent.Create([("a", 10)]).Torrent;
        Task<CliRun> listening = CliRun.Of(
            "peers", folder.Write("x.torrent", torrent), "--lsd", "--lsd-time", "10", "--bind", "127.0.0.45", "--json");
        SessionOptions options = new()
        {
            DownloadFolder = folder["data"],
            StateFolder = null,
            ListenPort = 0,
            BindAddress = IPAddress.Parse("127.0.0.46"),
            LocalDiscovery = true,
        };
        await using Session session = await Session.StartAsync(options, TestContext.Current.CancellationToken);
        await session.AddAsync(TorrentSource.Bytes(torrent), cancellationToken: TestContext.Current.CancellationToken);
        CliRun run = await listening;
        Assert.True(run.ExitCode == 0, run.Error);
        JsonElement peer = Assert.Single(run.Json.GetProperty("local").GetProperty("peers").EnumerateArray());
        Assert.Equal(session.ListenEndPoints[0].ToString(), peer.GetProperty("endpoint").GetString());
    }

    [Theory]
    [InlineData("--dht")]
    [InlineData("--lsd")]
    public async Task Only_trackers_are_asked_for_a_private_torrent(string option)
    {
        using TemporaryFolder folder = new();
        byte[] closed = TestTorrents.WithoutData("private", builder => builder with { IsPrivate = true });
        CliRun run = await CliRun.Of("peers", folder.Write("x.torrent", closed), option, "--bind", "127.0.0.1");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is private", run.Error, StringComparison.Ordinal);
        CliRun proxied = await CliRun.Of("peers", new string('a', 40), "--lsd", "--proxy", "socks5://127.0.0.1:1");
        Assert.Contains("No local network is behind a proxy", proxied.Error, StringComparison.Ordinal);
    }

    private static async Task<int> AnnouncedPortAsync(string torrent, params string[] options)
    {
        using OneAnswer tracker = new(404, []);
        await CliRun.Of(["peers", torrent, "--tracker", tracker.AnnounceUrl, .. options]);
        return int.Parse(
            Regex.Match(tracker.Request, "[?&]port=([0-9]+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
    }
}
