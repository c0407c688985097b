namespace Freshet.Cli.Tests;

public class FreshetAppTests
{
    [Fact]
    public async Task Version_is_the_name_and_a_number()
    {
        CliRun run = await CliRun.Of("--version");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^freshet \d+\.\d+\.\d+\n$", run.Out);
    }

    [Fact]
    public async Task Help_names_every_command()
    {
        CliRun run = await CliRun.Of("--help");
        Assert.Equal(0, run.ExitCode);
        foreach (string command in AllCommands)
            Assert.Contains($"  {command} ", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no such command", "frobnicate")]
    [InlineData("no command")]
    [InlineData("no such option", "info", "x.torrent", "--frobnicate")]
    [InlineData("a missing argument", "verify")]
    [InlineData("a bad rate", "download", "x.torrent", "--max-download", "fast")]
    [InlineData("a rate of nothing", "download", "x.torrent", "--max-download", "0")]
    [InlineData("a bad peer", "download", "x.torrent", "--peer", "::1:6881")]
    [InlineData("a bad port", "download", "x.torrent", "--port", "65536")]
    [InlineData("a bad address", "download", "x.torrent", "--bind", "/home")]
    [InlineData("a bad policy", "download", "x.torrent", "--encryption", "yes")]
    [InlineData("a bad transport", "download", "x.torrent", "--utp", "fast")]
    [InlineData("a bad piece size", "create", "x", "-o", "y", "--piece-size", "100kB")]
    [InlineData("a bad piece", "piece", "x.torrent", "-1", "-o", "y")]
    [InlineData("a bad shell", "completion", "tcsh")]
    public async Task Wrong_usage_ends_with_2_and_points_to_help(string why, params string[] args)
    {
        CliRun run = await CliRun.Of(args);
        Assert.True(run.ExitCode == 2, why);
        Assert.Empty(run.Out);
        Assert.StartsWith("freshet: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("--help'", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistyped_command_is_answered_with_the_nearest_one()
    {
        CliRun run = await CliRun.Of("donwload", "x.torrent");
        Assert.Contains("Did you mean 'download'?", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_magnet_link_is_refused_in_words_where_the_torrent_file_is_needed()
    {
        CliRun run = await CliRun.Of("verify", "magnet:?xt=urn:btih:" + new string('a', 40));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("this command needs the .torrent file", run.Error, StringComparison.Ordinal);
        Assert.Contains("info LINK --save FILE", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_that_nobody_reads_any_more_ends_the_command_quietly()
    {
        CliRun run = await CliRun.Of(new CapturedStreams { LinesUntilClosed = 0 }, "completion", "bash");
        Assert.Equal(130, run.ExitCode);
        Assert.Empty(run.Error);
    }

    [Theory]
    [InlineData("A command is missing.")]
    [InlineData("TORRENT is missing.", "download")]
    [InlineData("INDEX is missing.", "piece", "x.torrent", "-o", "y")]
    [InlineData("--output needs a value.", "download", "x.torrent", "-o")]
    [InlineData("--output is given an empty value.", "download", "x.torrent", "-o", "")]
    [InlineData("PATH is empty.", "create", "")]
    [InlineData("--tracker is given an empty value.", "create", "x", "--tracker", "")]
    [InlineData("'foo' is not a URL", "peers", "x.torrent", "--tracker", "foo")]
    [InlineData("--proxy: the URL of a proxy is socks5://", "download", "x.torrent", "--proxy", "127.0.0.1:1080")]
    [InlineData("--proxy-for is some of peers", "download", "x.torrent", "--proxy", "http://127.0.0.1:1", "--proxy-for", "peers,mail")]
    [InlineData("--proxy-for says what a proxy is used for", "download", "x.torrent", "--proxy-for", "peers")]
    public async Task Wrong_usage_is_reported_in_plain_words(string words, params string[] args)
    {
        CliRun run = await CliRun.Of(args);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("freshet: " + words, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_that_cannot_be_written_is_an_error_with_words()
    {
        CliRun run = await CliRun.Of(new CapturedStreams { OutputFailure = new IOException("No space left on device") }, "--version");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("freshet: standard output cannot be written: No space left on device.\n", run.Error);
    }

    private static string[] AllCommands =>
        [
            "download", "seed", "list", "forget", "create", "info", "verify", "decode", "peers", "scrape", "handshake", "piece", "tracker",
            "demo",
            "completion",
        ];
}
