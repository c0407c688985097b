using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Trackers;
using Freshet.Diagnostics;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>
/// Asks trackers of every kind; one for a whole session, from any thread. Announces and scrapes wait for their turn in an
/// <see cref="AnnounceQueue"/>.
/// </summary>
internal sealed class TrackerService : IDisposable
{
    private readonly AnnounceTurns _turns;
    private readonly HttpTracker _http;
    private readonly UdpTracker _udp;
    private readonly bool _hasUdp;

    /// <param name="options">How HTTP trackers are reached, and from where all are.</param>
    /// <param name="udp">Finds the owner of the UDP port, null while there is none; null if there never is one.</param>
    /// <param name="source">Where the URLs come from that it is given.</param>
    /// <param name="time">The clock; null for the system's.</param>
    public TrackerService(
        HttpRequesterOptions options, Func<UdpMux?>? udp = null, TrackerSource source = default, TimeProvider? time = null)
    {
        _turns = new AnnounceTurns(time ?? TimeProvider.System);
        _http = new HttpTracker(options, source);
        _hasUdp = options.Proxy?.MayRelay ?? true;
        _udp = new UdpTracker(udp ?? (static () => null), options.Binding, source, time ?? TimeProvider.System);
    }

    /// <summary>Hears which address trackers say we have (BEP 24); null if nobody is interested.</summary>
    public IExternalAddresses? Addresses { get; init; }

    /// <summary>Records how long announces and scrapes wait for their turn; null if nobody wants to know.</summary>
    public LatencyMeter? Waits { get; init; }

    /// <summary>Announces and scrapes that wait for their turn.</summary>
    public int Waiting => _turns.Waiting;

    /// <summary>Announces. Throws only if it is cancelled.</summary>
    /// <param name="tracker">The tracker's URL as the torrent has it, or the user.</param>
    /// <param name="request">What it is told.</param>
    /// <param name="cancellationToken">Ends the announce at once.</param>
    /// <param name="takenBack">Puts the announce off if it still waits for its turn; does nothing to one that is under way.</param>
    public async Task<TrackerOutcome<AnnounceResponse>> AnnounceAsync(
        string tracker, AnnounceRequest request, CancellationToken cancellationToken, CancellationToken takenBack = default)
    {
        TrackerOutcome<AnnounceResponse> outcome = await InTurnAsync(
            new(tracker, request.Family, request.Urgency), transport => transport.AnnounceAsync(tracker, request, cancellationToken),
            cancellationToken, takenBack).ConfigureAwait(false);
        if (outcome.Answer?.ExternalAddress is { } address)
            Addresses?.Hear(address, ExternalAddressSources.Trackers, TrackerVoter.Of(tracker));
        return outcome;
    }

    /// <summary>Asks for the numbers of swarms. Throws only if it is cancelled.</summary>
    public Task<TrackerOutcome<ScrapeResponse>> ScrapeAsync(
        string tracker, IReadOnlySet<InfoHash> infoHashes, CancellationToken cancellationToken) =>
        InTurnAsync(
            new(tracker, AnnounceFamily.Any, AnnounceUrgency.Seeding),
            transport => transport.ScrapeAsync(tracker, infoHashes, AnnounceFamily.Any, cancellationToken),
            cancellationToken, takenBack: default);

    /// <summary>Ends what is under way and what waits.</summary>
    public void Dispose()
    {
        _turns.Dispose();
        _http.Dispose();
        _udp.Dispose();
    }

    private async Task<TrackerOutcome<T>> InTurnAsync<T>(
        Asked asked,
        Func<ITrackerTransport, Task<TrackerOutcome<T>>> ask,
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
        string host = $"{uri.IdnHost}:{uri.Port} {asked.Family}";
        long began = Waits?.Begin() ?? 0;
        AnnounceTurn turn = _turns.Enter(isUdp ? $"{uri.Scheme} {host}" : host, asked.Urgency);
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
            outcome = await ask(isUdp ? _udp : _http).ConfigureAwait(false);
            return outcome;
        }
        finally
        {
            _turns.End(turn, outcome.HasAnswer ? TurnEnd.Answered : EndOf(outcome.Fault), outcome.Failure);
        }
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
