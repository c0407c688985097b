using System.Net.Sockets;
using Freshet.Core;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;

namespace Freshet.Discovery;

/// <summary>
/// Asks HTTP and HTTPS trackers; one for a whole session, from any thread. Nothing a tracker does takes longer than the options'
/// times or more memory than <see cref="Limits.MaxTrackerResponseLength"/>, unpacked.
/// </summary>
internal sealed class HttpTracker(HttpTrackerOptions options) : IDisposable
{
    // What the codec has encoded goes out as it is.
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpRequester _requester = new(options.Requests);
    private readonly SemaphoreSlim _turns = new(Limits.MaxTrackerRequests);

    /// <summary>Announces. Throws only if it is cancelled.</summary>
    public async Task<TrackerOutcome<AnnounceResponse>> AnnounceAsync(string tracker, AnnounceRequest request, CancellationToken cancellationToken)
    {
        if (!TrackerAddress.IsSupported(tracker, out string? unsupported))
            return new(null, unsupported);
        TrackerOutcome<HttpReply> outcome = await AskAsync(tracker, HttpTrackerUrl.ForAnnounce(tracker, request), request.Family, cancellationToken).ConfigureAwait(false);
        if (outcome.Answer is not { } reply)
            return new(null, outcome.Failure, outcome.IsSkipped);
        bool isRead = HttpTrackerAnswer.TryReadAnnounce(reply.Body, out AnnounceResponse? answer, out string? error);
        if (reply.IsSuccess)
            return new(answer, error);

        // A tracker that refuses may do so with an error status, and its own words tell more than that.
        if (isRead && answer!.FailureReason is not null)
            return new(answer with { RetryIn = answer.RetryIn ?? reply.RetryAfter }, null);
        return new(new AnnounceResponse { FailureReason = reply.StatusWords, RetryIn = reply.RetryAfter }, null);
    }

    /// <summary>Asks for the numbers of swarms. Throws only if it is cancelled.</summary>
    public async Task<TrackerOutcome<ScrapeResponse>> ScrapeAsync(string tracker, IReadOnlySet<InfoHash> infoHashes, CancellationToken cancellationToken)
    {
        if (!TrackerAddress.IsSupported(tracker, out string? unsupported))
            return new(null, unsupported);
        if (!HttpTrackerUrl.TryForScrape(tracker, [.. infoHashes], out string? url))
            return new(null, "the tracker has no scrape address");
        TrackerOutcome<HttpReply> outcome = await AskAsync(tracker, url, AnnounceFamily.Any, cancellationToken).ConfigureAwait(false);
        if (outcome.Answer is not { } reply)
            return new(null, outcome.Failure);
        bool isRead = HttpTrackerAnswer.TryReadScrape(reply.Body, infoHashes, out ScrapeResponse? answer, out string? error);
        if (reply.IsSuccess)
            return new(answer, error);
        return isRead && answer!.FailureReason is not null ? new(answer, null) : new(null, reply.StatusWords);
    }

    /// <summary>Ends what is under way.</summary>
    public void Dispose() => _requester.Dispose();

    private async Task<TrackerOutcome<HttpReply>> AskAsync(string tracker, string url, AnnounceFamily family, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(tracker, AsItIs, out Uri? home) || !Uri.TryCreate(url, AsItIs, out Uri? uri))
            return new(null, "this is not a URL");
        if (!await _turns.WaitAsync(options.QueueTimeout, cancellationToken).ConfigureAwait(false))
            return new(null, "too many other announces are under way");
        try
        {
            return await _requester.GetAsync(HttpHop.ForTracker(home, uri), ToAddressFamily(family), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }

    private static AddressFamily ToAddressFamily(AnnounceFamily family) => family switch
    {
        AnnounceFamily.IPv4 => AddressFamily.InterNetwork,
        AnnounceFamily.IPv6 => AddressFamily.InterNetworkV6,
        _ => AddressFamily.Unspecified,
    };
}
