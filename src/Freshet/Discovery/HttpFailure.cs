using System.Net.Sockets;
using System.Security.Authentication;

namespace Freshet.Discovery;

/// <summary>Says in words why a request to a tracker failed.</summary>
internal static class HttpFailure
{
    public static string Describe(Uri uri, Exception exception, HttpTrackerOptions options)
    {
        string host = $"{uri.Host}:{uri.Port}";
        if (exception is OperationCanceledException)
        {
            return exception.InnerException is TimeoutException
                ? $"{host} did not accept a connection within {options.ConnectTimeout.TotalSeconds:0.#} seconds"
                : $"{host} did not answer within {options.Timeout.TotalSeconds:0.#} seconds";
        }

        // Behind the cancelled ones, since those too may have a socket's error inside.
        if (FindInner<SocketException>(exception) is { } socket)
            return DescribeSocket(host, uri, socket.SocketErrorCode, options);
        if (FindInner<AuthenticationException>(exception) is { } authentication)
            return $"no secure connection to {host}: {authentication.Message}";
        return exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => $"{host} answered with headers that are too long",
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => $"{host} answered with something that is not HTTP",
            HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } or HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } =>
                $"{host} closed the connection before the answer was whole",
            UriFormatException => $"{host} redirected to something that is not a URL",
            InvalidDataException => $"{host} sent an answer that cannot be decompressed",
            _ => $"{host}: {exception.Message}",
        };
    }

    private static string DescribeSocket(string host, Uri uri, SocketError error, HttpTrackerOptions options) => error switch
    {
        SocketError.ConnectionRefused => $"{host} refused the connection",
        SocketError.ConnectionReset or SocketError.ConnectionAborted => $"{host} broke the connection",
        SocketError.TimedOut => $"{host} did not accept a connection",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown or SocketError.HostDown => $"there is no way to {host}",
        SocketError.HostNotFound or SocketError.NoData => $"the name {uri.Host} is not known",
        SocketError.TryAgain or SocketError.NoRecovery => $"the name {uri.Host} could not be looked up",
        SocketError.AddressNotAvailable when options.BindAddress is not null => $"this machine has no address {options.BindAddress} to connect from",
        SocketError.AddressFamilyNotSupported when options.BindAddress is not null =>
            $"{host} has no address that can be reached from {options.BindAddress}",
        _ => $"{host}: {new SocketException((int)error).Message}",
    };

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
