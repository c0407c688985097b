using System.Runtime.InteropServices;

namespace Freshet.Core.Peers;

/// <summary>
/// How much each origin was sent while we choked it (BEP 6), so that a new connection does not renew what it may have. At most
/// <see cref="PeerLimits.MaxFastOrigins"/> origins; when there are more, all counts start over.
/// </summary>
internal sealed class FastAllowances
{
    private readonly Dictionary<Origin, long> _used = [];

    /// <summary>The bytes that an origin was sent so far.</summary>
    public long UsedBy(Origin origin) => _used.GetValueOrDefault(origin);

    /// <summary>An origin uses up part of what it may have.</summary>
    public void Use(Origin origin, int bytes)
    {
        if (_used.Count >= PeerLimits.MaxFastOrigins && !_used.ContainsKey(origin))
            _used.Clear();
        CollectionsMarshal.GetValueRefOrAddDefault(_used, origin, out _) += bytes;
    }
}
