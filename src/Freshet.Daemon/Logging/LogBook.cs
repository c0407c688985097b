using System.Text.Json;
using Freshet.Api;
using Freshet.Daemon.Feeds;

namespace Freshet.Daemon.Logging;

/// <summary>The log, newest entry last, within limits; important entries also go to the clients of the event stream.</summary>
internal sealed class LogBook(EventJournal journal, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Queue<LogItem> _entries = [];
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
            _entries.Enqueue(entry);
            if (_entries.Count > Bounds.MaxLogEntries)
                _entries.Dequeue();
            isSent = level >= LogLevelCode.Info && MaySend();
        }

        if (isSent)
            journal.Append("log", JsonSerializer.SerializeToUtf8Bytes(entry, JsonContext.Default.LogItem));
    }

    /// <summary>Reads a part of the log.</summary>
    /// <param name="after">Returns the oldest entries after this one; null for the newest.</param>
    /// <param name="limit">The maximum number of entries.</param>
    /// <param name="least">The minimum level.</param>
    /// <param name="hash">Only entries of this torrent, or null for all.</param>
    public LogPage Read(long? after, int limit, LogLevelCode least, string? hash)
    {
        lock (_lock)
        {
            IEnumerable<LogItem> found = _entries.Where(entry =>
                entry.Id > (after ?? 0) && entry.Level >= least && (hash is null || entry.Hash == hash));
            LogItem[] entries = after is null ? [.. found.TakeLast(limit)] : [.. found.Take(limit)];

            // Entries that were filtered out need not be looked at again, unless the page is full.
            return new LogPage { Entries = entries, Next = after is not null && entries.Length == limit ? entries[^1].Id : _last };
        }
    }

    private bool MaySend()
    {
        long second = time.GetUtcNow().ToUnixTimeSeconds();
        if (second != _second)
            (_second, _sentInSecond) = (second, 0);
        return _sentInSecond++ < Bounds.MaxLogEventsInTick;
    }
}
