using System.Runtime.InteropServices;

namespace Freshet.Core.Peers;

/// <summary>
/// How often origins have done what nobody does by accident, and what would cost others too much if they did it without end. At most
/// <see cref="PeerLimits.MaxStruckOrigins"/>; when there are more, all begin anew.
/// </summary>
internal sealed class Strikes
{
    private readonly Dictionary<Origin, int> _strikes = [];

    /// <summary>Counts one more; whether it is one too many.</summary>
    public bool IsOut(Origin origin)
    {
        if (_strikes.Count >= PeerLimits.MaxStruckOrigins && !_strikes.ContainsKey(origin))
            _strikes.Clear();
        return ++CollectionsMarshal.GetValueRefOrAddDefault(_strikes, origin, out _) >= PeerLimits.MostStrikes;
    }
}
