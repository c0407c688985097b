using System.Net;
using System.Text;
using Freshet.Core.Wire.Proxies;

namespace Freshet.Core.Tests.Wire.Proxies;

public class HttpConnectHandshakeTests
{
    private static readonly IPEndPoint Target = new(IPAddress.Parse("192.0.2.7"), 6881);

    [Fact]
    public void The_target_is_requested_as_an_authority_and_credentials_are_basic()
    {
        HttpConnectHandshake handshake = new(new DnsEndPoint("a.test", 80), "me", "secret");
        string sent = Encoding.ASCII.GetString(ProxyTalk.Run(handshake, []).Sent[0]);
        Assert.Equal("CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n\r\n", sent);
        handshake = new HttpConnectHandshake(new IPEndPoint(IPAddress.IPv6Loopback, 1), null, null);
        sent = Encoding.ASCII.GetString(ProxyTalk.Run(handshake, []).Sent[0]);
        Assert.Equal("CONNECT [::1]:1 HTTP/1.1\r\nHost: [::1]:1\r\n\r\n", sent);
        handshake = new HttpConnectHandshake(new IPEndPoint(IPAddress.Parse("fe80::1%3"), 1), null, null);
        sent = Encoding.ASCII.GetString(ProxyTalk.Run(handshake, []).Sent[0]);
        Assert.Equal("CONNECT [fe80::1]:1 HTTP/1.1\r\nHost: [fe80::1]:1\r\n\r\n", sent);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 Connection established\r\n\r\n")]
    [InlineData("HTTP/1.0 200\r\nProxy-agent: x\r\nA: b\r\n\r\n")]
    [InlineData("HTTP/1.1 204 x\n\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")]
    public void Nothing_of_the_target_is_consumed_however_the_bytes_are_split(string answer)
    {
        byte[] says = Encoding.ASCII.GetBytes(answer + "\r\n\r\nhello");
        for (int atOnce = 1; atOnce <= says.Length; atOnce++)
        {
            HttpConnectHandshake handshake = new(Target, null, null);
            Assert.Equal(answer.Length, ProxyTalk.Run(handshake, says, atOnce).Consumed);
            Assert.Equal(ProxyStep.Done, handshake.Next);
        }
    }

    [Theory]
    [InlineData("does not speak HTTP", ProxyFailure.Proxy, "SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("does not speak HTTP", ProxyFailure.Proxy, "HTTP/1.1 2x0 OK\r\n\r\n")]
    [InlineData("does not speak HTTP", ProxyFailure.Proxy, "\r\n\r\n")]
    [InlineData("wants another user name and password (HTTP 407)", ProxyFailure.Proxy, "HTTP/1.1 407 Auth\r\n\r\n")]
    [InlineData("does not allow it by its rules (HTTP 403)", ProxyFailure.Proxy, "HTTP/1.1 403 Filtered\r\nContent-Length: 9\r\n\r\n")]
    [InlineData("could not connect (HTTP 503)", ProxyFailure.Unreachable, "HTTP/1.1 503 Busy\r\n\r\n")]
    [InlineData("got no answer from there (HTTP 504)", ProxyFailure.TimedOut, "HTTP/1.1 504 Timeout\r\n\r\n")]
    [InlineData("answered HTTP 302", ProxyFailure.Unreachable, "HTTP/1.1 302 Elsewhere\r\nLocation: http://a.test\r\n\r\n")]
    internal void A_proxy_that_refuses_is_reported_in_words(string words, ProxyFailure failure, string answer)
    {
        byte[] says = Encoding.ASCII.GetBytes(answer);
        for (int atOnce = 1; atOnce <= says.Length; atOnce++)
        {
            HttpConnectHandshake handshake = new(Target, null, null);
            ProxyTalk.Run(handshake, says, atOnce);
            Assert.Equal((ProxyStep.Failed, failure, words), (handshake.Next, handshake.Failure, handshake.Words));
        }
    }

    [Fact]
    public void Endless_headers_are_given_up()
    {
        byte[] says = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n" + new string('a', 1 << 20));
        HttpConnectHandshake handshake = new(Target, null, null);
        Assert.Equal(ProxyLimits.MaxConnectAnswer + 1, ProxyTalk.Run(handshake, says, 1000).Consumed);
        Assert.Equal("answered with headers that are too long", handshake.Words);
    }
}
