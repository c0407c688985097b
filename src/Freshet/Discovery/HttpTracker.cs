using System.Net.Sockets;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;

namespace Freshet.Discovery;

/// <summary>
/// Queries HTTP and HTTPS trackers. No tracker can take more time than the options allow, or more memory than
/// <see cref="TrackerLimits.MaxResponseLength"/>, decompressed.
/// </summary>
/// <param name="options">How they are reached.</param>
/// <param name="source">Where its URLs come from.</param>
internal sealed class HttpTracker(HttpRequesterOptions options, TrackerSource source) : ITrackerTransport
{
    // What the codec has encoded is sent unchanged.
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpRequester _requester = new(options);

    public async Task<TrackerOutcome<AnnounceResponse>> AnnounceAsync(
        string tracker, AnnounceRequest request, CancellationToken cancellationToken)
    {
        string url = HttpTrackerUrl.ForAnnounce(tracker, request);
        TrackerOutcome<HttpReply> outcome = await AskAsync(tracker, url, request.Family, cancellationToken).ConfigureAwait(false);
        if (outcome.Answer is not { } reply)
            return new(null, outcome.Failure, outcome.Fault);
        bool isRead = HttpTrackerAnswer.TryReadAnnounce(reply.Body, out AnnounceResponse? answer, out string? error);
        if (reply.IsSuccess)
            return new(answer, error);

        // A tracker may refuse with an error status; its own failure reason then says more than the status.
        if (isRead && answer!.FailureReason is not null)
            return new(answer with { RetryIn = answer.RetryIn ?? reply.RetryAfter }, null);
        return new(new AnnounceResponse { FailureReason = reply.StatusWords, RetryIn = reply.RetryAfter }, null);
    }

    public async Task<TrackerOutcome<ScrapeResponse>> ScrapeAsync(
        string tracker, IReadOnlySet<InfoHash> infoHashes, AnnounceFamily family, CancellationToken cancellationToken)
    {
        if (!HttpTrackerUrl.TryForScrape(tracker, [.. infoHashes], out string? url))
            return new(null, "the tracker has no scrape address");
        TrackerOutcome<HttpReply> outcome = await AskAsync(tracker, url, family, cancellationToken).ConfigureAwait(false);
        if (outcome.Answer is not { } reply)
            return new(null, outcome.Failure, outcome.Fault);
        bool isRead = HttpTrackerAnswer.TryReadScrape(reply.Body, infoHashes, out ScrapeResponse? answer, out string? error);
        if (reply.IsSuccess)
            return new(answer, error);
        return isRead && answer!.FailureReason is not null ? new(answer, null) : new(null, reply.StatusWords);
    }

    public void Dispose() => _requester.Dispose();

    private async Task<TrackerOutcome<HttpReply>> AskAsync(
        string tracker, string url, AnnounceFamily family, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(tracker, AsItIs, out Uri? home) || !Uri.TryCreate(url, AsItIs, out Uri? uri))
            return new(null, "this is not a URL");
        HttpHop hop = source == TrackerSource.User ? HttpHop.ForUser(uri) : HttpHop.ForTracker(home, uri);
        return await _requester.GetAsync(hop, ToAddressFamily(family), cancellationToken).ConfigureAwait(false);
    }

    private static AddressFamily ToAddressFamily(AnnounceFamily family) => family switch
    {
        AnnounceFamily.IPv4 => AddressFamily.InterNetwork,
        AnnounceFamily.IPv6 => AddressFamily.InterNetworkV6,
        _ => AddressFamily.Unspecified,
    };
}
