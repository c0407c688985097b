using Freshet.Api;
using Freshet.Daemon.Feeds;
using Freshet.Daemon.Logging;

namespace Freshet.Daemon.Tests.Logging;

public class LogBookTests
{
    private readonly LogBook _log = new(new EventJournal(), TimeProvider.System);

    [Fact]
    public void Entries_about_connections_push_out_no_others_however_many_they_are()
    {
        _log.Add(LogLevelCode.Info, "torrent-added", "Added");
        _log.Add(LogLevelCode.Warning, "login-failed", "Wrong");
        _log.Add(LogLevelCode.Error, "warning", "Broken");
        for (int i = 0; i < 2 * Bounds.MaxLogEntries; i++)
            _log.Add(LogLevelCode.Debug, "announced", $"{i}");
        Assert.Equal(["Added", "Wrong", "Broken"], Messages(_log.Read(null, null, 10, LogLevelCode.Info, null)));
        LogPage all = _log.Read(0, null, 3 * Bounds.MaxLogEntries, LogLevelCode.Debug, null);
        Assert.Equal(Bounds.MaxLogEntries + 3, all.Entries.Count);
        Assert.Equal($"{Bounds.MaxLogEntries}", all.Entries[3].Message);
    }

    [Fact]
    public void Entries_of_all_levels_come_in_the_order_in_which_they_were_added()
    {
        LogLevelCode[] levels = Enum.GetValues<LogLevelCode>();
        for (int i = 0; i < 100; i++)
            _log.Add(levels[i % 7 % levels.Length], "warning", $"{i}");
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), Messages(_log.Read(null, null, 1_000, LogLevelCode.Debug, null)));
        Assert.Equal(["98", "99"], Messages(_log.Read(null, null, 2, LogLevelCode.Debug, null)));
        LogPage page = _log.Read(10, null, 3, LogLevelCode.Debug, null);
        Assert.Equal(["10", "11", "12"], Messages(page));
        Assert.Equal(13, page.Next);
        Assert.Equal(100, _log.Read(99, null, 3, LogLevelCode.Debug, null).Next);
    }

    [Fact]
    public void All_that_is_kept_can_be_read_page_by_page_from_the_newest_on()
    {
        for (int i = 0; i < Bounds.MaxLogEntries + 700; i++)
            _log.Add(i % 2 == 0 ? LogLevelCode.Info : LogLevelCode.Warning, "warning", $"{i}", hash: i % 3 == 0 ? "a" : null);
        List<string> read = [];
        long? before = null;
        LogPage page;
        while ((page = _log.Read(null, before, 500, LogLevelCode.Info, "a")).Entries.Count > 0)
        {
            read.InsertRange(0, Messages(page));
            before = page.Entries[0].Id;
        }

        Assert.Equal(
            Enumerable.Range(0, Bounds.MaxLogEntries + 700).Where(i => i % 3 == 0).Select(i => $"{i}"), read);
        Assert.Equal(["4", "5"], Messages(_log.Read(4, 7, 10, LogLevelCode.Info, null)));
    }

    private static IEnumerable<string> Messages(LogPage page) => page.Entries.Select(entry => entry.Message);
}
