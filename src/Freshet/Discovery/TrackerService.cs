using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Trackers;
using Freshet.Diagnostics;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>
/// Queries trackers of every kind for a whole session. Thread-safe. Announces and scrapes wait for their turn in an
/// <see cref="AnnounceQueue"/>.
/// </summary>
internal sealed class TrackerService : IDisposable
{
    private readonly AnnounceTurns _turns;
    private readonly HttpTracker _http;
    private readonly UdpTracker _udp;
    private readonly DnsPreferences? _preferences;
    private readonly bool _hasUdp;

    /// <param name="options">How HTTP trackers are reached, and the local address for all trackers.</param>
    /// <param name="udp">Returns the owner of the UDP port, or null while there is none; null if there never is one.</param>
    /// <param name="source">Where its URLs come from.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public TrackerService(
        HttpRequesterOptions options, Func<UdpMux?>? udp = null, TrackerSource source = default, TimeProvider? time = null)
    {
        _turns = new AnnounceTurns(time ?? TimeProvider.System);
        _http = new HttpTracker(options, source);
        _hasUdp = options.Proxy?.MayRelay ?? true;

        // Behind a proxy no name is looked up here. What the user types is asked as it is.
        if (options is { Proxy: null, ReadsPreferences: true } && source != TrackerSource.User && options.Binding.Texts is { } texts)
        {
            _preferences = new DnsPreferences(texts, time ?? TimeProvider.System)
            {
                OnFault = e => OnFault?.Invoke(e),
                IsOutsideDns = host => IsOutsideDns(host),
            };
        }

        _udp = new UdpTracker(udp ?? (static () => null), options.Binding, source, time ?? TimeProvider.System);
    }

    /// <summary>Receives our external address as trackers report it (BEP 24); null if it is not needed.</summary>
    public IExternalAddresses? Addresses { get; init; }

    /// <summary>Records how long announces and scrapes wait for their turn; null if nobody wants to know.</summary>
    public LatencyMeter? Waits { get; init; }

    /// <summary>Receives what no lookup of names should throw; the announce that needed it goes on. Null if nobody wants to know.</summary>
    public Action<Exception>? OnFault { get; init; }

    /// <inheritdoc cref="DnsPreferences.IsOutsideDns"/>
    public Func<string, bool> IsOutsideDns { get; init; } = LocalHosts.IsOutsideDns;

    /// <summary>The number of queued announces and scrapes.</summary>
    public int Waiting => _turns.Waiting;

    /// <summary>Announces. Throws only if cancelled.</summary>
    /// <param name="tracker">The tracker's URL as given by the torrent or the user.</param>
    /// <param name="request">The announce.</param>
    /// <param name="cancellationToken">Cancels the announce at once.</param>
    /// <param name="takenBack">Withdraws the announce if it is still queued; has no effect on one in progress.</param>
    public async Task<TrackerOutcome<AnnounceResponse>> AnnounceAsync(
        string tracker, AnnounceRequest request, CancellationToken cancellationToken, CancellationToken takenBack = default)
    {
        TrackerOutcome<AnnounceResponse> outcome = await InTurnAsync(
            new(tracker, request.Family, request.Urgency),
            (transport, url) => transport.AnnounceAsync(url, request, cancellationToken),
            cancellationToken,
            takenBack).ConfigureAwait(false);
        if (outcome.Answer?.ExternalAddress is { } address)
            Addresses?.Hear(address, ExternalAddressSources.Trackers, TrackerVoter.Of(tracker));
        return outcome;
    }

    /// <summary>Scrapes swarms. Throws only if cancelled.</summary>
    public Task<TrackerOutcome<ScrapeResponse>> ScrapeAsync(
        string tracker, IReadOnlySet<InfoHash> infoHashes, CancellationToken cancellationToken) =>
        InTurnAsync(
            new(tracker, AnnounceFamily.Any, AnnounceUrgency.Seeding),
            (transport, url) => transport.ScrapeAsync(url, infoHashes, AnnounceFamily.Any, cancellationToken),
            cancellationToken, takenBack: default);

    /// <summary>Ends all requests, in progress or queued.</summary>
    public void Dispose()
    {
        _turns.Dispose();
        _http.Dispose();
        _udp.Dispose();
    }

    private async Task<TrackerOutcome<T>> InTurnAsync<T>(
        Asked asked,
        Func<ITrackerTransport, string, Task<TrackerOutcome<T>>> ask,
        CancellationToken cancellationToken,
        CancellationToken takenBack)
        where T : class
    {
        if (!TrackerAddress.IsSupported(asked.Tracker, out string? unsupported))
            return new(null, unsupported);
        Uri uri = new(asked.Tracker.Trim());
        bool isUdp = uri.Scheme == UdpTrackerUrl.Scheme;
        if (isUdp && !_hasUdp)
            return new(null, "UDP trackers cannot be asked through an HTTP proxy");
        string host = isUdp ? $"{uri.Scheme} {uri.IdnHost}:{uri.Port}" : $"{uri.IdnHost}:{uri.Port}";
        long began = Waits?.Begin() ?? 0;
        AnnounceTurn turn = new($"{host} {asked.Family}", asked.Urgency) { Tracker = host, IsUdp = isUdp };
        _turns.Enter(turn);
        await using (cancellationToken.UnsafeRegister(Leave, turn).ConfigureAwait(false))
        await using (takenBack.UnsafeRegister(Leave, turn).ConfigureAwait(false))
        {
            (TrackerFault fault, string? reason) = await turn.Granted.ConfigureAwait(false);
            if (reason is not null)
            {
                cancellationToken.ThrowIfCancellationRequested();
                return new(null, reason, fault);
            }

            Waits?.End(began);
        }

        TrackerOutcome<T> outcome = new(null, "the announce was given up", TrackerFault.PutOff);
        try
        {
            outcome = await AskAsync(asked, uri.Host, ask, cancellationToken).ConfigureAwait(false);
            return outcome;
        }
        finally
        {
            _turns.End(turn, outcome.HasAnswer ? TurnEnd.Answered : EndOf(outcome.Fault), outcome.Failure);
        }
    }

    // Asks the tracker where its host says that it is (BEP 34).
    private async Task<TrackerOutcome<T>> AskAsync<T>(
        Asked asked, string host, Func<ITrackerTransport, string, Task<TrackerOutcome<T>>> ask, CancellationToken cancellationToken)
        where T : class
    {
        IReadOnlyList<string> places = _preferences is null
            ? [asked.Tracker]
            : await _preferences.PlacesOfAsync(asked.Tracker, asked.Family, cancellationToken).ConfigureAwait(false);
        TrackerOutcome<T> outcome = new(null, $"{host} says in DNS (BEP 34) that it has no tracker here, so it is not asked");
        foreach (string place in places)
        {
            bool isUdp = place.StartsWith(UdpTrackerUrl.Scheme, StringComparison.OrdinalIgnoreCase);
            outcome = await ask(isUdp ? _udp : _http, place).ConfigureAwait(false);
            if (places.Count > 1 && outcome.HasAnswer)
                _preferences?.OnAnswer(asked.Tracker, asked.Family, place);
            if (outcome.HasAnswer || outcome.Fault != TrackerFault.Unreachable)
                break;
        }

        return outcome;
    }

    private void Leave(object? turn) => _turns.Leave((AnnounceTurn)turn!);

    private static TurnEnd EndOf(TrackerFault fault) => fault switch
    {
        TrackerFault.Failed => TurnEnd.Answered,
        TrackerFault.Unreachable => TurnEnd.Unreachable,
        _ => TurnEnd.Unknown,
    };

    private readonly record struct Asked(string Tracker, AnnounceFamily Family, AnnounceUrgency Urgency);
}
