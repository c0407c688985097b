using System.Runtime.InteropServices;
using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>
/// How much each origin was sent while we choked it (BEP 6), so that a new connection does not renew what it may have. Counts halve every
/// hour: others may have its address by then. At most <see cref="PeerLimits.MaxFastOrigins"/> origins; when there are more, all counts
/// start over.
/// </summary>
internal sealed class FastAllowances
{
    private static readonly TimeSpan HalfLife = TimeSpan.FromHours(1);

    private readonly Dictionary<Origin, long> _used = [];
    private Timestamp _halved;

    /// <summary>The bytes that an origin was sent lately.</summary>
    public long UsedBy(Origin origin, Timestamp now)
    {
        Halve(now);
        return _used.GetValueOrDefault(origin);
    }

    /// <summary>An origin uses up part of what it may have.</summary>
    public void Use(Origin origin, int bytes, Timestamp now)
    {
        Halve(now);
        if (_used.Count >= PeerLimits.MaxFastOrigins && !_used.ContainsKey(origin))
            _used.Clear();
        CollectionsMarshal.GetValueRefOrAddDefault(_used, origin, out _) += bytes;
    }

    private void Halve(Timestamp now)
    {
        for (; _used.Count > 0 && now - _halved >= HalfLife; _halved += HalfLife)
        {
            // Dictionary.Remove is allowed during enumeration.
            foreach (Origin origin in _used.Keys)
            {
                ref long bytes = ref CollectionsMarshal.GetValueRefOrNullRef(_used, origin);
                bytes /= 2;
                if (bytes < Limits.BlockLength)
                    _used.Remove(origin);
            }
        }

        if (_used.Count == 0)
            _halved = now;
    }
}
