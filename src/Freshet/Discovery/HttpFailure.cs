using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Freshet.Core.Peers;
using Freshet.Core.Trackers;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>Explains to people why an HTTP request failed.</summary>
internal static class HttpFailure
{
    public static string Describe(HttpHop hop, Exception exception, HttpRequesterOptions options)
    {
        Uri uri = hop.Uri;
        string host = $"{uri.Host}:{uri.Port}";
        if (exception is OperationCanceledException)
        {
            return exception.InnerException is TimeoutException
                ? $"{host} did not accept a connection within {options.ConnectTimeout.TotalSeconds:0.#} seconds"
                : $"{host} did not answer within {options.Timeout.TotalSeconds:0.#} seconds";
        }

        if (FindInner<ForbiddenAddressException>(exception) is { } forbidden)
            return DescribeForbidden(uri, forbidden.Address, hop.Restriction);

        if (FindInner<ProxyException>(exception) is { } proxy)
            return $"{host} was not reached: {proxy.Message}";

        // After the cancellation check, since a cancellation may contain a socket error too.
        if (FindInner<SocketException>(exception) is { } socket)
            return DescribeSocket(host, uri, socket.SocketErrorCode, options);
        if (exception is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
            return $"no secure connection to {host}: {DescribeTls(uri, FindInner<AuthenticationException>(exception) ?? exception)}";
        return exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } =>
                $"{host} answered with headers that are too long",
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse }
                or HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse } => DescribeNonsense(host, uri),
            HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded }
                or HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } =>
                $"{host} closed the connection before the answer was complete",
            UriFormatException => $"{host} redirected to something that is not a URL",
            InvalidDataException => $"{host} sent an answer that cannot be decompressed",
            _ => $"{host}: {exception.Message}",
        };
    }

    /// <summary>What a failure over a family means for the host.</summary>
    public static TrackerFault FaultOf(Exception exception, AddressFamily family)
    {
        if (FindInner<ForbiddenAddressException>(exception) is not null || exception is UriFormatException or InvalidDataException)
            return TrackerFault.Failed;

        // The host, or this machine, has no address of the requested family.
        bool isOtherFamily = FindInner<SocketException>(exception) is { SocketErrorCode: SocketError.AddressFamilyNotSupported };
        return isOtherFamily && family != AddressFamily.Unspecified ? TrackerFault.Skipped : TrackerFault.Unreachable;
    }

    private static string DescribeSocket(string host, Uri uri, SocketError error, HttpRequesterOptions options) => error switch
    {
        SocketError.ConnectionRefused => $"{host} refused the connection",
        SocketError.ConnectionReset or SocketError.ConnectionAborted => $"{host} broke the connection",
        SocketError.TimedOut => $"{host} did not accept a connection",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.HostDown =>
            $"{host} cannot be reached from this network",
        SocketError.HostNotFound or SocketError.NoData => $"the name {uri.Host} is not known",
        SocketError.TryAgain or SocketError.NoRecovery => $"the name {uri.Host} could not be looked up",
        SocketError.AddressNotAvailable when options.Binding.Target is { } target =>
            options.Binding.Trouble ?? $"this machine has no address {target} to connect from",
        SocketError.AddressFamilyNotSupported when options.Binding.Target is { } target =>
            $"{host} has no address that can be reached from {target}",
        _ => $"{host}: {new SocketException((int)error).Message}",
    };

    private static string DescribeNonsense(string host, Uri uri) => uri.Scheme == Uri.UriSchemeHttps
        ? $"{host} answered with something that is not HTTP"
        : $"{host} answered with something that is not HTTP; if it serves HTTPS, its URL begins with https://";

    private static string DescribeForbidden(Uri uri, IPAddress address, string restriction)
    {
        string what = AddressScopes.Of(address) switch
        {
            AddressScope.Loopback => "an address of this machine",
            AddressScope.LinkLocal => "a link-local address",
            AddressScope.Private => "an address of a local network",
            _ => "not an address of a single host",
        };
        return uri.IdnHost.Trim('[', ']') == address.ToString()
            ? $"{address} is {what}: {restriction}"
            : $"the name {uri.Host} leads to {address}, which is {what}: {restriction}";
    }

    // The framework's message is long, and describes certificate problems by the names of its enumerations.
    private static string DescribeTls(Uri uri, Exception exception)
    {
        string words = exception.Message;
        bool Says(X509ChainStatusFlags flag) => words.Contains(flag.ToString(), StringComparison.Ordinal);
        if (words.Contains(nameof(SslPolicyErrors.RemoteCertificateNameMismatch), StringComparison.Ordinal))
            return $"its certificate is not for {uri.Host}; if you trust it, use the name that the certificate is for";
        if (Says(X509ChainStatusFlags.UntrustedRoot) || Says(X509ChainStatusFlags.PartialChain))
            return "this machine does not know who issued its certificate; "
                + "if you trust the issuer, add its certificate to those of the system";
        if (Says(X509ChainStatusFlags.NotTimeValid))
            return "its certificate has expired or is not valid yet; if it should be valid, check this machine's clock";

        // The framework's message for bytes that are not TLS is about frame sizes, which helps nobody.
        string what = words.Contains("frame", StringComparison.OrdinalIgnoreCase) ? "it did not answer in TLS" : words.TrimEnd('.');
        return $"{what}; if it serves plain HTTP, its URL begins with http://";
    }

    private static T? FindInner<T>(Exception exception)
        where T : Exception
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is T found)
                return found;
        }

        return null;
    }
}
