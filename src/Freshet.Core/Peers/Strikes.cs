using System.Runtime.InteropServices;

namespace Freshet.Core.Peers;

/// <summary>
/// Counts how often each origin has done something that does not happen by accident and would be too costly if repeated without end. At
/// most <see cref="PeerLimits.MaxStruckOrigins"/> origins; when there are more, all counts start over.
/// </summary>
internal sealed class Strikes
{
    private readonly Dictionary<Origin, int> _strikes = [];

    /// <summary>Adds a strike; returns whether it is one too many.</summary>
    public bool IsOut(Origin origin)
    {
        if (_strikes.Count >= PeerLimits.MaxStruckOrigins && !_strikes.ContainsKey(origin))
            _strikes.Clear();
        return ++CollectionsMarshal.GetValueRefOrAddDefault(_strikes, origin, out _) >= PeerLimits.MostStrikes;
    }
}
