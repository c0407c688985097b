using System.Text.Json;
using System.Text.RegularExpressions;
using Freshet.Api;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Tests.Commands;

/// <summary>The commands that need a network, against each other, over loopback.</summary>
public class SwarmTests
{
    private static readonly (string Path, int Length)[] Files = [("a", 300_000), ("sub/b", 70_000), ("sub/empty", 0), ("c", 5)];

    [Fact]
    public async Task A_seeded_torrent_is_found_through_the_tracker_and_downloaded()
    {
        using TemporaryFolder folder = new();
        await using RunningCommand tracker = new("tracker", "--http", "127.0.0.1:0");
        string url = await tracker.WaitForAsync(command => command.Out.EndsWith('\n') ? command.Out.Trim() : null);
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(
            Files, builder => builder with { Trackers = SampleTorrent.Tiers([url]) });
        string path = folder.Write("x.torrent", torrent);
        foreach ((string file, byte[] bytes) in files)
            folder.Write("seed/" + file, bytes);

        await using RunningCommand seed = new(
            "seed", path, "--data", folder["seed"], "--port", "0", "--bind", "127.0.0.1", "--no-resume", "--json");
        await seed.WaitForEventAsync("seeding");
        string endPoint = (await seed.WaitForEventAsync("listening"))[0].GetProperty("endpoint").GetString()!;
        JsonElement peers = await PeersUntilThereAsync(path, endPoint);
        Assert.Equal(JsonValueKind.Null, peers.GetProperty("trackers")[0].GetProperty("error").ValueKind);

        CliRun download = await CliRun.Of(
            "download", path, "-o", folder["out"], "--port", "0", "--bind", "127.0.0.1", "--state", folder["state"], "--json");
        Assert.True(download.ExitCode == 0, download.Out + download.Error);
        foreach ((string file, byte[] bytes) in files)
            Assert.Equal(bytes, File.ReadAllBytes(folder["out/" + file]));
        CheckEvents(download);

        CliRun stopped = await seed.StopAsync();
        Assert.Equal(0, stopped.ExitCode);
        Assert.Equal(0, stopped.JsonLines[^1].GetProperty("exitCode").GetInt32());
        Assert.Equal(0, (await tracker.StopAsync()).ExitCode);
    }

    [Fact]
    public async Task One_user_may_seed_and_download_a_torrent_on_one_machine()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(Files);
        string path = folder.Write("x.torrent", torrent);
        foreach ((string file, byte[] bytes) in files)
            folder.Write("seed/" + file, bytes);
        string[] shared = ["--state", folder["state"], "--port", "0", "--bind", "127.0.0.1"];
        await using RunningCommand seed = new(["seed", path, "--data", folder["seed"], .. shared, "--json"]);
        await seed.WaitForEventAsync("seeding");
        string endPoint = (await seed.WaitForEventAsync("listening"))[0].GetProperty("endpoint").GetString()!;

        CliRun download = await CliRun.Of(["download", path, "-o", folder["out"], "--peer", endPoint, .. shared]);
        Assert.True(download.ExitCode == 0, download.Out + download.Error);
        Assert.Contains(
            "warning: sample: Another process is at work on this torrent in another folder", download.Error, StringComparison.Ordinal);
        foreach ((string file, byte[] bytes) in files)
            Assert.Equal(bytes, File.ReadAllBytes(folder["out/" + file]));

        CliRun same = await CliRun.Of(["download", path, "-o", folder["seed"], .. shared]);
        Assert.Equal(1, same.ExitCode);
        Assert.Contains("Stop it, or name another folder.", same.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("download", 1)]
    [InlineData("download", 2)]
    [InlineData("stream", 1)]
    public async Task No_more_peers_are_connected_than_allowed(string command, int most)
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create([("a", 900_000)]);
        string path = folder.Write("x.torrent", torrent);
        SampleTorrent.WriteFiles(folder, files);
        string[] shared = ["--port", "0", "--bind", "127.0.0.1", "--no-resume", "--no-dht", "--no-lsd", "--json"];
        string[] seeding = ["seed", path, "--data", folder.Path, .. shared];
        RunningCommand[] seeds = [.. Enumerable.Range(0, 4).Select(_ => new RunningCommand(seeding))];
        try
        {
            List<string> peers = [];
            foreach (RunningCommand seed in seeds)
                peers.AddRange("--peer", (await seed.WaitForEventAsync("listening"))[0].GetProperty("endpoint").GetString()!);
            await using RunningCommand download = new(
                [command, path, "-o", folder["out"], .. peers, "--max-peers", $"{most}", "--max-download", "300kB/s", .. shared]);
            await download.WaitForEventAsync("completed");
            int[] connected = [.. download.Events
                .Where(line => RunningCommand.Is(line, "progress")).Select(line => line.GetProperty("peers").GetInt32())];
            Assert.Equal(most, connected.Max());
        }
        finally
        {
            foreach (RunningCommand seed in seeds)
                await seed.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_peer_answers_a_handshake_and_sends_a_piece()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(Files);
        string path = folder.Write("x.torrent", torrent);
        SampleTorrent.WriteFiles(folder, files);
        await using RunningCommand seed = new(
            "seed", path, "--data", folder.Path, "--port", "0", "--bind", "127.0.0.1", "--no-resume", "--json");
        await seed.WaitForEventAsync("seeding");
        string endPoint = (await seed.WaitForEventAsync("listening"))[0].GetProperty("endpoint").GetString()!;

        CliRun handshake = await CliRun.Of("handshake", path, endPoint, "--json");
        Assert.Equal(0, handshake.ExitCode);
        Assert.Equal("Freshet", handshake.Json.GetProperty("client").GetString());
        Assert.True(handshake.Json.GetProperty("extensionProtocol").GetBoolean());
        Assert.Equal(endPoint, handshake.Json.GetProperty("endpoint").GetString());
        JsonElement[] ways = [.. handshake.Json.GetProperty("ways").EnumerateArray()];
        Assert.Equal(
            ["tcp none", "tcp handshake", "tcp full", "utp none", "utp handshake", "utp full"],
            ways.Select(way => $"{way.GetProperty("transport").GetString()} {way.GetProperty("encryption").GetString()}"));
        Assert.All(ways, way => Assert.Equal(JsonValueKind.Null, way.GetProperty("failure").ValueKind));

        // Piece 18 lies in two files: the end of a and the beginning of sub/b.
        CliRun piece = await CliRun.Of(
            "piece", path, "18", "-o", folder["piece"], "--peer", endPoint, "--port", "0", "--bind", "127.0.0.1", "--timeout", "30");
        Assert.True(piece.ExitCode == 0, piece.Error);
        byte[] all = [.. files.Values.SelectMany(bytes => bytes)];
        Assert.Equal(all[(18 * SampleTorrent.PieceLength)..(19 * SampleTorrent.PieceLength)], File.ReadAllBytes(folder["piece"]));
    }

    [Fact]
    public async Task A_handshake_says_which_ways_a_peer_does_not_take()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(Files);
        string path = folder.Write("x.torrent", torrent);
        SampleTorrent.WriteFiles(folder, files);
        await using RunningCommand seed = new(
            "seed", path, "--data", folder.Path, "--port", "0", "--bind", "127.0.0.1", "--no-resume", "--json", "--encryption", "required");
        await seed.WaitForEventAsync("seeding");
        string endPoint = (await seed.WaitForEventAsync("listening"))[0].GetProperty("endpoint").GetString()!;
        CliRun handshake = await CliRun.Of("handshake", path, endPoint);
        Assert.Equal(0, handshake.ExitCode);
        IEnumerable<string> ways = handshake.Out.Split('\n').Where(line => line.Contains("taken", StringComparison.Ordinal));
        Assert.Equal(
            [
                "Plain         not taken: it closed the connection",
                "Encrypted     not taken: it closed the connection",
                "RC4           taken",
                "uTP plain     not taken: it closed the connection",
                "uTP encrypted not taken: it closed the connection",
                "uTP RC4       taken",
            ],
            ways.Select(way => way.Split(" (")[0]));
    }

    [Fact]
    public async Task Only_the_files_that_match_are_downloaded()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(
            [("a", 2 * SampleTorrent.PieceLength), ("sub/b", 3 * SampleTorrent.PieceLength), ("c", SampleTorrent.PieceLength)]);
        string path = folder.Write("x.torrent", torrent);
        foreach ((string file, byte[] bytes) in files)
            folder.Write("seed/" + file, bytes);
        await using RunningCommand seed = new(
            "seed", path, "--data", folder["seed"], "--port", "0", "--bind", "127.0.0.1", "--no-resume", "--json");
        await seed.WaitForEventAsync("seeding");
        string endPoint = (await seed.WaitForEventAsync("listening"))[0].GetProperty("endpoint").GetString()!;
        CliRun run = await CliRun.Of(
            "download", path, "-o", folder["out"], "--files", "sub/*", "--peer", endPoint, "--port", "0", "--bind", "127.0.0.1",
            "--no-resume");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(files["sample/sub/b"], File.ReadAllBytes(folder["out/sample/sub/b"]));
        Assert.False(File.Exists(folder["out/sample/a"]));
        Assert.False(File.Exists(folder["out/sample/c"]));
    }

    [Fact]
    public async Task Incomplete_data_is_neither_seeded_nor_changed()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(Files);
        string path = folder.Write("x.torrent", torrent);
        files.Remove("sample/c");
        files["sample/a"][0] ^= 1;
        foreach ((string file, byte[] bytes) in files)
            folder.Write("seed/" + file, bytes);
        CliRun run = await CliRun.Of("seed", path, "--data", folder["seed"], "--port", "0", "--bind", "127.0.0.1", "--no-resume", "--json");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is incomplete", run.Error, StringComparison.Ordinal);
        Assert.Contains(run.JsonLines, line => RunningCommand.Is(line, "error"));
        Assert.False(File.Exists(folder["seed/sample/c"]));
        Assert.Equal(files["sample/a"], File.ReadAllBytes(folder["seed/sample/a"]));
    }

    [Fact]
    public async Task An_interrupted_download_says_so_and_saves_its_state()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("x.torrent", SampleTorrent.Create(Files).Torrent);
        await using RunningCommand download = new(
            "download", path, "-o", folder["out"], "--port", "0", "--bind", "127.0.0.1", "--state", folder["state"], "--json");
        await download.WaitForEventAsync("progress");
        CliRun run = await download.StopAsync();
        Assert.Equal(130, run.ExitCode);
        Assert.Equal(130, run.JsonLines[^1].GetProperty("exitCode").GetInt32());
        Assert.NotEmpty(Directory.GetFiles(folder["state"], "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_download_ends_when_nobody_reads_its_events()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("x.torrent", SampleTorrent.Create(Files).Torrent);
        CliRun run = await CliRun.Of(
            new CapturedStreams { LinesUntilClosed = 2 }, "download", path, "-o", folder["out"], "--port", "0", "--bind", "127.0.0.1",
            "--no-resume", "--json");
        Assert.Equal(130, run.ExitCode);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Failures_are_events_too()
    {
        CliRun run = await CliRun.Of("download", "/nowhere/x.torrent", "--json");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["error", "finished"], run.JsonLines.Select(line => line.GetProperty("event").GetString()));
        Assert.Contains("/nowhere/x.torrent", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "disabled", "off", "Plain         taken", "Encrypted     not taken: it closed the connection", "RC4           not taken",
        "uTP plain     not taken: no answer in time")]
    [InlineData(
        "required", "on", "Plain         not taken: it closed the connection", "Encrypted     not taken", "RC4           taken",
        "uTP plain     not taken: it closed the connection", "uTP encrypted not taken", "uTP RC4       taken")]
    [InlineData(
        "allowed", "only", "Plain         not taken", "uTP plain     taken", "uTP encrypted taken", "uTP RC4       taken")]
    public async Task A_handshake_shows_which_transports_a_peer_accepts(string policy, string utp, params string[] expected)
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(Files);
        string path = folder.Write("x.torrent", torrent);
        foreach ((string file, byte[] bytes) in files)
            folder.Write(file, bytes);
        await using RunningCommand seed = new(
            "seed", path, "--data", folder.Path, "--port", "0", "--bind", "127.0.0.1", "--no-resume", "--json", "--encryption", policy,
            "--utp", utp);
        await seed.WaitForEventAsync("seeding");
        string endPoint = (await seed.WaitForEventAsync("listening"))[0].GetProperty("endpoint").GetString()!;
        CliRun run = await CliRun.Of("handshake", path, endPoint);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.All(expected, line => Assert.Contains(line, run.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_peer_that_does_not_exist_is_an_error_with_words()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("x.torrent", SampleTorrent.Create(Files).Torrent);
        CliRun run = await CliRun.Of("handshake", path, "127.0.0.1:1");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("nobody listens there", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_page_shows_torrents_in_different_states_and_leaves_nothing_behind()
    {
        await using RunningCommand demo = new("demo", "--page", "--size", "8MiB", "--seeds", "1", "--rate", "64KiB");
        string url = await demo.WaitForAsync(running => Regex.Match(running.Out, @"http://\S+(?=\n)") is { Success: true } found
            ? found.Value
            : null);
        string[] parts = url.Split("#token=");
        using DaemonClient daemon = new(new Uri(parts[0]), parts[1]);
        IReadOnlyList<TorrentItem> torrents = [];
        await Patience.Until(() =>
        {
            torrents = daemon.ListAsync(cancellationToken: TestContext.Current.CancellationToken).GetAwaiter().GetResult();
            return StateOf("sample") == StateCode.Downloading && Find("sample")!.DownloadRate > 0
                && StateOf("complete-and-seeding") == StateCode.Seeding
                && Find("tracker-is-down")?.TrackerError is not null
                && StateOf("next-in-the-queue") == StateCode.Queued;
        });
        Assert.Equal(6, torrents.Count);
        Assert.Equal(StateCode.Stopped, StateOf("stopped"));
        Assert.Equal(StateCode.FetchingMetadata, StateOf("waiting-for-metadata"));
        string folder = torrents[0].Folder;
        Assert.Equal(0, (await demo.StopAsync()).ExitCode);
        Assert.False(Directory.Exists(folder));

        // The page is there before its torrents are.
        TorrentItem? Find(string name) => torrents.SingleOrDefault(torrent => torrent.Name == name);
        StateCode? StateOf(string name) => Find(name)?.State;
    }

    [Fact]
    public async Task The_demo_downloads_its_sample()
    {
        CliRun run = await CliRun.Of("demo", "--size", "4MiB", "--seeds", "2");
        Assert.True(run.ExitCode == 0, run.Out + run.Error);
        Assert.Contains("10 files complete", run.Out, StringComparison.Ordinal);
        string folder = Regex.Match(run.Out, "Downloading to (.+)\n").Groups[1].Value;
        Assert.False(Directory.Exists(Path.GetDirectoryName(folder)));
        Assert.Contains("freshet-demo-", folder, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> PeersUntilThereAsync(string torrent, string endPoint)
    {
        // The seed announces in its own time: ask until the tracker knows it.
        for (int i = 0; i < 200; i++)
        {
            CliRun run = await CliRun.Of("peers", torrent, "--json", "--port", "1");
            Assert.Equal(0, run.ExitCode);
            if (run.Out.Contains(endPoint, StringComparison.Ordinal))
                return run.Json;
        }

        throw new InvalidOperationException("The seed did not announce.");
    }

    private static void CheckEvents(CliRun run)
    {
        JsonElement[] lines = run.JsonLines;
        string[] names = [.. lines.Select(line => line.GetProperty("event").GetString()!)];
        Assert.Equal("listening", names[0]);
        Assert.Contains("added", names);
        Assert.Contains("completed", names);
        Assert.Equal("finished", names[^1]);
        JsonElement added = lines.First(line => RunningCommand.Is(line, "added"));
        Assert.Equal("sample", added.GetProperty("name").GetString());
        Assert.Equal(370_005, added.GetProperty("size").GetInt64());
        JsonElement progress = lines.Last(line => RunningCommand.Is(line, "progress"));
        Assert.Equal(1, progress.GetProperty("done").GetDouble());
        Assert.Equal(370_005, progress.GetProperty("downloaded").GetInt64());
        Assert.All(lines, line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", line.GetProperty("time").GetString()));
        Assert.True(InfoHash.TryParseHex(progress.GetProperty("infoHash").GetString(), out _));
    }
}
