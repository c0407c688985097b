using System.Net.Sockets;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;
using Freshet.Loops;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>
/// What hosts say in DNS about their trackers (BEP 34), asked when a tracker is announced to, and remembered: only the first announce waits
/// for it. What cannot be looked up, for whatever reason, says nothing, so that a tracker is asked as its URL has it.
/// </summary>
/// <param name="texts">Finds the texts of a host.</param>
/// <param name="time">The clock.</param>
internal sealed class DnsPreferences(NameLookups<string[]> texts, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, KnownHost> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Receives what no lookup should throw.</summary>
    public Action<Exception>? OnFault { get; init; }

    /// <summary>Tells the hosts of which name servers must not learn; replaced in tests.</summary>
    public Func<string, bool> IsOutsideDns { get; init; } = LocalHosts.IsOutsideDns;

    /// <summary>
    /// The URLs to ask instead of a tracker's (see <see cref="TrackerPreferences.Apply"/>), first the one that answered last.
    /// </summary>
    /// <param name="tracker">A supported URL.</param>
    /// <param name="family">The family to ask over.</param>
    /// <param name="cancellationToken">Cancels the lookup.</param>
    public async Task<IReadOnlyList<string>> PlacesOfAsync(string tracker, AnnounceFamily family, CancellationToken cancellationToken)
    {
        Uri uri = new(tracker.Trim());
        if (IsOutsideDns(uri.IdnHost))
            return [tracker];
        KnownHost known = await FindAsync(HostOf(uri), cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            IReadOnlyList<string> places = known.Says?.Apply(tracker) ?? [tracker];
            return places.Count > 1 && known.Answered.TryGetValue(new Asked(Origin.Of(uri), family), out Origin answered)
                ? [.. places.OrderBy(place => Origin.Of(new Uri(place)) != answered)]
                : places;
        }
    }

    /// <summary>
    /// One of several places has answered. It is asked first from then on, until the host says something else: those before it cannot be
    /// reached, and each announce would wait for them again.
    /// </summary>
    public void OnAnswer(string tracker, AnnounceFamily family, string place)
    {
        Uri uri = new(tracker.Trim());
        Asked asked = new(Origin.Of(uri), family);
        lock (_lock)
        {
            if (!_known.TryGetValue(HostOf(uri), out KnownHost? known))
                return;
            if (known.Answered.Count >= TrackerLimits.MaxRememberedPlaces && !known.Answered.ContainsKey(asked))
                known.Answered.Clear();
            known.Answered[asked] = Origin.Of(new Uri(place));
        }
    }

    private static string HostOf(Uri tracker) => tracker.IdnHost.TrimEnd('.');

    private async Task<KnownHost> FindAsync(string host, CancellationToken cancellationToken)
    {
        KnownHost? known;
        lock (_lock)
        {
            _known.TryGetValue(host, out known);
            if (known is not null && time.Now() < known.Until)
                return known;
            if (known is not null)
                known.Until = time.Now() + TrackerLimits.PreferencesRetry;
        }

        Task<KnownHost> lookup = LookUpAsync(host, known is null ? cancellationToken : CancellationToken.None);

        // What is found again counts for the next announce: this one, which may be the last before the session ends, does not wait.
        return known ?? await lookup.ConfigureAwait(false);
    }

    private async Task<KnownHost> LookUpAsync(string host, CancellationToken cancellationToken)
    {
        string[]? found = null;
        try
        {
            found = await FindTextsAsync(host, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            if (OnFault is not null && e is not (SocketException or OperationCanceledException))
                Faults.Report(OnFault, e);
        }

        lock (_lock)
        {
            if (!_known.TryGetValue(host, out KnownHost? known))
            {
                if (_known.Count >= TrackerLimits.MaxRememberedHosts)
                    _known.Remove(_known.MinBy(static known => known.Value.Until).Key);
                _known.Add(host, known = new KnownHost());
            }

            known.Until = time.Now() + (found is null ? TrackerLimits.PreferencesRetry : TrackerLimits.PreferencesLifetime);
            if (found is not null)
                known.Hear(TrackerPreferences.Read(found));
            return known;
        }
    }

    private async Task<string[]> FindTextsAsync(string host, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(NetworkLimits.TextSeconds), time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        return await texts.FindAsync(host, NameUrgency.Needed, either.Token).WaitOrLeaveAsync(either.Token).ConfigureAwait(false);
    }

    /// <summary>What is known of a host; changed under the lock.</summary>
    private sealed class KnownHost
    {
        /// <summary>What it says; null if nothing, or that is not known.</summary>
        public TrackerPreferences? Says { get; private set; }

        /// <summary>When it is looked up again.</summary>
        public Timestamp Until { get; set; }

        /// <summary>Which place answered last, for each tracker that has several.</summary>
        public Dictionary<Asked, Origin> Answered { get; } = [];

        public void Hear(TrackerPreferences? says)
        {
            if (says is not null && Says is not null && says.Places.SequenceEqual(Says.Places))
                return;
            Says = says;
            Answered.Clear();
        }
    }

    /// <summary>A tracker, or one of its places; the host is known.</summary>
    private readonly record struct Origin(string Scheme, int Port)
    {
        public static Origin Of(Uri url) => new(url.Scheme, url.Port);
    }

    private readonly record struct Asked(Origin Tracker, AnnounceFamily Family);
}
