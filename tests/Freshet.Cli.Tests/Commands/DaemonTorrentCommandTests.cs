using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Tests.Commands;

/// <summary>Commands for one torrent of a daemon: its files, its .torrent, its peers, and torrents that the daemon creates.</summary>
public class DaemonTorrentCommandTests
{
    [Fact]
    public async Task Files_of_a_daemons_torrent_get_priorities_by_patterns()
    {
        using TemporaryFolder folder = new();
        await using RunningCommand daemon = await StartAsync(folder);
        await AddAsync(folder);
        CliRun changed = await RunAsync(folder, "files", "sample", "--priority", "*=skip", "--priority", "season/*.mkv=high", "--json");
        Assert.Equal(["high", "high", "skip"], PrioritiesOf(changed.Json));
        await RunAsync(folder, "files", "sample", "--priority", "SAMPLE/NOTES.TXT=low");
        Assert.Equal(["high", "high", "low"], PrioritiesOf((await RunAsync(folder, "files", "sample", "--json")).Json));
        Assert.Contains("notes.txt (Low)", (await RunAsync(folder, "files", "sample")).Out, StringComparison.Ordinal);
        CliRun none = await CliRun.Of("files", "sample", "--priority", "*.iso=high", "--state", folder["state"]);
        Assert.Equal(1, none.ExitCode);
        Assert.Contains("No file of sample matches *.iso.", none.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await CliRun.Of("files", "sample", "--priority", "*.iso=huge", "--state", folder["state"])).ExitCode);
        await RunAsync(folder, "add", $"magnet:?xt=urn:btih:{new string('b', 40)}&dn=unknown", "--stopped");
        CliRun unknown = await CliRun.Of("files", "unknown", "--priority", "*=low", "--state", folder["state"]);
        Assert.Contains("not known yet", unknown.Error, StringComparison.Ordinal);

        static IEnumerable<string?> PrioritiesOf(JsonElement files) =>
            files.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("priority").GetString());
    }

    [Fact]
    public async Task Files_and_folders_of_a_daemons_torrent_are_renamed()
    {
        using TemporaryFolder folder = new();
        await using RunningCommand daemon = await StartAsync(folder);
        await AddAsync(folder);
        await RunAsync(folder, "rename", "sample", "sample/notes.txt", "read me.txt");
        await RunAsync(folder, "rename", "sample", "sample/season", "first");
        await RunAsync(folder, "rename", "sample", "sample/first/two.mkv", "sample/two.mkv");
        CliRun last = await RunAsync(folder, "rename", "sample", "sample/first/one.mkv", "./one.mkv", "--json");
        Assert.Equal(
            ["one.mkv", "sample/two.mkv", "sample/read me.txt"],
            last.Json.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString()));
        CliRun wrong = await CliRun.Of("rename", "sample", "sample/gone", "x", "--state", folder["state"]);
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("sample has no file or folder sample/gone.", wrong.Error, StringComparison.Ordinal);
        CliRun outside = await CliRun.Of("rename", "sample", "one.mkv", "../one.mkv", "--state", folder["state"]);
        Assert.Equal(1, outside.ExitCode);
    }

    [Fact]
    public async Task The_torrent_of_a_daemon_is_written_to_a_file_and_over_none()
    {
        using TemporaryFolder folder = new();
        await using RunningCommand daemon = await StartAsync(folder);
        string hash = await AddAsync(folder);
        string file = folder["out.torrent"];
        Assert.Equal(hash, (await RunAsync(folder, "export", "sample", "-o", file, "--json")).Json.GetProperty("infoHash").GetString());
        Assert.Equal(hash, HashOf(file));
        CliRun again = await CliRun.Of("export", "sample", "-o", file, "--state", folder["state"]);
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("--force", again.Error, StringComparison.Ordinal);
        await RunAsync(folder, "export", "sample", "-o", file, "--force");
        await RunAsync(folder, "add", $"magnet:?xt=urn:btih:{new string('b', 40)}&dn=unknown", "--stopped");
        CliRun unknown = await CliRun.Of("export", "unknown", "-o", folder["none.torrent"], "--state", folder["state"]);
        Assert.Equal(1, unknown.ExitCode);
        Assert.False(File.Exists(folder["none.torrent"]));
    }

    [Fact]
    public async Task A_peer_that_is_added_to_a_daemons_torrent_is_dialled()
    {
        using TemporaryFolder folder = new();
        await using RunningCommand daemon = await StartAsync(folder);
        await AddAsync(folder);
        await RunAsync(folder, "start", "sample");
        using TcpListener peer = new(IPAddress.Loopback, 0);
        peer.Start();
        CliRun added = await RunAsync(folder, "peers", "sample", "--add", peer.LocalEndpoint.ToString()!);
        Assert.Contains("1 peer added", added.Out, StringComparison.Ordinal);
        using TcpClient dialled = await peer.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask().Bounded();
        Assert.Equal(2, (await CliRun.Of("peers", "sample", "--add", "nonsense", "--state", folder["state"])).ExitCode);
        Assert.Equal(
            2, (await CliRun.Of("peers", "sample", "--add", "127.0.0.1:1", "--port", "5", "--state", folder["state"])).ExitCode);
    }

    [Fact]
    public async Task A_daemon_creates_torrents_and_seeds_them()
    {
        using TemporaryFolder folder = new();
        await using RunningCommand daemon = await StartAsync(folder);
        folder.Write("data/film.bin", new byte[40_000]);
        JsonElement seeded = (await RunAsync(folder, "create", folder["data/film.bin"], "--seed", "--private", "--json")).Json;
        Assert.Equal(JsonValueKind.Null, seeded.GetProperty("path").ValueKind);
        string hash = seeded.GetProperty("infoHash").GetString()!;
        await Patience.Until(() => CliRun.Of("list", "--json", "--state", folder["state"]).GetAwaiter().GetResult().JsonLines
            .SingleOrDefault() is { ValueKind: JsonValueKind.Object } item && item.GetProperty("hash").GetString() == hash
            && item.GetProperty("state").GetString() == "seeding");

        string url = daemon.Out[daemon.Out.IndexOf("http", StringComparison.Ordinal)..].TrimEnd();
        string[] named = ["--server", url[..url.IndexOf('#', StringComparison.Ordinal)], "--token", url[(url.IndexOf('=') + 1)..]];
        string file = folder["film.torrent"];
        CliRun written = await CliRun.Of(["create", "film.bin", "-o", file, "--private", "--json", .. named]);
        Assert.True(written.ExitCode == 0, written.Error);
        Assert.Equal(hash, HashOf(file));
        CliRun outside = await CliRun.Of(["create", "/etc/hostname", "-o", folder["no.torrent"], .. named]);
        Assert.Equal(1, outside.ExitCode);
        Assert.False(File.Exists(folder["no.torrent"]));
        Assert.Equal(2, (await CliRun.Of("create", folder["data/film.bin"], "--seed", "--no-date", "--state", folder["state"])).ExitCode);
    }

    [Fact]
    public async Task All_settings_of_a_daemons_torrent_can_be_set()
    {
        using TemporaryFolder folder = new();
        await using RunningCommand daemon = await StartAsync(folder);
        await AddAsync(folder, "--category", "films", "--sequential", "--first-last");
        JsonElement added = await SettingsAsync();
        Assert.True(added.GetProperty("sequential").GetBoolean() && added.GetProperty("firstAndLastFirst").GetBoolean());
        await RunAsync(folder, "set", "sample", "--first-last", "false", "--max-peer-download", "20kB/s", "--max-peer-upload", "10kB/s",
            "--use-trackers", "false", "--seed-time", "2h", "--seed-idle-time", "5m", "--seed-end", "remove-with-files",
            "--seed-choking", "round-robin");
        JsonElement set = await SettingsAsync();
        Assert.False(set.GetProperty("firstAndLastFirst").GetBoolean());
        Assert.False(set.GetProperty("useTrackers").GetBoolean());
        Assert.Equal((20_000, 10_000),
            (set.GetProperty("maxPeerDownloadRate").GetInt64(), set.GetProperty("maxPeerUploadRate").GetInt64()));
        Assert.Equal((7_200, 300), (set.GetProperty("seedTime").GetInt64(), set.GetProperty("seedIdleTime").GetInt64()));
        Assert.Equal(("remove-with-files", "round-robin"),
            (set.GetProperty("seedEnd").GetString(), set.GetProperty("seedChoking").GetString()));
        await RunAsync(folder, "set", "sample", "--usual-seed-limits");
        Assert.False((await SettingsAsync()).GetProperty("ownSeedLimits").GetBoolean());
        Assert.Equal(2, (await CliRun.Of(
            "set", "sample", "--usual-seed-limits", "--seed-time", "2h", "--state", folder["state"])).ExitCode);

        async Task<JsonElement> SettingsAsync() => (await RunAsync(folder, "show", "sample", "--json")).Json.GetProperty("settings");
    }

    [Fact]
    public async Task A_daemon_says_what_it_has_transferred()
    {
        using TemporaryFolder folder = new();
        await using RunningCommand daemon = await StartAsync(folder);
        Assert.Equal(0, (await RunAsync(folder, "statistics", "--json")).Json.GetProperty("downloaded").GetInt64());
        Assert.Matches("this run +0 B downloaded, 0 B uploaded", (await RunAsync(folder, "statistics")).Out);
        CliRun nowhere = await CliRun.Of("statistics", "--state", folder["none"]);
        Assert.Equal(1, nowhere.ExitCode);
    }

    private static string HashOf(string file)
    {
        Assert.True(MetainfoReader.TryRead(File.ReadAllBytes(file), out TorrentMetainfo? metainfo, out _));
        return metainfo.SwarmHash.ToString();
    }

    private static async Task<string> AddAsync(TemporaryFolder folder, params string[] more)
    {
        (byte[] torrent, _) = SampleTorrent.Create([("season/one.mkv", 20_000), ("season/two.mkv", 20_000), ("notes.txt", 100)]);
        string file = folder.Write("sample.torrent", torrent);
        return (await RunAsync(folder, ["add", file, "--stopped", "--json", .. more])).Json.GetProperty("hash").GetString()!;
    }

    private static async Task<CliRun> RunAsync(TemporaryFolder folder, params string[] args)
    {
        CliRun run = await CliRun.Of([.. args, "--state", folder["state"]]);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', args)}: {run.Error}");
        return run;
    }

    private static async Task<RunningCommand> StartAsync(TemporaryFolder folder)
    {
        RunningCommand daemon = new(
            "daemon", "--state", folder["state"], "--download-folder", folder["data"], "--listen", "127.0.0.1:0", "--port", "0",
            "--bind", "127.0.0.1", "--dht", "false", "--local-discovery", "false", "--port-mapping", "false");
        await daemon.WaitForAsync(running => running.Out.EndsWith('\n') ? running.Out : null);
        return daemon;
    }
}
