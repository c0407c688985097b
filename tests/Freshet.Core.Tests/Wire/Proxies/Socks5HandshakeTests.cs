using System.Net;
using Freshet.Core.Wire.Proxies;

namespace Freshet.Core.Tests.Wire.Proxies;

public class Socks5HandshakeTests
{
    private static readonly IPEndPoint Target = new(IPAddress.Parse("192.0.2.7"), 6881);
    private static readonly byte[] Accepted = [5, 0, 0, 1, 10, 0, 0, 1, 4, 56];

    [Fact]
    public void Without_a_user_no_password_is_offered_and_the_target_is_requested_by_address()
    {
        Socks5Handshake handshake = Socks5Handshake.Connect(Target, null, null);
        (List<byte[]> sent, _) = ProxyTalk.Run(handshake, [5, 0, .. Accepted]);
        Assert.Equal([[5, 1, 0], [5, 1, 0, 1, 192, 0, 2, 7, 0x1A, 0xE1]], sent);
        Assert.Equal(ProxyStep.Done, handshake.Next);
    }

    [Fact]
    public void User_and_password_are_sent_if_the_proxy_wants_them()
    {
        Socks5Handshake handshake = Socks5Handshake.Connect(new DnsEndPoint("a.test", 80), "me", "pé");
        (List<byte[]> sent, _) = ProxyTalk.Run(handshake, [5, 2, 1, 0, .. Accepted]);
        Assert.Equal([5, 2, 0, 2], sent[0]);
        Assert.Equal([1, 2, .. "me"u8, 3, .. "pé"u8], sent[1]);
        Assert.Equal([5, 1, 0, 3, 6, .. "a.test"u8, 0, 80], sent[2]);
        Assert.Equal(ProxyStep.Done, handshake.Next);
    }

    [Fact]
    public void An_ipv6_target_is_sent_as_such_and_a_mapped_one_as_ipv4()
    {
        IPAddress v6 = IPAddress.Parse("2001:db8::1");
        (List<byte[]> sent, _) = ProxyTalk.Run(Socks5Handshake.Connect(new IPEndPoint(v6, 1), null, null), [5, 0]);
        Assert.Equal([5, 1, 0, 4, .. v6.GetAddressBytes(), 0, 1], sent[1]);
        IPEndPoint mapped = new(IPAddress.Parse("192.0.2.7").MapToIPv6(), 6881);
        (sent, _) = ProxyTalk.Run(Socks5Handshake.Connect(mapped, null, null), [5, 0]);
        Assert.Equal([5, 1, 0, 1, 192, 0, 2, 7, 0x1A, 0xE1], sent[1]);
    }

    [Theory]
    [InlineData(new byte[] { 1, 10, 0, 0, 1, 4, 56 })]
    [InlineData(new byte[] { 3, 3, 97, 98, 99, 4, 56 })]
    [InlineData(new byte[] { 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 4, 56 })]
    public void Nothing_of_the_target_is_consumed_however_the_bytes_are_split(byte[] bound)
    {
        byte[] proxy = [5, 2, 1, 0, 5, 0, 0, .. bound];
        byte[] says = [.. proxy, .. "hello"u8];
        for (int atOnce = 1; atOnce <= says.Length; atOnce++)
        {
            Socks5Handshake handshake = Socks5Handshake.Connect(Target, "me", "secret");
            Assert.Equal(proxy.Length, ProxyTalk.Run(handshake, says, atOnce).Consumed);
            Assert.Equal(ProxyStep.Done, handshake.Next);
        }
    }

    [Fact]
    public void The_longest_name_fits_and_so_does_the_longest_in_an_answer()
    {
        string name = new('a', 255);
        Socks5Handshake handshake = Socks5Handshake.Connect(new DnsEndPoint(name, 65_535), new string('u', 255), new string('p', 255));
        byte[] bound = [3, 255, .. new byte[255], 1, 2];
        (List<byte[]> sent, _) = ProxyTalk.Run(handshake, [5, 2, 1, 0, 5, 0, 0, .. bound]);
        Assert.Equal((513, 262), (sent[1].Length, sent[2].Length));
        Assert.Equal(ProxyStep.Done, handshake.Next);
    }

    [Theory]
    [InlineData("does not speak SOCKS5", ProxyFailure.Proxy, new byte[] { 4, 0 })]
    [InlineData("does not speak SOCKS5", ProxyFailure.Proxy, new byte[] { 72, 84 })]
    [InlineData("wants a user name and a password", ProxyFailure.Proxy, new byte[] { 5, 255 })]
    [InlineData("chose a way to log in that was not offered", ProxyFailure.Proxy, new byte[] { 5, 2 })]
    [InlineData("chose a way to log in that was not offered", ProxyFailure.Proxy, new byte[] { 5, 1 })]
    [InlineData("answered with something that is not SOCKS5", ProxyFailure.Proxy, new byte[] { 5, 0, 4, 0, 0, 1, 0 })]
    [InlineData("answered with a kind of address that there is not", ProxyFailure.Proxy, new byte[] { 5, 0, 5, 0, 0, 2, 0 })]
    [InlineData("does not allow it by its rules", ProxyFailure.Proxy, new byte[] { 5, 0, 5, 2, 0, 1, 0 })]
    [InlineData("cannot reach that network", ProxyFailure.Unreachable, new byte[] { 5, 0, 5, 3, 0, 1, 0 })]
    [InlineData("cannot reach that host", ProxyFailure.Unreachable, new byte[] { 5, 0, 5, 4, 0, 1, 0 })]
    [InlineData("was refused the connection", ProxyFailure.Refused, new byte[] { 5, 0, 5, 5, 0, 1, 0 })]
    [InlineData("got no answer from there", ProxyFailure.TimedOut, new byte[] { 5, 0, 5, 6, 0, 1, 0 })]
    [InlineData("opens no connections", ProxyFailure.Unsupported, new byte[] { 5, 0, 5, 7, 0, 1, 0 })]
    [InlineData("could not connect, and does not say why", ProxyFailure.Unreachable, new byte[] { 5, 0, 5, 99, 0, 1, 0 })]
    [InlineData("does not allow it by its rules", ProxyFailure.Proxy, new byte[] { 5, 0, 5, 2 })]
    [InlineData("answered with something that is not SOCKS5", ProxyFailure.Proxy, new byte[] { 5, 0, 72, 84 })]
    internal void A_proxy_that_refuses_is_reported_in_words(string words, ProxyFailure failure, byte[] says)
    {
        for (int atOnce = 1; atOnce <= says.Length; atOnce++)
        {
            Socks5Handshake handshake = Socks5Handshake.Connect(Target, null, null);
            ProxyTalk.Run(handshake, says, atOnce);
            Assert.Equal((ProxyStep.Failed, failure, words), (handshake.Next, handshake.Failure, handshake.Words));
        }
    }

    [Fact]
    public void A_datagram_relay_is_requested_for_any_sender_and_the_answer_says_where_to_send()
    {
        Socks5Handshake handshake = Socks5Handshake.Associate(null, null);
        (List<byte[]> sent, _) = ProxyTalk.Run(handshake, [5, 0, .. Accepted]);
        Assert.Equal([5, 3, 0, 1, 0, 0, 0, 0, 0, 0], sent[1]);
        Assert.Equal(new IPEndPoint(IPAddress.Parse("10.0.0.1"), 1080), handshake.Bound);
        handshake = Socks5Handshake.Associate(null, null);
        ProxyTalk.Run(handshake, [5, 0, 5, 7, 0, 1, 0]);
        Assert.Equal((ProxyFailure.Unsupported, "relays no UDP"), (handshake.Failure, handshake.Words));
        handshake = Socks5Handshake.Associate(null, null);
        ProxyTalk.Run(handshake, [5, 0, 5, 0, 0, 3, 1, 97, 4, 56]);
        Assert.Equal((ProxyStep.Done, new IPEndPoint(IPAddress.Any, 1080)), (handshake.Next, handshake.Bound));
    }

    [Theory]
    [InlineData("does not accept this user name and password", new byte[] { 5, 2, 1, 1 })]
    [InlineData("answered user and password with something that is not RFC 1929", new byte[] { 5, 2, 5, 0 })]
    [InlineData("lets nobody in by user name and password", new byte[] { 5, 255 })]
    public void A_proxy_that_refuses_the_login_is_reported_without_the_password(string words, byte[] says)
    {
        Socks5Handshake handshake = Socks5Handshake.Connect(Target, "me", "secret");
        ProxyTalk.Run(handshake, says);
        Assert.Equal((ProxyStep.Failed, ProxyFailure.Proxy, words), (handshake.Next, handshake.Failure, handshake.Words));
    }
}
