using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;
using Freshet.Core.Wire.Proxies;
using Freshet.Discovery;

namespace Freshet;

/// <summary>Fetches .torrent files over HTTP and HTTPS, with limits on time and size.</summary>
public static class MetainfoFetcher
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan WholeTimeout = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Fetches the content of a URL within 60 seconds. Up to five redirects are followed, but none from HTTPS to HTTP and
    /// none to another host on a local network or on this machine. The content is not parsed and may be anything.
    /// </summary>
    /// <param name="url">An absolute http or https URL. Its host may be a local one.</param>
    /// <param name="access">
    /// The local address, interface or proxy to use, or null for the system's choice. A proxy is used if it is configured for trackers.
    /// </param>
    /// <param name="maxLength">The maximum length of the content, up to 128 MiB, which is the default.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    /// <exception cref="ArgumentException">The URL is relative or has another scheme, or the length is out of range.</exception>
    /// <exception cref="FreshetException">The content could not be fetched; the message says why.</exception>
    public static Task<ReadOnlyMemory<byte>> FetchAsync(
        Uri url, NetworkAccess? access = null, ByteSize? maxLength = null, CancellationToken cancellationToken = default)
    {
        RequireWebUrl(url);
        return FetchAsync(HttpHop.ForUser(url), access, LengthOf(maxLength), cancellationToken);
    }

    /// <summary>
    /// Like <see cref="FetchAsync(Uri, NetworkAccess, ByteSize?, CancellationToken)"/>, but only from public addresses: for a URL from an
    /// untrusted source, which must not reach this machine or its network through the program.
    /// </summary>
    /// <inheritdoc cref="FetchAsync(Uri, NetworkAccess, ByteSize?, CancellationToken)"/>
    public static Task<ReadOnlyMemory<byte>> FetchPublicAsync(
        Uri url, NetworkAccess? access = null, ByteSize? maxLength = null, CancellationToken cancellationToken = default)
    {
        RequireWebUrl(url);
        return FetchAsync(HttpHop.ForGuest(url), access, LengthOf(maxLength), cancellationToken);
    }

    private static async Task<ReadOnlyMemory<byte>> FetchAsync(
        HttpHop hop, NetworkAccess? access, int maxLength, CancellationToken cancellationToken)
    {
        using HttpRequester requester = new(HttpRequesterOptions.For(NetworkAccess.WaysOf(access), ProxyUses.Trackers) with
        {
            ConnectTimeout = ConnectTimeout,
            Timeout = WholeTimeout,
            MaxResponseLength = maxLength,
        });
        TrackerOutcome<HttpReply> outcome = await requester.GetAsync(hop, cancellationToken).ConfigureAwait(false);
        if (!outcome.HasAnswer)
            throw new FreshetException($"The torrent could not be fetched: {outcome.Failure}.");
        if (!outcome.Answer.IsSuccess)
            throw new FreshetException($"The torrent could not be fetched: {outcome.Answer.StatusWords}.");
        return outcome.Answer.Body;
    }

    private static int LengthOf(ByteSize? maxLength)
    {
        if (maxLength is not { } length)
            return MetainfoLimits.MaxLength;
        ArgumentOutOfRangeException.ThrowIfLessThan(length.Bytes, 1, nameof(maxLength));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length.Bytes, MetainfoLimits.MaxLength, nameof(maxLength));
        return (int)length.Bytes;
    }

    private static void RequireWebUrl(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps))
            throw new ArgumentException("The URL must be absolute and begin with http or https.", nameof(url));
    }
}
