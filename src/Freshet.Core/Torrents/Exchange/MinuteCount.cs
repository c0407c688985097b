using Freshet.Core.Rates;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>Counts what may happen so many times a minute. A minute begins with the first time after the last one ended.</summary>
/// <param name="most">So many times.</param>
internal sealed class MinuteCount(int most)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private Timestamp _ends = new(long.MinValue);
    private int _count;

    /// <summary>Counts one more; false if that would be too many.</summary>
    public bool TryAdd(Timestamp now)
    {
        if (now >= _ends)
        {
            _ends = now + Minute;
            _count = 0;
        }

        if (_count == most)
            return false;
        _count++;
        return true;
    }
}
