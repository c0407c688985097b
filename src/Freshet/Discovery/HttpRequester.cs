using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Trackers;

namespace Freshet.Discovery;

/// <summary>
/// Fetches over HTTP and HTTPS, from any thread. Nothing a server does takes longer or more memory than the options say; each
/// connection, that after a redirect too, goes only where its <see cref="HttpHop"/> may, and comes from the bind address.
/// </summary>
internal sealed class HttpRequester(HttpRequesterOptions options) : IDisposable
{
    private readonly HttpConnections _connections = new(options, DecompressionMethods.All);

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
        _connections.Dispose();
    }

    private async Task<(TrackerOutcome<HttpReply> Outcome, HttpHop? Next)> AskAsync(
        HttpHop hop, AddressFamily family, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await _connections.SendAsync(hop, family, null, cancellationToken).ConfigureAwait(false);
        if (HttpConnections.LocationOf(response) is { } location)
        {
            return hop.TryFollow(location, out HttpHop? next, out string? reason)
                ? (default, next)
                : (new(null, $"{HostOf(hop.Uri)} {reason}"), null);
        }

        return (await ReadAsync(hop.Uri, response, cancellationToken).ConfigureAwait(false), null);
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
