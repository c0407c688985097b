namespace Freshet.Cli.Tests.Logging;

public sealed class LogOptionTests : IDisposable
{
    private const string Passkey = "0123456789abcdef0123456789abcdef";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Log_appends_each_event_as_a_line_without_passkeys()
    {
        string log = _folder.Write("log", "before\n"u8.ToArray());
        CliRun run = await RefusedAsync("--log", log);
        string[] lines = File.ReadAllLines(log);
        Assert.Equal("before", lines[0]);
        Assert.All(
            lines.Skip(1),
            line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (debug  |info   |warning) [A-Z]\w+ "".*""( \w+=.+)*$", line));
        Assert.Contains(lines, line => line.Contains(" AnnounceFailed ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(" Torrent=sample", StringComparison.Ordinal));
        Assert.DoesNotContain(Passkey, string.Concat(lines) + run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verbose_logs_on_the_error_stream()
    {
        CliRun quiet = await RefusedAsync("-q");
        CliRun verbose = await RefusedAsync("-q", "-v");
        Assert.DoesNotContain("info    StateChanged", quiet.Error, StringComparison.Ordinal);
        Assert.Contains("info    StateChanged", verbose.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(" debug ", verbose.Error, StringComparison.Ordinal);
        Assert.Empty(verbose.Out);
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_is_an_error()
    {
        string torrent = _folder.Write("x.torrent", SampleTorrent.Create([("a", 5)]).Torrent);
        CliRun run = await CliRun.Of("download", torrent, "--log", _folder.Path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("The log", run.Error, StringComparison.Ordinal);
        Assert.Contains("--log", run.Error, StringComparison.Ordinal);
    }

    /// <summary>A download whose tracker, with a passkey in its URL, refuses it; it is stopped when that is known.</summary>
    private async Task<CliRun> RefusedAsync(params string[] options)
    {
        using OneAnswer tracker = new(200, "d14:failure reason4:nopee"u8.ToArray());
        string url = tracker.Url.Replace("x.torrent", $"{Passkey}/announce", StringComparison.Ordinal);
        byte[] torrent = SampleTorrent.Create([("a", 50_000)], builder => builder with { Trackers = SampleTorrent.Tiers([url]) }).Torrent;
        string path = _folder.Write("x.torrent", torrent);
        await using RunningCommand download = new(
            ["download", path, "-o", _folder["out"], "--port", "0", "--bind", "127.0.0.1", "--no-resume", .. options]);
        await download.WaitForAsync(command => command.Error.Contains("nope", StringComparison.Ordinal) ? "" : null);
        return await download.StopAsync();
    }
}
