using Freshet.Cli.Transfers;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Tests.Transfers;

public class LiveReporterTests
{
    private readonly CapturedStreams _streams = new() { OutIsTerminal = true, AllowsColor = true };

    [Fact]
    public async Task A_screen_is_redrawn_in_place_and_leaves_the_closing_line_alone()
    {
        await using LiveReporter reporter = new(_streams);
        TerminalModel terminal = new(_streams.Width);
        reporter.Progress([Status("film", 0.25)]);
        reporter.Progress([Status("film", 0.5)]);
        Show(terminal);
        Assert.Equal(3, terminal.Rows.Length);
        Assert.StartsWith("film", terminal.Rows[0], StringComparison.Ordinal);
        Assert.Equal("film  10 MiB missing, 3 peers, 1 seed", terminal.Rows[0]);
        Assert.Matches(@"^━{23}·{23}  50\.0%  down 2 MiB/s     5s left       up 0 B/s$", terminal.Rows[1]);
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
    public async Task A_window_that_becomes_narrower_leaves_nothing_behind(int narrow)
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
    [InlineData(120, "━━━━━━━━━━━━━━━·············································  25.0%  down 2 MiB/s     5s left       up 0 B/s")]
    [InlineData(80, "━━━━━━····················  25.0%  down 2 MiB/s     5s left       up 0 B/s")]
    [InlineData(60, "━·····  25.0%  down 2 MiB/s     5s left       up 0 B/s")]
    [InlineData(40, "  25.0%  down 2 MiB/s     5s left")]
    [InlineData(20, "  25.0%  down 2 Mi…")]
    public async Task A_narrow_window_shows_what_matters_most(int width, string expected)
    {
        _streams.Width = width;
        await using LiveReporter reporter = new(_streams);
        TerminalModel terminal = new(width);
        reporter.Progress([Status("film", 0.25)]);
        Show(terminal);
        Assert.Equal(expected, terminal.Rows[1]);
    }

    [Fact]
    public async Task Wide_characters_take_two_columns()
    {
        _streams.Width = 12;
        await using LiveReporter reporter = new(_streams);
        TerminalModel terminal = new(12);
        reporter.Progress([Status("猫猫猫猫猫猫猫", 0.25)]);
        Show(terminal);
        Assert.Equal("猫猫猫猫猫…", terminal.Rows[0]);
    }

    [Fact]
    public async Task Several_torrents_have_three_lines_each_and_a_totals_line()
    {
        await using LiveReporter reporter = new(_streams);
        TerminalModel terminal = new(_streams.Width);
        reporter.Progress([Status("one", 0.25), Status("two", 0.5), TorrentStatuses.Still("done", TorrentState.Seeding)]);
        Show(terminal);
        Assert.Equal(7, terminal.Rows.Length);
        Assert.Equal("3 torrents: down 4 MiB/s, up 0 B/s, 30 MiB missing; 2 downloading, 1 complete", terminal.Rows[^1]);
    }

    [Theory]
    [InlineData(120, "200 torrents: down 396 MiB/s, up 0 B/s, 1.95 GiB missing; 1 failed, 1 waiting for the disk, 198 downloading")]
    [InlineData(80, "200 torrents: down 396 MiB/s; 1 failed, 1 waiting for the disk, 198 downloading")]
    [InlineData(60, "200 torrents: down 396 MiB/s; 1 failed")]
    [InlineData(40, "200 torrents: down 396 MiB/s; 1 failed")]
    [InlineData(20, "200 torrents")]
    public async Task The_totals_of_many_torrents_fit(int width, string expected)
    {
        _streams.Width = width;
        await using LiveReporter reporter = new(_streams);
        TerminalModel terminal = new(width);
        reporter.Progress(
        [
            .. Enumerable.Range(0, 198).Select(number => Status($"torrent {number}", 0.1)),
            TorrentStatuses.Still("full", TorrentState.WaitingForDisk, "the disk is full"),
            TorrentStatuses.Still("broken", TorrentState.Failed, "gone"),
        ]);
        Show(terminal);
        Assert.Equal(expected, terminal.Rows[^1]);
    }

    [Theory]
    [InlineData(120, "a film with a very long name, much longer than a window is wide  10 MiB missing, 3 peers, 1 seed")]
    [InlineData(80, "a film with a very long name, much longer tha…  10 MiB missing, 3 peers, 1 seed")]
    [InlineData(60, "a film with a very long n…  10 MiB missing, 3 peers, 1 seed")]
    [InlineData(40, "a film with a very lon…  10 MiB missing")]
    public async Task A_long_name_leaves_room_for_what_is_missing(int width, string expected)
    {
        _streams.Width = width;
        await using LiveReporter reporter = new(_streams);
        TerminalModel terminal = new(width);
        reporter.Progress([Status("a film with a very long name, much longer than a window is wide", 0.1)]);
        Show(terminal);
        Assert.Equal(expected, terminal.Rows[0]);
    }

    [Fact]
    public async Task A_torrent_that_waits_for_its_disk_is_not_shown_as_complete()
    {
        await using LiveReporter reporter = new(_streams);
        TerminalModel terminal = new(_streams.Width);
        reporter.Progress([TorrentStatuses.Of("film", 1, TorrentState.WaitingForDisk) with { Reason = "a file is gone" }]);
        Show(terminal);
        Assert.Contains(" 99.9%", terminal.Rows[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_torrents_have_one_line_each_in_columns()
    {
        _streams.Height = 9;
        await using LiveReporter reporter = new(_streams);
        TerminalModel terminal = new(_streams.Width);
        reporter.Progress(
        [
            Status("one", 0.25), Status("a longer name", 1), Status("猫猫", 0.5) with { Peers = 1200, Eta = TimeSpan.FromMinutes(61) },
            TorrentStatuses.Still("full", TorrentState.WaitingForDisk, "the disk is full"),
        ]);
        Show(terminal);
        Assert.Equal(
            [
                "                 done        down      left          up  peers",
                "one             25.0%     2 MiB/s        5s       0 B/s      3",
                "a longer name  100.0%     2 MiB/s        5s       0 B/s      3",
                "猫猫            50.0%     2 MiB/s    1h 01m       0 B/s  1,200",
                "full            50.0%  waiting for the disk: the disk is full",
                "4 torrents: down 6 MiB/s, up 0 B/s, 40 MiB missing; 1 waiting for the disk, 3 downloading",
            ],
            terminal.Rows);
    }

    [Fact]
    public async Task What_matters_most_is_shown_if_there_is_no_room_for_all()
    {
        _streams.Height = 8;
        await using LiveReporter reporter = new(_streams);
        TerminalModel terminal = new(_streams.Width);
        TorrentStatus[] idle = [.. Enumerable.Range(0, 100).Select(i => TorrentStatuses.Still($"idle {i}", TorrentState.Downloading))];
        reporter.Progress(
            [.. idle, Status("slow", 0.1), Status("fast", 0.1) with { DownloadRate = new(100_000_000) },
            TorrentStatuses.Still("full", TorrentState.WaitingForDisk, "the disk is full"),
            TorrentStatuses.Still("broken", TorrentState.Failed, "gone")]);
        Show(terminal);
        Assert.Equal(["broken", "full", "fast", "slow"], terminal.Rows[1..5].Select(row => row.Split(' ')[0]));
        Assert.Equal("and 100 more: 100 downloading", terminal.Rows[5]);
        Assert.Equal(7, terminal.Rows.Length);
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(40, 24)]
    [InlineData(20, 5)]
    [InlineData(10, 3)]
    [InlineData(4, 2)]
    [InlineData(2, 1)]
    public async Task Two_hundred_torrents_fit_into_any_window(int width, int height)
    {
        _streams.Width = width;
        _streams.Height = height;
        await using LiveReporter reporter = new(_streams);
        TerminalModel terminal = new(Math.Max(2, width));
        for (int i = 0; i < 3; i++)
            reporter.Progress([.. Enumerable.Range(0, 200).Select(number => Status($"torrent {number}", 0.1))]);
        Show(terminal);
        Assert.InRange(terminal.Rows.Length, 1, Math.Max(1, height - 1));
        Assert.All(terminal.Rows, row => Assert.InRange(row.Length, 0, Math.Max(2, width - 1)));
    }

    [Fact]
    public async Task Ctrl_Z_leaves_the_terminal_to_the_shell_and_fg_redraws()
    {
        await using LiveReporter reporter = new(_streams);
        reporter.Progress([Status("film", 0.25)]);
        (Action leave, Action resume) = _streams.Job!.Value;
        leave();
        string left = _streams.OutText;
        Assert.EndsWith("\e[J\e[?25h", left, StringComparison.Ordinal);
        reporter.Progress([Status("film", 0.5)]);
        Assert.Equal(left, _streams.OutText);

        TerminalModel terminal = new(_streams.Width);
        terminal.Write("$ fg\n");
        resume();
        terminal.Write(_streams.OutText[left.Length..]);
        Assert.Equal("$ fg", terminal.Rows[0]);
        Assert.StartsWith("film", terminal.Rows[1], StringComparison.Ordinal);
        Assert.Equal(4, terminal.Rows.Length);
    }

    [Fact]
    public async Task Events_scroll_away_above_the_screen()
    {
        await using LiveReporter reporter = new(_streams);
        TerminalModel terminal = new(_streams.Width);
        reporter.Progress([Status("film", 0.25)]);
        reporter.Warning("the tracker is down", null);
        reporter.WaitingForDisk(Status("film", 0.25), TorrentReason.DiskFull, "the disk is full");
        reporter.Progress([Status("film", 0.25)]);
        Show(terminal);
        Assert.Equal(["freshet: warning: the tracker is down", "film: waiting for the disk: the disk is full"], terminal.Rows.Take(2));
        Assert.Equal(5, terminal.Rows.Length);
    }

    [Fact]
    public async Task Controls_in_a_name_do_not_reach_the_terminal()
    {
        await using LiveReporter reporter = new(_streams);
        reporter.Progress([Status("fi\e[2Jlm", 0.25)]);
        Assert.DoesNotContain("\e[2J", _streams.OutText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markup_in_a_failure_is_shown_as_text()
    {
        const string Failure = "[red]x[/] <script>alert(1)</script> {0} %s";
        await using LiveReporter reporter = new(_streams);
        TerminalModel terminal = new(_streams.Width);
        reporter.Warning($"the tracker says: {Failure}", null);
        reporter.Error(Failure, null, TorrentReason.DiskFull);
        reporter.Progress([TorrentStatuses.Still("[b]film[/]", TorrentState.Failed, Failure + "\e]0;title\a\e[2J\u202e\n")]);
        Show(terminal);
        Assert.Equal($"freshet: warning: the tracker says: {Failure}", terminal.Rows[0]);
        Assert.Equal($"freshet: {Failure}", terminal.Rows[1]);
        Assert.StartsWith("[b]film[/]", terminal.Rows[2], StringComparison.Ordinal);
        Assert.StartsWith("  " + Failure, terminal.Rows[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("\e]0;", _streams.OutText, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[2J", _streams.OutText, StringComparison.Ordinal);
        Assert.DoesNotContain("\u202e", _streams.OutText, StringComparison.Ordinal);
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

    private static TorrentStatus Status(string name, double progress) => TorrentStatuses.Of(name, progress);
}
