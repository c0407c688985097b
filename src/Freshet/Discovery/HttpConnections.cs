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
/// Sends all HTTP requests of a session, to trackers and web seeds alike: each request goes only where its <see cref="HttpHop"/> permits,
/// from the bound address, and ignores the environment's settings. Redirects are left to the caller. Connections are kept alive for a
/// while.
/// </summary>
/// <param name="options">How servers are reached.</param>
/// <param name="decompression">Which compressions are accepted and unpacked.</param>
internal sealed class HttpConnections(HttpRequesterOptions options, DecompressionMethods decompression) : IDisposable
{
    private static readonly ProductInfoHeaderValue UserAgent =
        new("Freshet", typeof(HttpConnections).Assembly.GetName().Version?.ToString(3) ?? "0");

    private readonly NameCache _names = new(options.Binding.Names, options.Time);

    // One for each family and reach, since a kept connection must not serve another; recreated when the binding's addresses or the blocked
    // addresses change.
    private readonly ConcurrentDictionary<(AddressFamily Family, AddressReach Reach, Epochs Epochs), HttpMessageInvoker> _invokers = new();

    /// <summary>Sends a GET for a byte range, over any address family; completes when the headers of the answer have arrived.</summary>
    /// <exception cref="ForbiddenAddressException">The host may not be contacted.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpHop hop, RangeHeaderValue range, CancellationToken cancellationToken) =>
        SendAsync(hop, AddressFamily.Unspecified, range, cancellationToken);

    /// <summary>Sends a GET; completes when the headers of the answer have arrived.</summary>
    /// <param name="hop">The URL, and where its host may be.</param>
    /// <param name="family">The address family to use, or any.</param>
    /// <param name="range">The range to request; null for all.</param>
    /// <param name="cancellationToken">Cancels the request; reading the body later needs its own token.</param>
    /// <exception cref="ForbiddenAddressException">The host may not be contacted.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpHop hop, AddressFamily family, RangeHeaderValue? range, CancellationToken cancellationToken)
    {
        // Behind a proxy names are resolved by the proxy, but a URL with a local address is refused here.
        if (IPAddress.TryParse(hop.Uri.IdnHost, out IPAddress? literal) && !hop.Reach.Includes(AddressScopes.Of(literal)))
            throw new ForbiddenAddressException(literal);
        using HttpRequestMessage message = ToMessage(hop.Uri);
        message.Headers.Range = range;
        if (decompression == DecompressionMethods.None)
            message.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        return await InvokerFor(family, hop.Reach).SendAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The redirect target of an answer; null if it is not a redirect.</summary>
    public static string? LocationOf(HttpResponseMessage response)
    {
        bool isRedirect = response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
        return isRedirect && response.Headers.NonValidated.TryGetValues("Location", out HeaderStringValues values)
            ? values.FirstOrDefault()
            : null;
    }

    public void Dispose()
    {
        foreach (HttpMessageInvoker invoker in _invokers.Values)
            invoker.Dispose();
    }

    private HttpMessageInvoker InvokerFor(AddressFamily family, AddressReach reach)
    {
        Epochs epochs = new(options.Proxy?.Epoch ?? options.Binding.Epoch, options.Binding.Filter.Epoch);
        foreach (((AddressFamily, AddressReach, Epochs Epochs) key, HttpMessageInvoker old) in _invokers)
        {
            if (key.Epochs != epochs && _invokers.TryRemove(key, out _))
                old.Dispose();
        }

        return _invokers.GetOrAdd((family, reach, epochs), static (key, self) => self.Create(key.Family, key.Reach), this);
    }

    private HttpMessageInvoker Create(AddressFamily family, AddressReach reach) =>
        new(new SocketsHttpHandler
        {
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            AutomaticDecompression = decompression,
            ConnectCallback = new BoundConnector(options.Binding, options.ConnectTimeout)
            {
                Family = family,
                Reach = reach,
                Names = _names,
                Proxy = options.Proxy,
            }.ConnectAsync,
            ConnectTimeout = options.ConnectTimeout,
            MaxResponseDrainSize = 0,
            MaxResponseHeadersLength = TrackerLimits.MaxHeaderKilobytes,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = options.ChainPolicy },
            UseCookies = false,
            UseProxy = false,
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

    private readonly record struct Epochs(int Network, int Filter);
}
