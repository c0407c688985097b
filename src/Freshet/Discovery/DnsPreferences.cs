using System.Net;
using System.Net.Sockets;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;
using Freshet.Loops;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>
/// What hosts say in DNS about their trackers (BEP 34), asked when a tracker is announced to, and remembered. Whatever cannot be looked up
/// says nothing, so that a tracker is asked as its URL has it.
/// </summary>
/// <param name="texts">Finds the texts of a host.</param>
/// <param name="time">The clock.</param>
internal sealed class DnsPreferences(NameLookups<string[]> texts, TimeProvider time)
{
    // Names that are no business of name servers: RFC 6761, RFC 6762, RFC 7686, and the name of another network.
    private static readonly string[] LocalSuffixes = [".localhost", ".local", ".invalid", ".onion", ".i2p"];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (TrackerPreferences? Says, Timestamp Until)> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The URLs to ask instead of a tracker's: see <see cref="TrackerPreferences.Apply"/>.</summary>
    /// <param name="tracker">A supported URL.</param>
    /// <param name="cancellationToken">Cancels the lookup.</param>
    public async Task<IReadOnlyList<string>> PlacesOfAsync(string tracker, CancellationToken cancellationToken)
    {
        string host = new Uri(tracker.Trim()).IdnHost.TrimEnd('.');
        if (IPAddress.TryParse(host.Trim('[', ']'), out _) || !host.Contains('.', StringComparison.Ordinal)
            || Array.Exists(LocalSuffixes, suffix => host.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)))
            return [tracker];
        TrackerPreferences? says = await FindAsync(host, cancellationToken).ConfigureAwait(false);
        return says?.Apply(tracker) ?? [tracker];
    }

    private async Task<TrackerPreferences?> FindAsync(string host, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_known.TryGetValue(host, out (TrackerPreferences? Says, Timestamp Until) known) && time.Now() < known.Until)
                return known.Says;
        }

        TrackerPreferences? says = null;
        TimeSpan lifetime = TrackerLimits.PreferencesLifetime;
        try
        {
            string[] found = await texts.FindAsync(host, NameUrgency.Needed, cancellationToken)
                .WaitAsync(TimeSpan.FromSeconds(NetworkLimits.TextSeconds), cancellationToken).ConfigureAwait(false);
            says = TrackerPreferences.Read(found);
        }
        catch (Exception e) when (e is SocketException or TimeoutException)
        {
            lifetime = TrackerLimits.PreferencesRetry;
        }

        lock (_lock)
        {
            if (_known.Count >= TrackerLimits.MaxRememberedHosts)
                _known.Clear();
            _known[host] = (says, time.Now() + lifetime);
        }

        return says;
    }
}
