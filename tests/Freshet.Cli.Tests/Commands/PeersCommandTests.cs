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

    private static async Task<int> AnnouncedPortAsync(string torrent, params string[] options)
    {
        using OneAnswer tracker = new(404, []);
        await CliRun.Of(["peers", torrent, "--tracker", tracker.AnnounceUrl, .. options]);
        return int.Parse(
            Regex.Match(tracker.Request, "[?&]port=([0-9]+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
    }
}
