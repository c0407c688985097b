using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Freshet.Core.PortMapping;
using Freshet.Network;

namespace Freshet.Discovery.PortMapping;

/// <summary>
/// Queries a UPnP gateway over HTTP. Answers are limited in time and length; no redirect is followed, and no proxy is used.
/// </summary>
internal sealed class UpnpClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;

    public UpnpClient(NetworkBinding binding)
    {
        HostDialer dialer = new(binding, Patience);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            MaxResponseHeadersLength = 16,
            ConnectCallback = async (context, cancellationToken) => new NetworkStream(
                await dialer.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false),
                ownsSocket: true),
        })
        {
            Timeout = Patience,
            MaxResponseContentBufferSize = PortMappingLimits.MaxUpnpLength,
        };
    }

    /// <summary>Fetches a description; null if there is none.</summary>
    public Task<byte[]?> GetAsync(Uri location, CancellationToken cancellationToken) =>
        AskAsync(new HttpRequestMessage(HttpMethod.Get, location), requiresSuccess: true, cancellationToken);

    /// <summary>Invokes an action; returns the answer, even if it is an error, or null if there is none.</summary>
    public Task<byte[]?> PostAsync(UpnpService service, string action, byte[] body, CancellationToken cancellationToken)
    {
        ByteArrayContent content = new(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/xml", "utf-8");
        HttpRequestMessage message = new(HttpMethod.Post, service.Control) { Content = content };
        message.Headers.Add("SOAPAction", UpnpAction.HeaderOf(service, action));
        return AskAsync(message, requiresSuccess: false, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<byte[]?> AskAsync(HttpRequestMessage message, bool requiresSuccess, CancellationToken cancellationToken)
    {
        try
        {
            using (message)
            using (HttpResponseMessage response = await _http.SendAsync(message, cancellationToken).ConfigureAwait(false))
            {
                return response.IsSuccessStatusCode || (!requiresSuccess && response.StatusCode == HttpStatusCode.InternalServerError)
                    ? await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false)
                    : null;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
