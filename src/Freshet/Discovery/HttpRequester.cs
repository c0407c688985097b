using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Freshet.Core.Peers;
using Freshet.Core.Trackers;

namespace Freshet.Discovery;

/// <summary>
/// Fetches over HTTP and HTTPS, from any thread. Nothing a server does takes longer or more memory than the options say; each
/// connection, that after a redirect too, goes only where its <see cref="HttpHop"/> may, and comes from the bind address.
/// </summary>
internal sealed class HttpRequester(HttpRequesterOptions options) : IDisposable
{
    private static readonly ProductInfoHeaderValue UserAgent =
        new("Freshet", typeof(HttpRequester).Assembly.GetName().Version?.ToString(3) ?? "0");

    // One for each family and reach, since a connection that is kept must not serve another; and anew when the binding's addresses change.
    private readonly ConcurrentDictionary<(AddressFamily Family, AddressReach Reach, int Epoch), HttpMessageInvoker> _invokers = new();

    // Not disposed of, since requests that come late still look at it.
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Fetches over any address family. Throws only if it is cancelled.</summary>
    public Task<TrackerOutcome<HttpReply>> GetAsync(HttpHop hop, CancellationToken cancellationToken) =>
        GetAsync(hop, AddressFamily.Unspecified, cancellationToken);

    /// <summary>Fetches over one address family, or any. Throws only if it is cancelled.</summary>
    public async Task<TrackerOutcome<HttpReply>> GetAsync(HttpHop hop, AddressFamily family, CancellationToken cancellationToken)
    {
        if (_ended.IsCancellationRequested)
            return new(null, "the session has ended", TrackerFault.PutOff);
        try
        {
            using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
            patience.CancelAfter(options.Timeout);
            while (true)
            {
                (TrackerOutcome<HttpReply> outcome, HttpHop? next) = await AskAsync(hop, family, patience.Token).ConfigureAwait(false);
                if (next is null)
                    return outcome;
                hop = next;
            }
        }
        catch (Exception) when (_ended.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new(null, "the session has ended", TrackerFault.PutOff);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or UriFormatException
            or ForbiddenAddressException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new(null, HttpFailure.Describe(hop, e, options), HttpFailure.FaultOf(e, family));
        }
    }

    /// <summary>Ends what is under way, which the handlers would not do.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        foreach (HttpMessageInvoker invoker in _invokers.Values)
            invoker.Dispose();
    }

    private async Task<(TrackerOutcome<HttpReply> Outcome, HttpHop? Next)> AskAsync(
        HttpHop hop, AddressFamily family, CancellationToken cancellationToken)
    {
        // Behind a proxy names are the proxy's to resolve, but a URL that names a local address is refused here.
        if (IPAddress.TryParse(hop.Uri.IdnHost, out IPAddress? literal) && !hop.Reach.Includes(AddressScopes.Of(literal)))
            throw new ForbiddenAddressException(literal);
        using HttpRequestMessage message = ToMessage(hop.Uri);
        HttpMessageInvoker http = InvokerFor(family, hop.Reach);
        using HttpResponseMessage response = await http.SendAsync(message, cancellationToken).ConfigureAwait(false);
        if (LocationOf(response) is { } location)
        {
            return hop.TryFollow(location, out HttpHop? next, out string? reason)
                ? (default, next)
                : (new(null, $"{HostOf(hop.Uri)} {reason}"), null);
        }

        return (await ReadAsync(hop.Uri, response, cancellationToken).ConfigureAwait(false), null);
    }

    private HttpMessageInvoker InvokerFor(AddressFamily family, AddressReach reach)
    {
        int epoch = options.Binding.Epoch;
        foreach (((AddressFamily, AddressReach, int Epoch) key, HttpMessageInvoker old) in _invokers)
        {
            if (key.Epoch != epoch && _invokers.TryRemove(key, out _))
                old.Dispose();
        }

        return _invokers.GetOrAdd(
            (family, reach, epoch), static (key, options) => Create(options, key.Family, key.Reach), options);
    }

    private static HttpMessageInvoker Create(HttpRequesterOptions options, AddressFamily family, AddressReach reach) =>
        new(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectCallback = new BoundConnector(options.Binding, options.ConnectTimeout)
            {
                Family = family,
                Reach = options.Proxy is null ? reach : AddressReach.Everywhere,
            }.ConnectAsync,
            ConnectTimeout = options.ConnectTimeout,
            MaxResponseDrainSize = 0,
            MaxResponseHeadersLength = TrackerLimits.MaxHeaderKilobytes,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            Proxy = options.Proxy,
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = options.ChainPolicy },
            UseCookies = false,
            UseProxy = options.Proxy is not null,
        });

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

    private static string? LocationOf(HttpResponseMessage response)
    {
        bool isRedirect = response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
        return isRedirect && response.Headers.NonValidated.TryGetValues("Location", out HeaderStringValues values)
            ? values.FirstOrDefault()
            : null;
    }

    private async Task<TrackerOutcome<HttpReply>> ReadAsync(Uri uri, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string host = HostOf(uri);
        ArrayBufferWriter<byte> body = new(4 * 1024);
        Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            // Counted here, behind the decompression, and not taken from headers that may lie.
            while (await stream.ReadAsync(body.GetMemory(4 * 1024), cancellationToken).ConfigureAwait(false) is > 0 and int read)
            {
                body.Advance(read);
                if (body.WrittenCount > options.MaxResponseLength)
                    return new(null, $"{host} sent an answer longer than {options.MaxResponseLength} bytes");
            }
        }

        return new(HttpReply.From(host, response, body.WrittenMemory), null);
    }

    private static string HostOf(Uri uri) => $"{uri.Host}:{uri.Port}";
}
