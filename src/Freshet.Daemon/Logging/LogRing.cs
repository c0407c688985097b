using Freshet.Api;

namespace Freshet.Daemon.Logging;

/// <summary>The newest entries of one level, by their numbers. Once it is full, each new entry takes the place of the oldest.</summary>
internal sealed class LogRing(int capacity)
{
    private readonly LogItem[] _entries = new LogItem[capacity];
    private long _added;

    private int Count => (int)Math.Min(_added, capacity);

    public void Add(LogItem entry) => _entries[_added++ % capacity] = entry;

    /// <summary>The entries behind a number, the oldest first.</summary>
    public IEnumerable<LogItem> After(long id)
    {
        for (int i = CountUpTo(id); i < Count; i++)
            yield return this[i];
    }

    /// <summary>The entries before a number, the newest first.</summary>
    public IEnumerable<LogItem> Before(long id)
    {
        for (int i = CountUpTo(id - 1) - 1; i >= 0; i--)
            yield return this[i];
    }

    private LogItem this[int place] => _entries[(_added - Count + place) % capacity];

    // Numbers ascend, though not all of them are in this ring.
    private int CountUpTo(long id)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (this[middle].Id <= id)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
