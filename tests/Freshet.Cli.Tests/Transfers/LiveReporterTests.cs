using Freshet.Cli.Transfers;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Tests.Transfers;

public class LiveReporterTests
{
    private readonly CapturedStreams _streams = new() { OutIsTerminal = true, AllowsColor = true };

    [Fact]
    public async Task A_screen_is_redrawn_in_its_place_and_leaves_the_closing_line_alone()
    {
        await using LiveReporter reporter = new(_streams);
        TerminalModel terminal = new(_streams.Width);
        reporter.Progress([Status("film", 0.25)]);
        reporter.Progress([Status("film", 0.5)]);
        Show(terminal);
        Assert.Equal(3, terminal.Rows.Length);
        Assert.StartsWith("film", terminal.Rows[0], StringComparison.Ordinal);
        Assert.Matches(@"^━{10}·{10}  50\.0%  down 2 MiB/s, up 0 B/s, 5s left, 3 peers, 1 seed$", terminal.Rows[1]);
        Assert.Equal("  Downloading from 3 of 3 peers.", terminal.Rows[2]);

        reporter.Finished(0, "film: done.");
        await reporter.DisposeAsync();
        Show(terminal);
        Assert.Equal(["film: done."], terminal.Rows.Take(1));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(30)]
    [InlineData(12)]
    public async Task A_window_that_becomes_narrower_leaves_no_rests_behind(int narrow)
    {
        await using LiveReporter reporter = new(_streams);
        TerminalModel terminal = new(_streams.Width);
        reporter.Progress([Status("film", 0.25)]);
        Show(terminal);
        _streams.Width = terminal.Width = narrow;
        for (int i = 0; i < 3; i++)
        {
            reporter.Progress([Status("film", 0.5)]);
            Show(terminal);
            Assert.Equal(3, terminal.Rows.Length);
            Assert.All(terminal.Rows, row => Assert.True(row.Length < narrow, row));
        }
    }

    [Theory]
    [InlineData(40, "  25.0%  down 2 MiB/s, up 0 B/s, 5s le…")]
    [InlineData(20, "  25.0%  down 2 Mi…")]
    public async Task A_line_that_is_too_long_shows_what_there_is_room_for(int width, string expected)
    {
        _streams.Width = width;
        await using LiveReporter reporter = new(_streams);
        TerminalModel terminal = new(width);
        reporter.Progress([Status("film", 0.25)]);
        Show(terminal);
        Assert.Equal(expected, terminal.Rows[1]);
    }

    [Fact]
    public async Task Wide_characters_count_for_two()
    {
        _streams.Width = 12;
        await using LiveReporter reporter = new(_streams);
        TerminalModel terminal = new(12);
        reporter.Progress([Status("猫猫猫猫猫猫猫", 0.25)]);
        Show(terminal);
        Assert.Equal("猫猫猫猫猫…", terminal.Rows[0]);
    }

    [Fact]
    public async Task More_torrents_than_the_window_has_room_for_are_cut()
    {
        _streams.Height = 6;
        await using LiveReporter reporter = new(_streams);
        TerminalModel terminal = new(_streams.Width);
        for (int i = 0; i < 3; i++)
            reporter.Progress([Status("one", 0.25), Status("two", 0.5), Status("three", 0.1)]);
        Show(terminal);
        Assert.Equal(5, terminal.Rows.Length);
        Assert.Equal("…", terminal.Rows[^1]);
    }

    [Fact]
    public async Task What_happens_scrolls_away_above_the_screen()
    {
        await using LiveReporter reporter = new(_streams);
        TerminalModel terminal = new(_streams.Width);
        reporter.Progress([Status("film", 0.25)]);
        reporter.Warning("the tracker is down", null);
        reporter.Paused(Status("film", 0.25), "the disk is full");
        reporter.Progress([Status("film", 0.25)]);
        Show(terminal);
        Assert.Equal(["freshet: warning: the tracker is down", "film: paused: the disk is full"], terminal.Rows.Take(2));
        Assert.Equal(5, terminal.Rows.Length);
    }

    [Fact]
    public async Task Controls_in_a_name_do_not_reach_the_terminal()
    {
        await using LiveReporter reporter = new(_streams);
        reporter.Progress([Status("fi\e[2Jlm", 0.25)]);
        Assert.DoesNotContain("\e[2J", _streams.OutText, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Colours_are_left_out_where_they_are_not_wanted(bool allowsColor)
    {
        CapturedStreams streams = new() { OutIsTerminal = true, AllowsColor = allowsColor };
        await using LiveReporter reporter = new(streams);
        reporter.Progress([Status("film", 0.25)]);
        Assert.Equal(allowsColor, System.Text.RegularExpressions.Regex.IsMatch(streams.OutText, @"\e\[[\d;]*(3\d|9\d|38;5;\d+)m"));
    }

    private void Show(TerminalModel terminal)
    {
        string text = _streams.OutText;
        terminal.Write(text[_shown..]);
        _shown = text.Length;
    }

    private int _shown;

    private static TorrentStatus Status(string name, double progress) => new()
    {
        InfoHash = InfoHash.TryParseHex(new string('a', 40), out InfoHash hash) ? hash : default,
        Name = name,
        State = TorrentState.Downloading,
        Why = "Downloading from 3 of 3 peers.",
        Progress = progress,
        PiecesHave = 1,
        PieceCount = 10,
        Left = ByteSize.FromMiB(10),
        Downloaded = ByteSize.FromMiB(1),
        Uploaded = default,
        Wasted = default,
        DownloadRate = new DataRate(2 * 1024 * 1024),
        UploadRate = default,
        Peers = 3,
        Seeds = 1,
        KnownPeers = 3,
        Eta = TimeSpan.FromSeconds(5),
    };
}
