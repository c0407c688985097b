using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Freshet.Core;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;

namespace Freshet.Discovery;

/// <summary>
/// Asks HTTP and HTTPS trackers; one for a whole session, from any thread. Nothing a tracker does takes longer than the options'
/// times or more memory than <see cref="Limits.MaxTrackerResponseLength"/>, unpacked.
/// </summary>
internal sealed class HttpTracker : IDisposable
{
    private static readonly ProductInfoHeaderValue UserAgent =
        new("Freshet", typeof(HttpTracker).Assembly.GetName().Version?.ToString(3) ?? "0");

    // What the codec has encoded goes out as it is.
    private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpTrackerOptions _options;
    private readonly HttpMessageInvoker _http;
    private readonly SemaphoreSlim _turns = new(Limits.MaxTrackerRequests);

    public HttpTracker(HttpTrackerOptions options)
    {
        _options = options;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectCallback = new BoundConnector(options.BindAddress, options.ConnectTimeout).ConnectAsync,
            ConnectTimeout = options.ConnectTimeout,
            MaxAutomaticRedirections = Limits.MaxTrackerRedirects,
            MaxResponseDrainSize = 0,
            MaxResponseHeadersLength = Limits.MaxTrackerHeaderKilobytes,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            Proxy = options.Proxy,
            UseCookies = false,
            UseProxy = options.Proxy is not null,
        });
    }

    /// <summary>Announces. Throws only if it is cancelled.</summary>
    public async Task<TrackerOutcome<AnnounceResponse>> AnnounceAsync(string tracker, AnnounceRequest request, CancellationToken cancellationToken)
    {
        if (!TrackerAddress.IsSupported(tracker, out string? unsupported))
            return new(null, unsupported);
        (Reply reply, string? failure) = await AskAsync(HttpTrackerUrl.ForAnnounce(tracker, request), cancellationToken).ConfigureAwait(false);
        if (failure is not null)
            return new(null, failure);
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
        (Reply reply, string? failure) = await AskAsync(url, cancellationToken).ConfigureAwait(false);
        if (failure is not null)
            return new(null, failure);
        bool isRead = HttpTrackerAnswer.TryReadScrape(reply.Body, infoHashes, out ScrapeResponse? answer, out string? error);
        if (reply.IsSuccess)
            return new(answer, error);
        return isRead && answer!.FailureReason is not null ? new(answer, null) : new(null, reply.StatusWords);
    }

    public void Dispose() => _http.Dispose();

    private async Task<(Reply Reply, string? Failure)> AskAsync(string url, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, AsItIs, out Uri? uri))
            return (default, "this is not a URL");
        if (!await _turns.WaitAsync(_options.QueueTimeout, cancellationToken).ConfigureAwait(false))
            return (default, "too many other announces are under way");
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_options.Timeout);
        try
        {
            using HttpRequestMessage message = ToMessage(uri);
            using HttpResponseMessage response = await _http.SendAsync(message, patience.Token).ConfigureAwait(false);
            return await ReadAsync(uri, response, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or UriFormatException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (default, HttpFailure.Describe(uri, e, _options));
        }
        finally
        {
            _turns.Release();
        }
    }

    private static HttpRequestMessage ToMessage(Uri uri)
    {
        HttpRequestMessage message = new(HttpMethod.Get, uri);
        message.Headers.UserAgent.Add(UserAgent);
        if (uri.UserInfo.Length > 0)
        {
            byte[] credentials = Encoding.UTF8.GetBytes(Uri.UnescapeDataString(uri.UserInfo));
            message.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(credentials));
        }

        return message;
    }

    private static async Task<(Reply Reply, string? Failure)> ReadAsync(Uri uri, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string host = $"{uri.Host}:{uri.Port}";
        ArrayBufferWriter<byte> body = new(4 * 1024);
        Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            // Counted here, behind the decompression, and not taken from headers that may lie.
            while (await stream.ReadAsync(body.GetMemory(4 * 1024), cancellationToken).ConfigureAwait(false) is > 0 and int read)
            {
                body.Advance(read);
                if (body.WrittenCount > Limits.MaxTrackerResponseLength)
                    return (default, $"{host} sent an answer longer than {Limits.MaxTrackerResponseLength} bytes");
            }
        }

        return (Reply.From(host, response, body.WrittenMemory), null);
    }

    private readonly record struct Reply(ReadOnlyMemory<byte> Body, bool IsSuccess, string StatusWords, TimeSpan? RetryAfter)
    {
        public static Reply From(string host, HttpResponseMessage response, ReadOnlyMemory<byte> body)
        {
            string words = $"{host} answered HTTP {(int)response.StatusCode} {response.ReasonPhrase}".TrimEnd();
            return new Reply(body, response.IsSuccessStatusCode, words, response.Headers.RetryAfter?.Delta);
        }
    }
}
