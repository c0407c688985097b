using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Trackers;

namespace Freshet.Discovery;

/// <summary>
/// Fetches over HTTP and HTTPS. Thread-safe. No server can take more time or memory than the options allow; each connection, also after a
/// redirect, goes only where its <see cref="HttpHop"/> permits, and comes from the bound address.
/// </summary>
internal sealed class HttpRequester(HttpRequesterOptions options) : IDisposable
{
    private readonly HttpConnections _connections = new(options, DecompressionMethods.All);

    // Not disposed, since late requests still use it.
    private readonly CancellationTokenSource _ended = new();

    /// <summary>Fetches over any address family. Throws only if cancelled.</summary>
    public Task<TrackerOutcome<HttpReply>> GetAsync(HttpHop hop, CancellationToken cancellationToken) =>
        GetAsync(hop, AddressFamily.Unspecified, cancellationToken);

    /// <summary>Fetches over one address family, or any. Throws only if cancelled.</summary>
    public async Task<TrackerOutcome<HttpReply>> GetAsync(HttpHop hop, AddressFamily family, CancellationToken cancellationToken)
    {
        if (_ended.IsCancellationRequested)
            return new(null, "the session has ended", TrackerFault.PutOff);
        CancellationToken untilLost = options.UntilLost;
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
        catch (ObjectDisposedException)
        {
            // The connections were closed under this request, because the local addresses or the blocklist changed.
            return new(null, "the network has changed", TrackerFault.PutOff);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or InvalidDataException or UriFormatException
            or ForbiddenAddressException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // A server is not to blame if we have lost our address.
            if (untilLost.IsCancellationRequested)
                return new(null, options.Trouble, TrackerFault.PutOff);
            return new(null, HttpFailure.Describe(hop, e, options), HttpFailure.FaultOf(e, family));
        }
    }

    /// <summary>Cancels requests in progress, which disposing of the handlers would not do.</summary>
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
            // Counted here, after decompression, and not taken from headers, which may lie.
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
