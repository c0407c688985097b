using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Freshet.Cli.Tests.Transfers;

/// <summary>How runs of several torrents proceed and end, with trouble and interruptions.</summary>
public sealed class RunTests : IDisposable
{
    private const int Length = 4 * SampleTorrent.PieceLength;
    private static readonly string[] Local = ["--port", "0", "--bind", "127.0.0.1", "--no-resume", "--json"];
    private readonly TemporaryFolder _folder = new();
    private readonly string _first;
    private readonly string _second;

    public RunTests()
    {
        _first = Make("first");
        _second = Make("second");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Several_torrents_are_seeded_together_and_a_stop_is_success()
    {
        await using RunningCommand seed = new(["seed", _first, _second, "-o", _folder["data"], .. Local]);
        await seed.WaitForAsync(command => command.Events.Count(line => RunningCommand.Is(line, "seeding")) == 2 ? "" : null);
        CliRun run = await seed.StopAsync();
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(0, run.JsonLines[^1].GetProperty("exitCode").GetInt32());
        Assert.Equal(2, run.JsonLines.Count(line => RunningCommand.Is(line, "added")));
    }

    [Fact]
    public async Task A_seed_that_is_incomplete_does_not_keep_the_others_from_seeding()
    {
        _folder.Write("data/sample/first", new byte[Length]);
        await using RunningCommand seed = new(["seed", _first, _second, "-o", _folder["data"], .. Local]);
        await seed.WaitForEventAsync("seeding");
        JsonElement[] errors = await seed.WaitForEventAsync("error");
        Assert.Contains("4 of 4 pieces are missing", errors[0].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, (await seed.StopAsync()).ExitCode);
    }

    [Fact]
    public async Task The_old_name_of_the_output_folder_still_works()
    {
        await using RunningCommand seed = new(["seed", _first, "--data", _folder["data"], .. Local]);
        await seed.WaitForEventAsync("seeding");
    }

    [Theory]
    [InlineData(130)]
    [InlineData(143)]
    public async Task An_incomplete_download_that_is_interrupted_ends_with_the_signals_code(int code)
    {
        CapturedStreams streams = new() { InterruptedExitCode = code };
        await using RunningCommand download = new(streams, ["download", _first, "-o", _folder["out"], .. Local]);
        await download.WaitForEventAsync("progress");
        CliRun run = await download.StopAsync();
        Assert.Equal(code, run.ExitCode);
        Assert.Equal(code, run.JsonLines[^1].GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_ends_a_download_with_an_error()
    {
        Requires.That(OperatingSystem.IsLinux(), "Only Linux has /sys, where not even root can write.");
        CliRun run = await CliRun.Of(["download", _first, "-o", "/sys", .. Local]);
        Assert.Equal(1, run.ExitCode);
        JsonElement error = run.JsonLines.Single(line => RunningCommand.Is(line, "error"));
        Assert.Contains(error.GetProperty("reason").GetString(), new[] { "permission-denied", "read-only" });
        Assert.Contains("/sys", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_option_it_waits_for_the_folder()
    {
        Requires.That(OperatingSystem.IsLinux(), "Only Linux has /sys, where not even root can write.");
        await using RunningCommand seed = new(["seed", _first, "-o", _folder["data"], .. Local]);
        string peer = await EndPointAsync(seed);
        await using RunningCommand download = new(["download", _first, "-o", "/sys", "--peer", peer, "--disk-errors", "wait", .. Local]);
        JsonElement[] waiting = await download.WaitForEventAsync("waiting-for-disk");
        Assert.Contains(waiting[0].GetProperty("reason").GetString(), new[] { "permission-denied", "read-only" });
        Assert.Equal(130, (await download.StopAsync()).ExitCode);
    }

    [Fact]
    public async Task A_disk_that_recovers_is_reported_as_resumed()
    {
        await using RunningCommand download = new(["download", _first, "-o", _folder["out"], "--disk-errors", "wait", .. Local]);
        await download.WaitForEventAsync("progress");

        // There is a file where a folder must be: nothing can be created below it until it is gone.
        string blocker = _folder.Write("out/sample", []);
        await using RunningCommand seed = new(
            ["seed", _first, "-o", _folder["data"], "--peer", await EndPointAsync(download), .. Local]);
        JsonElement[] waiting = await download.WaitForEventAsync("waiting-for-disk");
        Assert.Equal("not-a-file", waiting[0].GetProperty("reason").GetString());
        File.Delete(blocker);
        JsonElement[] resumed = await download.WaitForEventAsync("resumed");
        Assert.Equal("downloading", resumed[0].GetProperty("state").GetString());
    }

    [Fact]
    public async Task With_the_option_a_failing_disk_ends_the_run()
    {
        Requires.That(OperatingSystem.IsLinux(), "Only Linux has /sys, where not even root can write.");
        await using RunningCommand seed = new(["seed", _first, "-o", _folder["data"], .. Local]);
        string peer = await EndPointAsync(seed);
        CliRun run = await CliRun.Of(["download", _first, "-o", "/sys", "--peer", peer, "--disk-errors", "fail", .. Local]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(
            run.JsonLines.Single(line => RunningCommand.Is(line, "error")).GetProperty("reason").GetString(),
            new[] { "permission-denied", "read-only" });
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("wait")]
    public async Task Something_else_in_place_of_a_file_ends_a_download_that_is_not_yet_connected(string rule)
    {
        Directory.CreateDirectory(_folder["out/sample/first"]);
        CliRun run = await CliRun.Of(["download", _first, "-o", _folder["out"], "--disk-errors", rule, .. Local]);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("not-a-file", run.JsonLines.Single(line => RunningCommand.Is(line, "error")).GetProperty("reason").GetString());
        Assert.Contains(_folder["out/sample/first"] + " is a folder", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("recorded", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_passkey_is_not_shown_when_its_tracker_fails(bool asJson)
    {
        const string Passkey = "0123456789abcdef0123456789abcdef";
        using OneAnswer tracker = new(404, []);
        string url = tracker.AnnounceUrl.Replace("/announce", $"/{Passkey}/announce", StringComparison.Ordinal);
        string torrent = _folder.Write(
            "private.torrent",
            SampleTorrent.Create([("a", 10)], builder => builder with { Trackers = SampleTorrent.Tiers([url]) }).Torrent);
        await using RunningCommand download = new(
            ["download", torrent, "-o", _folder["out"], "-v", .. asJson ? Local : Local.Except(["--json"])]);
        await download.WaitForAsync(
            command => command.Out.Contains("No peers: the tracker", StringComparison.Ordinal) && command.Error.Length > 0 ? "" : null);
        CliRun run = await download.StopAsync();
        Assert.Contains(Passkey, tracker.Request, StringComparison.Ordinal);
        Assert.DoesNotContain(Passkey, run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_port_that_is_really_used_is_shown_if_the_usual_one_is_taken()
    {
        Requires.That(OperatingSystem.IsLinux(), "Only Linux has all addresses of 127.0.0.0/8.");
        IPAddress address = IPAddress.Parse("127.0.55.2");
        using TcpListener taken = new(address, 6881);
        taken.Start();
        await using RunningCommand seed = new("seed", _first, "-o", _folder["data"], "--bind", address.ToString(), "--no-resume", "--json");
        JsonElement listening = (await seed.WaitForEventAsync("listening"))[0];
        Assert.Equal(6881, listening.GetProperty("takenPort").GetInt32());
        int port = listening.GetProperty("port").GetInt32();
        Assert.NotEqual(6881, port);
        using TcpClient client = new();
        await client.ConnectAsync(address, port, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Recheck_finds_what_was_changed_behind_the_record()
    {
        string[] run = ["seed", _first, "-o", _folder["data"], "--port", "0", "--bind", "127.0.0.1", "--state", _folder["state"], "--json"];
        await using (RunningCommand seed = new(run))
        {
            await seed.WaitForEventAsync("seeding");
            await seed.StopAsync();
        }

        string path = _folder["data/sample/first"];
        DateTime time = File.GetLastWriteTimeUtc(path);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[0] ^= 1;
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, time);
        CliRun recheck = await CliRun.Of([.. run, "--recheck"]);
        Assert.Equal(1, recheck.ExitCode);
        Assert.Contains("1 of 4 pieces are missing", recheck.Error, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(_folder["state"], "*", SearchOption.AllDirectories));
    }

    private static async Task<string> EndPointAsync(RunningCommand seed) =>
        (await seed.WaitForEventAsync("listening"))[0].GetProperty("endpoint").GetString()!;

    private string Make(string name)
    {
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create([(name, Length)]);
        foreach ((string file, byte[] bytes) in files)
            _folder.Write("data/" + file, bytes);
        return _folder.Write(name + ".torrent", torrent);
    }
}
