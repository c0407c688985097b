using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;

namespace Freshet.Core.Wire.Proxies;

/// <summary>Asks an HTTP proxy to connect to a target, by CONNECT (RFC 9110, section 9.3.6).</summary>
/// <remarks>A successful response has no body (section 15.3): the bytes after the empty line are from the target.</remarks>
internal sealed class HttpConnectHandshake : ProxyHandshake
{
    private readonly byte[] _statusLine = new byte["HTTP/1.1 200".Length];
    private int _received;
    private int _total;
    private int _endOfLines;

    /// <param name="target">The target.</param>
    /// <param name="user">The user name for the proxy (RFC 7617), or null.</param>
    /// <param name="password">The password, or null.</param>
    public HttpConnectHandshake(EndPoint target, string? user, string? password)
    {
        string authority = target switch
        {
            DnsEndPoint host => string.Create(CultureInfo.InvariantCulture, $"{host.Host}:{host.Port}"),

            // The number of an interface of ours says nothing to the proxy, and has no place in an authority (RFC 3986, section 3.2.2).
            IPEndPoint { Address.IsIPv6LinkLocal: true } near =>
                new IPEndPoint(new IPAddress(near.Address.GetAddressBytes()), near.Port).ToString(),
            _ => target.ToString()!,
        };
        StringBuilder request = new($"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n");
        if (user is not null)
            request.Append("Proxy-Authorization: Basic ").Append(Encode($"{user}:{password}")).Append("\r\n");
        Send(Encoding.ASCII.GetBytes(request.Append("\r\n").ToString()));
    }

    public override int OnReceived(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (_received < _statusLine.Length)
                _statusLine[_received] = bytes[i];
            _received++;
            _total++;
            if (_received == _statusLine.Length && !IsHttp(_statusLine))
                Fail(ProxyFailure.Proxy, "does not speak HTTP");
            else if (_total > ProxyLimits.MaxConnectAnswer)
                Fail(ProxyFailure.Proxy, "answered with headers that are too long");
            else if (IsEnd(bytes[i]))
                OnAnswer();
            if (Next != ProxyStep.Receive)
                return i + 1;
        }

        return bytes.Length;
    }

    // An empty line ends the headers; lines may end without the carriage return (RFC 9112, section 2.2).
    private bool IsEnd(byte next)
    {
        _endOfLines = next switch
        {
            (byte)'\n' => _endOfLines + 1,
            (byte)'\r' => _endOfLines,
            _ => 0,
        };
        return _endOfLines == 2;
    }

    private void OnAnswer()
    {
        if (_received < _statusLine.Length || !Utf8Parser.TryParse(_statusLine.AsSpan(9), out int status, out int length) || length != 3)
        {
            Fail(ProxyFailure.Proxy, "does not speak HTTP");
            return;
        }

        switch (status)
        {
            case >= 200 and < 300:
                Finish();
                break;
            case >= 100 and < 200:
                // An interim response.
                (_received, _endOfLines) = (0, 0);
                break;
            case 401 or 407:
                Fail(ProxyFailure.Proxy, $"wants another user name and password (HTTP {status})");
                break;
            case 403 or 405:
                Fail(ProxyFailure.Proxy, $"does not allow it by its rules (HTTP {status})");
                break;
            case 502 or 503:
                Fail(ProxyFailure.Unreachable, $"could not connect (HTTP {status})");
                break;
            case 504:
                Fail(ProxyFailure.TimedOut, $"got no answer from there (HTTP {status})");
                break;
            default:
                Fail(ProxyFailure.Unreachable, $"answered HTTP {status}");
                break;
        }
    }

    private static bool IsHttp(ReadOnlySpan<byte> line) => line.StartsWith("HTTP/1."u8) && line[8] == ' ';

    private static string Encode(string credentials) => Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));
}
