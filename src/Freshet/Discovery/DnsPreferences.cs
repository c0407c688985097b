using System.Net;
using System.Net.Sockets;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;
using Freshet.Loops;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>
/// What hosts say in DNS about their trackers (BEP 34), asked when a tracker is announced to, and remembered: only the first announce waits
/// for it. What cannot be looked up says nothing, so that a tracker is asked as its URL has it.
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

    private Task<TrackerPreferences?> FindAsync(string host, CancellationToken cancellationToken)
    {
        bool isKnown;
        (TrackerPreferences? Says, Timestamp Until) known;
        lock (_lock)
        {
            isKnown = _known.TryGetValue(host, out known);
            if (isKnown && time.Now() < known.Until)
                return Task.FromResult(known.Says);
            if (isKnown)
                _known[host] = (known.Says, time.Now() + TrackerLimits.PreferencesRetry);
        }

        if (!isKnown)
            return LookUpAsync(host, before: null, cancellationToken);

        // It counts for the next announce: this one, which may be the last before the session ends, does not wait.
        _ = LookUpAsync(host, known.Says, CancellationToken.None);
        return Task.FromResult(known.Says);
    }

    private async Task<TrackerPreferences?> LookUpAsync(string host, TrackerPreferences? before, CancellationToken cancellationToken)
    {
        TrackerPreferences? says = before;
        TimeSpan lifetime = TrackerLimits.PreferencesLifetime;
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(NetworkLimits.TextSeconds));
        try
        {
            string[] found = await texts.FindAsync(host, NameUrgency.Needed, patience.Token)
                .WaitOrLeaveAsync(patience.Token).ConfigureAwait(false);
            says = TrackerPreferences.Read(found);
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
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
