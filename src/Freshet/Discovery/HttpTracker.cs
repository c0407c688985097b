using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
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
    private readonly HttpMessageInvoker _any;
    private readonly HttpMessageInvoker _v4;
    private readonly HttpMessageInvoker _v6;
    private readonly SemaphoreSlim _turns = new(Limits.MaxTrackerRequests);
    private readonly CancellationTokenSource _ended = new();

    public HttpTracker(HttpTrackerOptions options)
    {
        _options = options;
        _any = Create(options, AddressFamily.Unspecified);
        _v4 = Create(options, AddressFamily.InterNetwork);
        _v6 = Create(options, AddressFamily.InterNetworkV6);
    }

    /// <summary>Announces. Throws only if it is cancelled.</summary>
    public async Task<TrackerOutcome<AnnounceResponse>> AnnounceAsync(string tracker, AnnounceRequest request, CancellationToken cancellationToken)
    {
        if (!TrackerAddress.IsSupported(tracker, out string? unsupported))
            return new(null, unsupported);
        TrackerOutcome<Reply> outcome = await AskAsync(HttpTrackerUrl.ForAnnounce(tracker, request), request.Family, cancellationToken).ConfigureAwait(false);
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
        TrackerOutcome<Reply> outcome = await AskAsync(url, AnnounceFamily.Any, cancellationToken).ConfigureAwait(false);
        if (outcome.Answer is not { } reply)
            return new(null, outcome.Failure);
        bool isRead = HttpTrackerAnswer.TryReadScrape(reply.Body, infoHashes, out ScrapeResponse? answer, out string? error);
        if (reply.IsSuccess)
            return new(answer, error);
        return isRead && answer!.FailureReason is not null ? new(answer, null) : new(null, reply.StatusWords);
    }

    /// <summary>Ends what is under way, which the handlers would not do.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
        _any.Dispose();
        _v4.Dispose();
        _v6.Dispose();
    }

    // One for each family, since a connection that is kept must not serve the other.
    private static HttpMessageInvoker Create(HttpTrackerOptions options, AddressFamily family) => new(new SocketsHttpHandler
    {
        ActivityHeadersPropagator = null,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectCallback = new BoundConnector(options.BindAddress, options.ConnectTimeout) { Family = family, Resolve = options.Resolve }.ConnectAsync,
        ConnectTimeout = options.ConnectTimeout,
        MaxAutomaticRedirections = Limits.MaxTrackerRedirects,
        MaxResponseDrainSize = 0,
        MaxResponseHeadersLength = Limits.MaxTrackerHeaderKilobytes,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        Proxy = options.Proxy,
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = options.ChainPolicy },
        UseCookies = false,
        UseProxy = options.Proxy is not null,
    });

    private async Task<TrackerOutcome<Reply>> AskAsync(string url, AnnounceFamily family, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, AsItIs, out Uri? uri))
            return new(null, "this is not a URL");
        if (!await _turns.WaitAsync(_options.QueueTimeout, cancellationToken).ConfigureAwait(false))
            return new(null, "too many other announces are under way");
        try
        {
            using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
            patience.CancelAfter(_options.Timeout);
            using HttpRequestMessage message = ToMessage(uri);
            HttpMessageInvoker http = family switch
            {
                AnnounceFamily.IPv4 => _v4,
                AnnounceFamily.IPv6 => _v6,
                _ => _any,
            };
            using HttpResponseMessage response = await http.SendAsync(message, patience.Token).ConfigureAwait(false);
            return await ReadAsync(uri, response, patience.Token).ConfigureAwait(false);
        }
        catch (Exception) when (_ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new(null, "the session has ended");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or UriFormatException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new(null, HttpFailure.Describe(uri, e, _options), family != AnnounceFamily.Any && HttpFailure.IsUnreachableFamily(e));
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

    private static async Task<TrackerOutcome<Reply>> ReadAsync(Uri uri, HttpResponseMessage response, CancellationToken cancellationToken)
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
                    return new(null, $"{host} sent an answer longer than {Limits.MaxTrackerResponseLength} bytes");
            }
        }

        return new(Reply.From(host, response, body.WrittenMemory), null);
    }

    private sealed record Reply(ReadOnlyMemory<byte> Body, bool IsSuccess, string StatusWords, TimeSpan? RetryAfter)
    {
        public static Reply From(string host, HttpResponseMessage response, ReadOnlyMemory<byte> body)
        {
            string words = TrackerWords.Clean($"{host} answered HTTP {(int)response.StatusCode} {response.ReasonPhrase}");
            return new Reply(body, response.IsSuccessStatusCode, words, response.Headers.RetryAfter?.Delta);
        }
    }
}
