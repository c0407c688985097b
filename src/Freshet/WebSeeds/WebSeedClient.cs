using System.Net;
using System.Net.Http.Headers;
using Freshet.Core.Trackers;
using Freshet.Core.WebSeeds;
using Freshet.Discovery;

namespace Freshet.WebSeeds;

/// <summary>
/// Requests byte ranges of files from web seeds, for all torrents of a session: at most <see cref="WebSeedLimits.MaxFetchesOfSession"/>
/// requests at once, and the others wait. Thread-safe.
/// </summary>
internal sealed class WebSeedClient(HttpRequesterOptions options, TimeProvider time) : IDisposable
{
    private readonly HttpConnections _connections = new(options, DecompressionMethods.None);

    // Not disposed, since late requests still return their turn.
    private readonly SemaphoreSlim _turns = new(WebSeedLimits.MaxFetchesOfSession);

    /// <summary>Waits for a turn, which must be returned.</summary>
    public Task WaitForTurnAsync(CancellationToken cancellationToken) => _turns.WaitAsync(cancellationToken);

    public void GiveTurnBack() => _turns.Release();

    /// <summary>Requests a range of a file, follows redirects, and returns the answer when its headers have arrived.</summary>
    /// <exception cref="WebSeedException">The web seed does not send it; the message says why.</exception>
    public async Task<FileAnswer> AskAsync(FileRequest request, CancellationToken cancellationToken)
    {
        HttpHop hop = request.Hop;
        RangeHeaderValue range = new(request.Offset, request.Offset + request.Length - 1);
        while (true)
        {
            HttpResponseMessage response = await SendAsync(hop, range, cancellationToken).ConfigureAwait(false);
            FileAnswer? answer = null;
            try
            {
                if (HttpConnections.LocationOf(response) is not { } location)
                    return answer = FileAnswer.Of(response, request, hop, time.GetUtcNow());
                if (!hop.TryFollow(location, out HttpHop? next, out string? reason))
                    throw new WebSeedException(new FetchEnd(FetchFault.Misdirected) { Words = $"{FileAnswer.HostOf(hop)} {reason}" });
                hop = next;
            }
            finally
            {
                if (answer is null)
                    response.Dispose();
            }
        }
    }

    /// <summary>The outcome of a request that threw.</summary>
    public FetchEnd EndOf(FileRequest? request, Exception exception) => exception switch
    {
        WebSeedException { End: { } end } => end,
        _ => new FetchEnd(FetchFault.Unreachable) { Words = Describe(request, exception) },
    };

    public void Dispose() => _connections.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpHop hop, RangeHeaderValue range, CancellationToken cancellationToken)
    {
        try
        {
            return await _connections.SendAsync(hop, range, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ForbiddenAddressException or UriFormatException || e.InnerException is ForbiddenAddressException)
        {
            FetchFault fault = hop.IsRedirected ? FetchFault.Misdirected : FetchFault.Forbidden;
            throw new WebSeedException(new FetchEnd(fault) { Words = HttpFailure.Describe(hop, e, options) });
        }
    }

    private string Describe(FileRequest? request, Exception exception) => request is null ? exception.Message
        : exception is OperationCanceledException { InnerException: not TimeoutException }
            ? $"{FileAnswer.HostOf(request.Hop)} was silent for {WebSeedLimits.SilenceSeconds} seconds"
        : HttpFailure.Describe(request.Hop, exception, options);
}
