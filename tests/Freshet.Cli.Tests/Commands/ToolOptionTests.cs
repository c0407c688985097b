using System.Text.Json;

namespace Freshet.Cli.Tests.Commands;

/// <summary>The options of the smaller commands that talk to a network.</summary>
public class ToolOptionTests
{
    private static readonly (string Path, int Length)[] Files = [("a", 100_000)];

    [Fact]
    public async Task A_tracker_tells_peers_its_interval()
    {
        using TemporaryFolder folder = new();
        string torrent = folder.Write("x.torrent", SampleTorrent.Create(Files).Torrent);
        await using RunningCommand tracker = new("tracker", "--http", "127.0.0.1:0", "--interval", "77");
        string url = await tracker.WaitForAsync(command => command.Out.EndsWith('\n') ? command.Out.Trim() : null);
        CliRun peers = await CliRun.Of("peers", torrent, "--tracker", url, "--json");
        Assert.Equal(77, peers.Json.GetProperty("trackers")[0].GetProperty("interval").GetInt32());
    }

    [Theory]
    [InlineData("192.0.2.1:0", "no address of this machine")]
    [InlineData(null, "taken by another program")]
    public async Task A_tracker_that_cannot_listen_says_why(string? endPoint, string words)
    {
        await using RunningCommand other = new("tracker", "--http", "127.0.0.1:0");
        string url = await other.WaitForAsync(command => command.Out.EndsWith('\n') ? command.Out.Trim() : null);
        CliRun run = await CliRun.Of("tracker", "--http", endPoint ?? new Uri(url).Authority);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("bug", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_named_tracker_is_asked_with_the_named_port()
    {
        using TemporaryFolder folder = new();
        string torrent = folder.Write("x.torrent", SampleTorrent.Create(Files).Torrent);
        using OneAnswer tracker = new(200, "d14:failure reason4:nopee"u8.ToArray());
        CliRun run = await CliRun.Of("peers", torrent, "-t", tracker.AnnounceUrl, "--port", "4321");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("port=4321", tracker.Request, StringComparison.Ordinal);
        Assert.Contains("nope", run.Out, StringComparison.Ordinal);
        Assert.Equal("freshet: No tracker answered with peers.\n", run.Error);
    }

    [Fact]
    public async Task A_local_tracker_may_be_at_any_path_if_the_user_names_it_but_not_if_the_torrent_does()
    {
        using TemporaryFolder folder = new();
        using OneAnswer named = new(200, "d14:failure reason4:nopee"u8.ToArray());
        string torrent = folder.Write("x.torrent", SampleTorrent.Create(Files).Torrent);
        CliRun run = await CliRun.Of("peers", torrent, "-t", named.Url);
        Assert.Contains($"{named.Url}: nope", run.Out, StringComparison.Ordinal);

        using OneAnswer unnamed = new(200, "d14:failure reason4:nopee"u8.ToArray()) { MayBeLeftAlone = true };
        byte[] naming = SampleTorrent.Create(Files, builder => builder with { Trackers = [[unnamed.Url]] }).Torrent;
        string other = folder.Write("y.torrent", naming);
        run = await CliRun.Of("peers", other);
        Assert.Contains("only at a path like /announce", run.Out, StringComparison.Ordinal);
        Assert.Null(unnamed.Client);
    }

    [Fact]
    public async Task A_piece_overwrites_only_by_force_and_is_awaited_as_long_as_the_option_says()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(Files);
        string path = folder.Write("x.torrent", torrent);
        string output = folder.Write("piece", [42]);
        SampleTorrent.WriteFiles(folder, files);
        string[] get = ["piece", path, "1", "-o", output, "--port", "0", "--bind", "127.0.0.1"];
        CliRun late = await CliRun.Of([.. get, "--force", "--timeout", "1"]);
        Assert.Equal(1, late.ExitCode);
        Assert.Contains("was not downloaded within 1 second:", late.Error, StringComparison.Ordinal);

        await using RunningCommand seed = new(
            "seed", path, "--data", folder.Path, "--port", "0", "--bind", "127.0.0.1", "--no-resume", "--json");
        string endPoint = (await seed.WaitForEventAsync("listening"))[0].GetProperty("endpoint").GetString()!;
        CliRun refused = await CliRun.Of([.. get, "--peer", endPoint]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        Assert.Equal([42], File.ReadAllBytes(output));
        Assert.Equal(0, (await CliRun.Of([.. get, "--peer", endPoint, "--force"])).ExitCode);
        Assert.Equal(files["sample/a"][SampleTorrent.PieceLength..(2 * SampleTorrent.PieceLength)], File.ReadAllBytes(output));
    }

    [Fact]
    public async Task A_demo_is_as_large_and_as_slow_as_its_options_say()
    {
        CliRun run = await CliRun.Of("demo", "--size", "1MiB", "--seeds", "1", "--rate", "256KiB/s", "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        JsonElement[] lines = run.JsonLines;
        Assert.Equal(1024 * 1024, lines.Single(line => RunningCommand.Is(line, "added")).GetProperty("size").GetInt64());
        Assert.Contains(lines, line => RunningCommand.Is(line, "progress") && line.GetProperty("done").GetDouble() < 1);
        IEnumerable<JsonElement> progress = lines.Where(line => RunningCommand.Is(line, "progress"));
        Assert.All(progress, line => Assert.InRange(line.GetProperty("peers").GetInt32(), 0, 1));
        Assert.Equal(0, lines[^1].GetProperty("exitCode").GetInt32());
    }
}
