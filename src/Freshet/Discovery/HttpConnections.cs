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
/// All HTTP of a session leaves here, to trackers and web seeds alike: each request goes only where its <see cref="HttpHop"/> may, from the
/// bind address, with nothing of the environment. Redirects are for the caller to follow. Connections are kept for a while.
/// </summary>
/// <param name="options">How servers are reached.</param>
/// <param name="decompression">Which compressed answers are asked for and unpacked.</param>
internal sealed class HttpConnections(HttpRequesterOptions options, DecompressionMethods decompression) : IDisposable
{
    private static readonly ProductInfoHeaderValue UserAgent =
        new("Freshet", typeof(HttpConnections).Assembly.GetName().Version?.ToString(3) ?? "0");

    // One for each family and reach, since a connection that is kept must not serve another; and anew when the binding's addresses change.
    private readonly ConcurrentDictionary<(AddressFamily Family, AddressReach Reach, int Epoch), HttpMessageInvoker> _invokers = new();

    /// <summary>Sends a GET for some of the bytes, over any address family; ends when the head of the answer is there.</summary>
    /// <exception cref="ForbiddenAddressException">The host may not be asked.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpHop hop, RangeHeaderValue range, CancellationToken cancellationToken) =>
        SendAsync(hop, AddressFamily.Unspecified, range, cancellationToken);

    /// <summary>Sends a GET; ends when the head of the answer is there.</summary>
    /// <param name="hop">What to ask, and where it may be.</param>
    /// <param name="family">The address family to use, or any.</param>
    /// <param name="range">The bytes to ask for; null for all.</param>
    /// <param name="cancellationToken">Ends the request; what is read later of its answer needs its own.</param>
    /// <exception cref="ForbiddenAddressException">The host may not be asked.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpHop hop, AddressFamily family, RangeHeaderValue? range, CancellationToken cancellationToken)
    {
        // Behind a proxy names are the proxy's to resolve, but a URL that names a local address is refused here.
        if (IPAddress.TryParse(hop.Uri.IdnHost, out IPAddress? literal) && !hop.Reach.Includes(AddressScopes.Of(literal)))
            throw new ForbiddenAddressException(literal);
        using HttpRequestMessage message = ToMessage(hop.Uri);
        message.Headers.Range = range;
        if (decompression == DecompressionMethods.None)
            message.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        return await InvokerFor(family, hop.Reach).SendAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Where an answer redirects to; null if it does not.</summary>
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
        int epoch = options.Proxy?.Epoch ?? options.Binding.Epoch;
        foreach (((AddressFamily, AddressReach, int Epoch) key, HttpMessageInvoker old) in _invokers)
        {
            if (key.Epoch != epoch && _invokers.TryRemove(key, out _))
                old.Dispose();
        }

        return _invokers.GetOrAdd((family, reach, epoch), static (key, self) => self.Create(key.Family, key.Reach), this);
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
}
