using System.Net.Sockets;
using Freshet.Core;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;

namespace Freshet.Discovery;

/// <summary>
/// Asks HTTP and HTTPS trackers; one for a whole session, from any thread. Nothing a tracker does takes longer than the options'
/// times or more memory than <see cref="Limits.MaxTrackerResponseLength"/>, unpacked. Announces and scrapes wait for their turn in an
/// <see cref="AnnounceQueue"/>.
/// </summary>
internal sealed class HttpTracker(HttpRequesterOptions options, TimeProvider? time = null) : IDisposable
{
    // What the codec has encoded goes out as it is.
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpRequester _requester = new(options);
    private readonly AnnounceTurns _turns = new(time ?? TimeProvider.System);

    /// <summary>Where the URLs come from that it is given.</summary>
    public TrackerSource Source { get; init; }

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
        if (!TrackerAddress.IsSupported(tracker, out string? unsupported))
            return new(null, unsupported);
        string url = HttpTrackerUrl.ForAnnounce(tracker, request);
        TrackerOutcome<HttpReply> outcome =
            await AskAsync(tracker, url, request.Family, request.Urgency, cancellationToken, takenBack).ConfigureAwait(false);
        if (outcome.Answer is not { } reply)
            return new(null, outcome.Failure, outcome.Fault);
        bool isRead = HttpTrackerAnswer.TryReadAnnounce(reply.Body, out AnnounceResponse? answer, out string? error);
        if (reply.IsSuccess)
            return new(answer, error);

        // A tracker that refuses may do so with an error status, and its own words tell more than that.
        if (isRead && answer!.FailureReason is not null)
            return new(answer with { RetryIn = answer.RetryIn ?? reply.RetryAfter }, null);
        return new(new AnnounceResponse { FailureReason = reply.StatusWords, RetryIn = reply.RetryAfter }, null);
    }

    /// <summary>Asks for the numbers of swarms. Throws only if it is cancelled.</summary>
    public async Task<TrackerOutcome<ScrapeResponse>> ScrapeAsync(
        string tracker, IReadOnlySet<InfoHash> infoHashes, CancellationToken cancellationToken)
    {
        if (!TrackerAddress.IsSupported(tracker, out string? unsupported))
            return new(null, unsupported);
        if (!HttpTrackerUrl.TryForScrape(tracker, [.. infoHashes], out string? url))
            return new(null, "the tracker has no scrape address");
        TrackerOutcome<HttpReply> outcome =
            await AskAsync(tracker, url, AnnounceFamily.Any, AnnounceUrgency.Seeding, cancellationToken, default).ConfigureAwait(false);
        if (outcome.Answer is not { } reply)
            return new(null, outcome.Failure, outcome.Fault);
        bool isRead = HttpTrackerAnswer.TryReadScrape(reply.Body, infoHashes, out ScrapeResponse? answer, out string? error);
        if (reply.IsSuccess)
            return new(answer, error);
        return isRead && answer!.FailureReason is not null ? new(answer, null) : new(null, reply.StatusWords);
    }

    /// <summary>Ends what is under way and what waits.</summary>
    public void Dispose()
    {
        _turns.Dispose();
        _requester.Dispose();
    }

    private async Task<TrackerOutcome<HttpReply>> AskAsync(
        string tracker,
        string url,
        AnnounceFamily family,
        AnnounceUrgency urgency,
        CancellationToken cancellationToken,
        CancellationToken takenBack)
    {
        if (!Uri.TryCreate(tracker, AsItIs, out Uri? home) || !Uri.TryCreate(url, AsItIs, out Uri? uri))
            return new(null, "this is not a URL");
        AnnounceTurn turn = _turns.Enter($"{home.IdnHost}:{home.Port} {family}", urgency);
        await using (cancellationToken.UnsafeRegister(Leave, turn).ConfigureAwait(false))
        await using (takenBack.UnsafeRegister(Leave, turn).ConfigureAwait(false))
        {
            (TrackerFault fault, string? reason) = await turn.Granted.ConfigureAwait(false);
            if (reason is not null)
            {
                cancellationToken.ThrowIfCancellationRequested();
                return new(null, reason, fault);
            }
        }

        HttpHop hop = Source == TrackerSource.User ? HttpHop.ForUser(uri) : HttpHop.ForTracker(home, uri);
        TrackerOutcome<HttpReply> outcome = new(null, "the announce was given up", TrackerFault.PutOff);
        try
        {
            outcome = await _requester.GetAsync(hop, ToAddressFamily(family), cancellationToken).ConfigureAwait(false);
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

    private static AddressFamily ToAddressFamily(AnnounceFamily family) => family switch
    {
        AnnounceFamily.IPv4 => AddressFamily.InterNetwork,
        AnnounceFamily.IPv6 => AddressFamily.InterNetworkV6,
        _ => AddressFamily.Unspecified,
    };
}
