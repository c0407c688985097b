using Freshet.Core.Rates;

namespace Freshet.Tracker.Swarms;

/// <summary>
/// Limits how often each address announces: a number of times a second, with bursts of twenty seconds' worth. Only addresses that exceed
/// their rate are remembered, and only a limited number of them; beyond that, all are forgotten.
/// </summary>
internal sealed class AnnounceRates(int perSecond)
{
    private const int MaxAddresses = 100_000;
    private const int BurstSeconds = 20;

    // When an address will be back within its rate; it may be a burst ahead of that.
    private readonly Dictionary<UInt128, Timestamp> _backAt = new(KeyedHash.Instance);

    /// <summary>Counts an announce; false, without counting it, if it comes too soon.</summary>
    public bool TryCount(UInt128 holder, Timestamp now)
    {
        Timestamp backAt = _backAt.TryGetValue(holder, out Timestamp known) && known > now ? known : now;
        Timestamp next = backAt + TimeSpan.FromSeconds(1.0 / perSecond);
        if (next > now + TimeSpan.FromSeconds(BurstSeconds))
            return false;
        if (_backAt.Count >= MaxAddresses && !_backAt.ContainsKey(holder))
            MakeRoom(now);
        _backAt[holder] = next;
        return true;
    }

    private void MakeRoom(Timestamp now)
    {
        foreach ((UInt128 holder, Timestamp backAt) in _backAt)
        {
            // Dictionary.Remove is allowed during enumeration.
            if (backAt <= now)
                _backAt.Remove(holder);
        }

        if (_backAt.Count >= MaxAddresses / 2)
            _backAt.Clear();
    }
}
