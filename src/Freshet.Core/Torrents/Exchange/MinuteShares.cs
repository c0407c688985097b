using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>
/// Counts what may happen so many times a minute, and less often for each network, so that none takes it all. A minute begins with the
/// first time after the last one ended.
/// </summary>
/// <param name="most">So many times for all.</param>
/// <param name="mostOfOne">So many times for one network.</param>
internal sealed class MinuteShares(int most, int mostOfOne)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Dictionary<Origin, int> _counts = [];
    private Timestamp _ends = new(long.MinValue);
    private int _count;

    /// <summary>Counts one more for a network; false if that would be too many.</summary>
    public bool TryAdd(Origin network, Timestamp now)
    {
        if (now >= _ends)
        {
            _ends = now + Minute;
            _count = 0;
            _counts.Clear();
        }

        int before = _counts.GetValueOrDefault(network);
        if (_count == most || before == mostOfOne)
            return false;
        _counts[network] = before + 1;
        _count++;
        return true;
    }
}
