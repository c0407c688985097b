using System.Net;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;
using Freshet.Loops;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>
/// Caches resolved names for some minutes: HTTP reuses its connections, but over UDP every announce of thousands of torrents would resolve
/// its tracker's name.
/// </summary>
internal sealed class NameCache(NameResolver resolver, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (IPAddress[] Addresses, Timestamp Until)> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc cref="NameResolver.ResolveAsync"/>
    public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_known.TryGetValue(host, out (IPAddress[] Addresses, Timestamp Until) known) && time.Now() < known.Until)
                return known.Addresses;
        }

        IPAddress[] addresses = await resolver.ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            if (_known.Count >= TrackerLimits.MaxRememberedHosts)
                _known.Clear();
            _known[host] = (addresses, time.Now() + Lifetime);
        }

        return addresses;
    }
}
