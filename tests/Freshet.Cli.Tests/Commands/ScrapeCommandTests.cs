using System.Text.Json;

namespace Freshet.Cli.Tests.Commands;

public class ScrapeCommandTests
{
    private const string Passkey = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task Trackers_of_both_kinds_count_the_peers_of_a_file_a_link_and_an_info_hash()
    {
        using TemporaryFolder folder = new();
        await using RunningCommand tracker = new("tracker", "--http", "127.0.0.1:0", "--udp", "127.0.0.1:0");
        string[] urls = await tracker.WaitForAsync(command => command.Out.Split('\n') is { Length: 3 } lines ? lines[..2] : null);
        Assert.StartsWith("http://127.0.0.1:", urls[0], StringComparison.Ordinal);
        Assert.StartsWith("udp://127.0.0.1:", urls[1], StringComparison.Ordinal);
        string torrent = folder.Write("x.torrent", SampleTorrent.Create([("a", 10)]).Torrent);
        Assert.Equal(0, (await CliRun.Of("peers", torrent, "-t", urls[1])).ExitCode);
        string hash = (await CliRun.Of("info", torrent, "--json")).Json.GetProperty("infoHash").GetString()!;
        foreach (string reference in (string[])[torrent, hash, $"magnet:?xt=urn:btih:{hash}"])
        {
            CliRun run = await CliRun.Of("scrape", reference, "-t", urls[0], "-t", urls[1], "--json");
            Assert.Equal(0, run.ExitCode);
            Assert.Equal(2, run.Json.GetProperty("trackers").GetArrayLength());
            JsonElement swarm = run.Json.GetProperty("trackers")[1].GetProperty("swarms")[0];
            Assert.Equal(hash, swarm.GetProperty("infoHash").GetString());
            Assert.Equal(0, swarm.GetProperty("seeders").GetInt32());
            Assert.Equal(JsonValueKind.Null, swarm.GetProperty("downloaders").ValueKind);
        }

        CliRun text = await CliRun.Of("scrape", torrent, "-t", urls[0], "-t", urls[1]);
        Assert.Equal($"{urls[0]}: it does not know the torrent\n{urls[1]}: 0 seeds, 0 leechers, completed 0 times\n", text.Out);
    }

    [Fact]
    public async Task Errors_are_reported_without_the_passkey()
    {
        using TemporaryFolder folder = new();
        string torrent = folder.Write("x.torrent", SampleTorrent.Create([("a", 10)]).Torrent);
        using OneAnswer tracker = new(404, []);
        string url = tracker.AnnounceUrl.Replace("/announce", $"/{Passkey}/announce", StringComparison.Ordinal);
        CliRun run = await CliRun.Of("scrape", torrent, "-t", url);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("freshet: No tracker answered.\n", run.Error);
        Assert.Contains($"/{Passkey}/scrape?info_hash=", tracker.Request, StringComparison.Ordinal);
        Assert.DoesNotContain(Passkey, run.Out, StringComparison.Ordinal);
        Assert.Contains("answered HTTP 404", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tracker_serves_only_allowed_torrents()
    {
        using TemporaryFolder folder = new();
        string torrent = folder.Write("x.torrent", SampleTorrent.Create([("a", 10)]).Torrent);
        string hash = (await CliRun.Of("info", torrent, "--json")).Json.GetProperty("infoHash").GetString()!;
        foreach ((string list, int exitCode) in new[] { ($"# mine\n{hash} # this\n\n", 0), (new string('a', 40), 1) })
        {
            string allowed = folder.Write("allowed", System.Text.Encoding.ASCII.GetBytes(list));
            await using RunningCommand tracker = new("tracker", "--http", "127.0.0.1:0", "--allow", allowed);
            string url = await tracker.WaitForAsync(command => command.Out.EndsWith('\n') ? command.Out.Trim() : null);
            CliRun run = await CliRun.Of("peers", torrent, "-t", url);
            Assert.Equal(exitCode, run.ExitCode);
            if (exitCode == 1)
                Assert.Contains("this tracker does not serve the torrent", run.Out, StringComparison.Ordinal);
        }

        string wrong = folder.Write("wrong", System.Text.Encoding.ASCII.GetBytes($"{hash}\nxyz\n"));
        CliRun refused = await CliRun.Of("tracker", "--http", "127.0.0.1:0", "--allow", wrong);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains($"Line 2 of {wrong} is not an info-hash.", refused.Error, StringComparison.Ordinal);
    }
}
