using Freshet.Core.Rates;

namespace Freshet.Tracker.Swarms;

/// <summary>
/// How often each address announces: so many times a second, with bursts of twenty seconds' worth. Remembers only addresses that are ahead
/// of their rate, and so many of them; when there are more, all are forgiven.
/// </summary>
internal sealed class AnnounceRates(int perSecond)
{
    private const int MaxAddresses = 100_000;
    private const int BurstSeconds = 20;

    // When an address would be back at its rate; it is allowed to be a burst ahead of that.
    private readonly Dictionary<UInt128, Timestamp> _backAt = new(KeyedHash.Instance);

    /// <summary>Counts an announce; false, uncounted, if it comes too fast.</summary>
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
            // Dictionary.Remove is allowed while walking it.
            if (backAt <= now)
                _backAt.Remove(holder);
        }

        if (_backAt.Count >= MaxAddresses / 2)
            _backAt.Clear();
    }
}
