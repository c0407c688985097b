using System.Text.Json;
using Freshet.Api;
using Freshet.Daemon.Feeds;

namespace Freshet.Daemon.Logging;

/// <summary>
/// The log, newest entry last; important entries also go to the clients of the event stream. Each level is bounded by itself, so that the
/// many entries about connections and announces do not push out the few that matter.
/// </summary>
internal sealed class LogBook(EventJournal journal, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly LogRing[] _levels =
        [.. Enum.GetValues<LogLevelCode>().Order().Select(_ => new LogRing(Bounds.MaxLogEntries))];

    private long _last;
    private long _second;
    private int _sentInSecond;

    public void Add(LogLevelCode level, string code, string message, string? hash = null, DateTimeOffset? happened = null)
    {
        LogItem entry;
        bool isSent;
        lock (_lock)
        {
            entry = new LogItem
            {
                Id = ++_last,
                Time = happened ?? time.GetUtcNow(),
                Level = level,
                Event = code,
                Hash = hash,
                Message = message,
            };
            _levels[(int)level].Add(entry);
            isSent = level >= LogLevelCode.Info && MaySend();
        }

        if (isSent)
            journal.Append("log", JsonSerializer.SerializeToUtf8Bytes(entry, JsonContext.Default.LogItem));
    }

    /// <summary>Reads a part of the log.</summary>
    /// <param name="after">Returns the oldest entries after this one; null for the newest.</param>
    /// <param name="before">Only entries before this one, or null for all.</param>
    /// <param name="limit">The maximum number of entries.</param>
    /// <param name="least">The minimum level.</param>
    /// <param name="hash">Only entries of this torrent, or null for all.</param>
    public LogPage Read(long? after, long? before, int limit, LogLevelCode least, string? hash)
    {
        lock (_lock)
        {
            long end = before ?? long.MaxValue;
            IEnumerable<LogItem> found = _levels.Skip((int)least).SelectMany(level => PartOf(level).Where(IsAsked).Take(limit));
            LogItem[] entries = after is null
                ? [.. found.OrderByDescending(entry => entry.Id).Take(limit).Reverse()]
                : [.. found.OrderBy(entry => entry.Id).Take(limit)];

            // Entries that were filtered out need not be looked at again, unless the page is full.
            bool isFull = after is not null && entries.Length == limit;
            return new LogPage { Entries = entries, Next = isFull ? entries[^1].Id : Math.Min(_last, end - 1) };

            IEnumerable<LogItem> PartOf(LogRing level) =>
                after is { } start ? level.After(start).TakeWhile(entry => entry.Id < end) : level.Before(end);
        }

        bool IsAsked(LogItem entry) => hash is null || entry.Hash == hash;
    }

    private bool MaySend()
    {
        long second = time.GetUtcNow().ToUnixTimeSeconds();
        if (second != _second)
            (_second, _sentInSecond) = (second, 0);
        return _sentInSecond++ < Bounds.MaxLogEventsInTick;
    }
}
