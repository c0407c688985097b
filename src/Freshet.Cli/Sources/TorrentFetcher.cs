using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Freshet.Core;
using Freshet.Discovery;
using Freshet.Network;

namespace Freshet.Cli.Sources;

/// <summary>Fetches a .torrent file over HTTP(S), with a bound on its size and on the time it takes.</summary>
internal static class TorrentFetcher
{
    private const int MaxRedirections = 10;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan WholeTimeout = TimeSpan.FromSeconds(60);

    /// <param name="url">What to fetch.</param>
    /// <param name="bindAddress">The one address to fetch it from; null for any.</param>
    /// <param name="cancellationToken">Ends the fetching.</param>
    public static async Task<ReadOnlyMemory<byte>> FetchAsync(Uri url, IPAddress? bindAddress, CancellationToken cancellationToken)
    {
        using SocketsHttpHandler handler = new()
        {
            ConnectCallback = new BoundConnector(new NetworkBinding(bindAddress), ConnectTimeout).ConnectAsync,
            ConnectTimeout = ConnectTimeout,
            MaxAutomaticRedirections = MaxRedirections,
            AutomaticDecompression = DecompressionMethods.All,
        };
        using HttpClient client = new(handler) { Timeout = Timeout.InfiniteTimeSpan };
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Freshet", ProgramVersion.Number));
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(WholeTimeout);
        try
        {
            using HttpResponseMessage response =
                await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token).ConfigureAwait(false);
            if ((int)response.StatusCode is >= 300 and < 400)
                throw new CliException($"{url} leads elsewhere more than {MaxRedirections} times, or to what is no page.", "Check the address.");
            if (!response.IsSuccessStatusCode)
                throw new CliException(string.Create(CultureInfo.InvariantCulture, $"{url} answered {(int)response.StatusCode} {response.ReasonPhrase}."));
            using Stream body = await response.Content.ReadAsStreamAsync(timeout.Token).ConfigureAwait(false);
            return await BoundedFile.ReadAsync(body, url.ToString(), Limits.MaxMetainfoLength, timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CliException($"{url} could not be fetched: no answer within {WholeTimeout.TotalSeconds:0} seconds.", "Try again later.", e);
        }
        catch (UriFormatException e)
        {
            throw new CliException($"{url} leads to an address that cannot be fetched from.", "It may stand for a magnet link, which is not supported yet.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            throw new CliException($"{url} could not be fetched: {Reason(e)}.", "Check the address and the connection.", e);
        }
    }

    private static string Reason(Exception e) => e is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded }
        ? "the answer ended too early"
        : (e.InnerException?.Message ?? e.Message).TrimEnd('.');
}
