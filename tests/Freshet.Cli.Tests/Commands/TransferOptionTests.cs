using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Freshet.Cli.Tests.Commands;

/// <summary>
/// Each option of <c>download</c> and <c>seed</c> does what it says: these tests fail if it is only parsed, or not even that.
/// </summary>
public sealed class TransferOptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _torrent;
    private readonly Dictionary<string, byte[]> _files;

    public TransferOptionTests()
    {
        (byte[] torrent, _files) = SampleTorrent.Create([("data", 40 * SampleTorrent.PieceLength)]);
        _torrent = _folder.Write("x.torrent", torrent);
        foreach ((string file, byte[] bytes) in _files)
            _folder.Write("seed/" + file, bytes);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sequential_requests_pieces_in_order()
    {
        using RecordingPeer peer = new(_files["sample/data"]);
        CliRun run = await DownloadAsync("--peer", peer.EndPoint, "--sequential");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(Enumerable.Range(0, 40), peer.PiecesAskedFor.Distinct());
    }

    [Fact]
    public async Task Without_sequential_pieces_are_requested_in_no_order()
    {
        using RecordingPeer peer = new(_files["sample/data"]);
        CliRun run = await DownloadAsync("--peer", peer.EndPoint);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.NotEqual(Enumerable.Range(0, 40), peer.PiecesAskedFor.Distinct());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Peers_are_exchanged_unless_that_is_turned_off(bool isWanted)
    {
        using RecordingPeer peer = new(_files["sample/data"]);
        CliRun run = await DownloadAsync(["--peer", peer.EndPoint, .. isWanted ? [] : (string[])["--no-pex"]]);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("ut_metadata", peer.Extensions, StringComparison.Ordinal);
        Assert.Equal(isWanted, peer.Extensions.Contains("ut_pex", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--max-download", false)]
    [InlineData("--max-upload", true)]
    public async Task A_rate_limit_slows_a_transfer_down(string option, bool ofSeed)
    {
        string[] limit = [option, "128KiB/s"];
        await using RunningCommand seed = Seed(ofSeed ? limit : []);
        CliRun run = await DownloadAsync(["--peer", await EndPointAsync(seed), "--json", .. ofSeed ? [] : limit]);
        Assert.True(run.ExitCode == 0, run.Error);
        double[] parts = [.. run.JsonLines.Where(line => RunningCommand.Is(line, "progress"))
            .Select(line => line.GetProperty("done").GetDouble())];
        Assert.Contains(parts, part => part < 1);
        Assert.Equal(1, parts[^1]);
    }

    [Theory]
    [InlineData("download", "--ratio", "1", "ratio")]
    [InlineData("download", "--seed-time", "0s", "seed-time")]
    [InlineData("stream", "--ratio", "1", "ratio")]
    [InlineData("stream", "--seed-time", "0s", "seed-time")]
    public async Task A_seed_limit_ends_the_command_when_it_is_reached(string command, string option, string value, string limit)
    {
        await using RunningCommand seed = Seed();
        await using RunningCommand download = new(
            command, _torrent, "-o", _folder["out"], "--peer", await EndPointAsync(seed), option, value, "--port", "0", "--bind",
            "127.0.0.1", "--no-resume", "--json");
        await download.WaitForEventAsync("completed");
        if (limit == "ratio")
        {
            await download.WaitForEventAsync("seeding");
            await DownloadAsync("-o", _folder["third"], "--peer", await EndPointAsync(download));
        }

        JsonElement ended = (await download.WaitForEventAsync("seeding-ended"))[0];
        Assert.Equal(limit, ended.GetProperty("limit").GetString());
        CliRun run = await download.EndAsync();
        Assert.Equal(0, run.ExitCode);
    }

    [Fact]
    public async Task A_blocked_address_is_not_dialled_and_bad_lines_are_reported()
    {
        await using RunningCommand seed = Seed();
        string list = _folder.Write("list.txt", "127.0.0.0/8\nnonsense\n"u8.ToArray());
        await using RunningCommand download = new(
            "download", _torrent, "-o", _folder["out"], "--peer", await EndPointAsync(seed), "--blocklist", list, "--port", "0", "--bind",
            "127.0.0.1", "--no-resume", "--json");
        JsonElement warning = (await download.WaitForEventAsync("warning"))[0];
        Assert.Contains("line 2", warning.GetProperty("message").GetString());
        Assert.All(
            download.Events.Where(line => RunningCommand.Is(line, "progress")),
            line => Assert.Equal(0, line.GetProperty("downloaded").GetInt64()));
        CliRun missing = await DownloadAsync("--blocklist", _folder["nowhere"]);
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("nowhere cannot be read", missing.Error);
    }

    [Theory]
    [InlineData("seed", false)]
    [InlineData("seed", true)]
    [InlineData("stream", true)]
    public async Task A_super_seed_announces_few_pieces_at_a_time(string command, bool isSuper)
    {
        using RecordingPeer peer = new(_files["sample/data"], isSeed: false);
        await using RunningCommand seed = new(
            [command, _torrent, "-o", _folder["seed"], "--peer", peer.EndPoint, "--port", "0", "--bind", "127.0.0.1", "--no-resume",
                "--no-dht", "--no-lsd", "--json", .. isSuper ? ["--super-seed"] : Array.Empty<string>()]);
        await Patience.Until(() => peer.PiecesHeardOf > 0);
        Assert.InRange(peer.PiecesHeardOf, isSuper ? 1 : 40, isSuper ? 39 : 40);
    }

    [Fact]
    public async Task Priorities_decide_which_files_are_created_and_which_come_first()
    {
        int half = 20 * SampleTorrent.PieceLength;
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create([("b.a", half), ("y.a", half), ("x.a", half)]);
        string path = _folder.Write("y.torrent", torrent);
        using RecordingPeer peer = new([.. files.Values.SelectMany(bytes => bytes)]);
        CliRun run = await CliRun.Of(
            "download", path, "-o", _folder["out"], "--peer", peer.EndPoint, "--port", "0", "--bind", "127.0.0.1", "--no-resume",
            "--priority", "*.a=skip", "--priority", "sample/y.a=low", "--priority", "x.a=high");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(["x.a", "y.a"], Directory.EnumerateFiles(_folder["out/sample"]).Select(Path.GetFileName).Order());
        Assert.Equal(files["sample/x.a"], File.ReadAllBytes(_folder["out/sample/x.a"]));
        int[] asked = [.. peer.PiecesAskedFor.Distinct()];
        Assert.All(asked[..20], piece => Assert.InRange(piece, 40, 59));
        Assert.All(asked[20..], piece => Assert.InRange(piece, 20, 39));
    }

    [Theory]
    [InlineData("*.a")]
    [InlineData("*.a=highest")]
    [InlineData("=high")]
    public async Task An_unknown_priority_is_a_mistake(string rule)
    {
        CliRun run = await DownloadAsync("--priority", rule);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"not '{rule}'", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public async Task Incomplete_files_lie_in_their_own_folder_until_they_are_complete()
    {
        await using RunningCommand seed = Seed("--max-upload", "300kB/s");
        await using RunningCommand download = new(
            "download", _torrent, "-o", _folder["out"], "--incomplete", _folder["incomplete"], "--peer", await EndPointAsync(seed),
            "--port", "0", "--bind", "127.0.0.1", "--no-resume", "--json");
        await Patience.Until(() => File.Exists(_folder["incomplete/sample/data"]));
        Assert.False(File.Exists(_folder["out/sample/data"]));
        CliRun run = await download.EndAsync();
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(_files["sample/data"], File.ReadAllBytes(_folder["out/sample/data"]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder["incomplete"]));
    }

    [Fact]
    public async Task A_schedule_limits_the_hours_that_it_names()
    {
        await using RunningCommand seed = Seed("--schedule", "daily 00:00-24:00 up=128KiB/s");
        CliRun run = await DownloadAsync("--peer", await EndPointAsync(seed), "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains(
            run.JsonLines.Where(line => RunningCommand.Is(line, "progress")), line => line.GetProperty("done").GetDouble() < 1);
        CliRun wrong = await DownloadAsync("--schedule", "sometimes");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("'sometimes' is not a schedule", wrong.Error);
    }

    [Fact]
    public async Task Torrents_beyond_the_active_limit_take_turns()
    {
        (byte[] other, _) = SampleTorrent.Create([("other", 10 * SampleTorrent.PieceLength)]);
        string path = _folder.Write("y.torrent", other);
        await using RunningCommand download = new(
            "download", _torrent, path, "-o", _folder["out"], "--max-active", "1", "--port", "0", "--bind", "127.0.0.1", "--no-resume",
            "--json");
        JsonElement[] waiting = await download.WaitForAsync(command => command.Events
            .Where(line => RunningCommand.Is(line, "progress") && line.GetProperty("state").GetString() == "queued"
                && line.GetProperty("why").GetString()!.Contains("next", StringComparison.Ordinal))
            .ToArray() is { Length: > 0 } found ? found : null);
        Assert.Equal("Queued, and next: at most 1 may be active at once.", waiting[0].GetProperty("why").GetString());
    }

    [Fact]
    public async Task Seed_seeds_until_it_is_stopped()
    {
        await using RunningCommand first = Seed();
        await using RunningCommand second = new(
            "download", _torrent, "-o", _folder["out"], "--peer", await EndPointAsync(first), "--seed", "--port", "0", "--bind",
            "127.0.0.1", "--no-resume", "--json");
        await second.WaitForEventAsync("seeding");
        CliRun third = await DownloadAsync("-o", _folder["third"], "--peer", await EndPointAsync(second));
        Assert.True(third.ExitCode == 0, third.Error);
        Assert.Equal(0, (await second.StopAsync()).ExitCode);
    }

    [Fact]
    public async Task Bind_is_the_address_that_it_listens_on_and_dials_from()
    {
        Requires.That(OperatingSystem.IsLinux(), "Only Linux has the address 127.0.0.2.");
        using TcpListener peer = new(IPAddress.Loopback, 0);
        peer.Start();
        await using RunningCommand download = new(
            "download", _torrent, "-o", _folder["out"], "--bind", "127.0.0.2", "--port", "0", "--peer", peer.LocalEndpoint.ToString()!,
            "--no-resume", "--json");
        using TcpClient dialled = await peer.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        Assert.Equal(IPAddress.Parse("127.0.0.2"), ((IPEndPoint)dialled.Client.RemoteEndPoint!).Address);
        Assert.StartsWith("127.0.0.2:", await EndPointAsync(download), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_named_port_is_never_replaced_by_another()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        string port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        CliRun run = await CliRun.Of(
            "download", _torrent, "-o", _folder["out"], "--bind", "127.0.0.1", "--port", port, "--no-resume", "--json");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"Port {port} of 127.0.0.1 is taken", run.Error, StringComparison.Ordinal);
        Assert.Equal(["error", "finished"], run.JsonLines.Select(line => line.GetProperty("event").GetString()));
    }

    [Fact]
    public async Task An_address_that_is_not_ours_is_refused()
    {
        CliRun run = await CliRun.Of("download", _torrent, "-o", _folder["out"], "--bind", "192.0.2.1", "--port", "0", "--no-resume");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("192.0.2.1 is no address of this machine", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task State_is_kept_in_the_state_folder_and_not_at_all_without_resume()
    {
        await using RunningCommand seed = Seed("--state", _folder["none"]);
        string endPoint = await EndPointAsync(seed);
        string[] common = ["download", _torrent, "--peer", endPoint, "--bind", "127.0.0.1", "--port", "0", "-q"];
        Assert.Equal(0, (await CliRun.Of([.. common, "-o", _folder["one"], "--state", _folder["state"]])).ExitCode);
        Assert.Contains(Directory.GetFiles(_folder["state"]), path => path.EndsWith(".resume", StringComparison.Ordinal));
        Assert.Equal(0, (await CliRun.Of([.. common, "-o", _folder["two"], "--state", _folder["none"], "--no-resume"])).ExitCode);
        Assert.False(Directory.Exists(_folder["none"]));
    }

    [Fact]
    public async Task Quiet_prints_nothing()
    {
        await using RunningCommand seed = Seed();
        CliRun run = await DownloadAsync("--peer", await EndPointAsync(seed), "--quiet");
        Assert.Equal(new CliRun(0, "", ""), run);
    }

    [Fact]
    public async Task A_pipe_gets_a_line_for_each_event()
    {
        await using RunningCommand seed = Seed();
        CliRun run = await DownloadAsync("--peer", await EndPointAsync(seed));
        Assert.Matches(
            """
            ^Listening on 127\.0\.0\.1:\d+
            sample: 640 KiB, info-hash [0-9a-f]{40}
            (sample: \d+\.\d%, down .*\n)*sample: complete after [\d.]+s
            sample: complete, [\d.]+ KiB downloaded in [\d.]+s \(.*/s\), 40 pieces verified\.
            $
            """.TrimEnd('$'), run.Out);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Several_torrents_are_downloaded_together()
    {
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create([("other", 7 * SampleTorrent.PieceLength)]);
        string path = _folder.Write("y.torrent", torrent);
        (string name, byte[] bytes) = Assert.Single(files);
        _folder.Write("seed/" + name, bytes);
        await using RunningCommand first = Seed();
        await using RunningCommand second = new(
            "seed", path, "--data", _folder["seed"], "--port", "0", "--bind", "127.0.0.1", "--no-resume", "--json");
        CliRun run = await DownloadAsync(path, "--peer", await EndPointAsync(first), "--peer", await EndPointAsync(second), "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(2, run.JsonLines.Count(line => RunningCommand.Is(line, "completed")));
        Assert.Equal(_files["sample/data"], File.ReadAllBytes(_folder["out/sample/data"]));
        Assert.Equal(bytes, File.ReadAllBytes(_folder["out/" + name]));
    }

    [Fact]
    public async Task The_same_torrent_twice_is_downloaded_once()
    {
        await using RunningCommand seed = Seed();
        CliRun run = await DownloadAsync(_torrent, "--peer", await EndPointAsync(seed), "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Single(run.JsonLines, line => RunningCommand.Is(line, "added"));
        Assert.Single(run.JsonLines, line => RunningCommand.Is(line, "warning"));
    }

    [Fact]
    public async Task If_one_of_several_torrents_is_invalid_nothing_starts()
    {
        string bad = _folder.Write("bad.torrent", "<html>"u8.ToArray());
        CliRun run = await DownloadAsync(bad, "--json");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["error", "finished"], run.JsonLines.Select(line => line.GetProperty("event").GetString()));
        Assert.Contains(bad, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Theory]
    [InlineData("x.torrent", "is a file")]
    [InlineData("x.torrent/below", "cannot be created")]
    public async Task An_output_that_cannot_be_a_folder_is_an_error_at_once(string output, string words)
    {
        CliRun run = await DownloadAsync("-o", _folder[output]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pattern_that_no_file_matches_is_an_error()
    {
        CliRun run = await DownloadAsync("--files", "*.mkv");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("No file of sample matches *.mkv", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seed_that_was_stopped_says_what_it_did()
    {
        await using RunningCommand seed = new(
            "seed", _torrent, "--data", _folder["seed"], "--port", "0", "--bind", "127.0.0.1", "--no-resume");
        await seed.WaitForAsync(command => command.Out.Contains("sample: seeding", StringComparison.Ordinal) ? "" : null);
        CliRun run = await seed.StopAsync();
        Assert.EndsWith("sample: complete, 40 pieces verified, nothing to download, 0 B uploaded.\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_incomplete_seed_does_not_end_as_if_it_were_complete()
    {
        _folder.Write("seed/sample/data", new byte[40 * SampleTorrent.PieceLength]);
        CliRun run = await CliRun.Of("seed", _torrent, "--data", _folder["seed"], "--port", "0", "--bind", "127.0.0.1", "--no-resume");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("40 of 40 pieces are missing", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("verified", run.Out, StringComparison.Ordinal);
    }

    private static async Task<string> EndPointAsync(RunningCommand command)
    {
        JsonElement[] listening = await command.WaitForEventAsync("listening");
        return listening[0].GetProperty("endpoint").GetString()!;
    }

    private RunningCommand Seed(params string[] more) =>
        new(["seed", _torrent, "--data", _folder["seed"], "--port", "0", "--bind", "127.0.0.1", "--no-resume", "--json", .. more]);

    private Task<CliRun> DownloadAsync(params string[] more)
    {
        string[] output = more.Contains("-o") ? [] : ["-o", _folder["out"]];
        return CliRun.Of(["download", _torrent, .. output, "--port", "0", "--bind", "127.0.0.1", "--no-resume", .. more]);
    }
}
