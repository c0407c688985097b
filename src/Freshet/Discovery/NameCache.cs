using System.Net;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;
using Freshet.Loops;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>
/// Caches resolved names for some minutes, so that not every announce of thousands of torrents has its tracker's name resolved: over UDP
/// there are no connections, and over HTTP many servers end theirs after each answer.
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

    /// <summary>The addresses of a name lead nowhere, and are looked up again for the next caller.</summary>
    public void Forget(string host)
    {
        lock (_lock)
            _known.Remove(host);
    }
}
