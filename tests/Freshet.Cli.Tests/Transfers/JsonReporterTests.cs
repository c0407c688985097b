using Freshet.Cli.Transfers;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Tests.Transfers;

public class JsonReporterTests
{
    private readonly CapturedStreams _streams = new();

    [Fact]
    public async Task Two_hundred_torrents_print_two_lines_each_when_they_complete()
    {
        await using JsonReporter reporter = new(_streams, TimeProvider.System);
        TorrentStatus[] done = [.. Enumerable.Range(0, 200).Select(i => TorrentStatuses.Still($"torrent {i}", TorrentState.Seeding))];
        foreach (TorrentStatus status in done)
            reporter.Completed(status, TimeSpan.FromSeconds(1));
        for (int second = 0; second < 5; second++)
            reporter.Progress(done);
        Assert.Equal(2 * done.Length, _streams.OutText.Count(character => character == '\n'));
    }

    [Fact]
    public async Task A_torrent_has_a_line_when_something_about_it_changes()
    {
        await using JsonReporter reporter = new(_streams, TimeProvider.System);
        TorrentStatus status = TorrentStatuses.Of("film");
        reporter.Progress([status, TorrentStatuses.Of("still")]);
        reporter.Progress([status with { Peers = 4 }, TorrentStatuses.Of("still")]);
        Assert.Equal(3, _streams.OutText.Count(character => character == '\n'));
        Assert.Contains("\"peers\":4", _streams.OutText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Passkeys_are_not_printed()
    {
        await using JsonReporter reporter = new(_streams, TimeProvider.System);
        reporter.Warning("http://t.example/0123456789abcdef0123/announce: refused", null);
        reporter.Error("http://t.example/0123456789abcdef0123/announce: refused", null, TorrentReason.None);
        Assert.DoesNotContain("0123456789abcdef0123", _streams.OutText + _streams.ErrorText, StringComparison.Ordinal);
    }
}
