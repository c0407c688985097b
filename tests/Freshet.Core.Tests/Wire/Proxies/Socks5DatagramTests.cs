using System.Net;
using Freshet.Core.Wire.Proxies;

namespace Freshet.Core.Tests.Wire.Proxies;

public class Socks5DatagramTests
{
    [Theory]
    [InlineData("192.0.2.7", 10)]
    [InlineData("2001:db8::1", 22)]
    public void A_datagram_that_is_written_is_read_back(string address, int header)
    {
        byte[] datagram = new byte[header + 5];
        byte[] target = IPAddress.Parse(address).GetAddressBytes();
        Assert.Equal(header, Socks5Datagram.WriteHeader(datagram, target, 6881));
        "hello"u8.CopyTo(datagram.AsSpan(header));
        Assert.True(Socks5Datagram.TryRead(
            datagram, out bool isName, out ReadOnlySpan<byte> sender, out ushort port, out ReadOnlySpan<byte> payload));
        Assert.False(isName);
        Assert.Equal(target, sender);
        Assert.Equal(6881, port);
        Assert.Equal("hello"u8, payload);
    }

    [Fact]
    public void A_host_is_written_by_name()
    {
        byte[] buffer = new byte[Socks5Datagram.MaxHeader];
        int length = Socks5Datagram.WriteHeader(buffer, new DnsEndPoint("a.test", 80));
        Assert.Equal([0, 0, 0, 3, 6, .. "a.test"u8, 0, 80], buffer[..length]);
        Assert.True(Socks5Datagram.TryRead(
            buffer.AsSpan(0, length), out bool isName, out ReadOnlySpan<byte> sender, out ushort port, out ReadOnlySpan<byte> payload));
        Assert.True(isName);
        Assert.Equal("a.test"u8, sender);
        Assert.Equal(80, port);
        Assert.True(payload.IsEmpty);
        Assert.Equal(buffer.Length, Socks5Datagram.WriteHeader(buffer, new DnsEndPoint(new string('a', 255), 80)));
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 1, 192, 0, 2, 7, 1, 2 })]
    [InlineData(new byte[] { 0, 0, 0, 3, 1, 97, 1, 2 })]
    public void A_datagram_that_is_cut_short_is_refused(byte[] whole)
    {
        Assert.True(Socks5Datagram.TryRead(whole, out _, out _, out _, out ReadOnlySpan<byte> payload));
        Assert.True(payload.IsEmpty);
        for (int length = 0; length < whole.Length; length++)
            Assert.False(Socks5Datagram.TryRead(whole.AsSpan(0, length), out _, out _, out _, out _));
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 1, 1, 192, 0, 2, 7, 1, 2, 3 })]
    [InlineData(new byte[] { 0, 0, 0, 2, 192, 0, 2, 7, 1, 2, 3 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 97, 1, 2, 3, 4, 5 })]
    public void Fragments_and_unknown_kinds_of_address_are_refused(byte[] datagram) =>
        Assert.False(Socks5Datagram.TryRead(datagram, out _, out _, out _, out _));

    [Fact]
    public void Nothing_can_be_sent_to_an_address_that_stands_for_a_name()
    {
        Assert.Equal(IPAddress.Parse("0.1.0.2"), StandIn.Of(0x10002));
        Assert.Equal(0x10002, StandIn.NumberOf(0x10002));
        Assert.Equal(0, StandIn.NumberOf(0x0A000001));
        Assert.True(StandIn.Is(StandIn.Of(1)));
        Assert.False(StandIn.Is(IPAddress.Any));
        Assert.False(StandIn.Is(IPAddress.IPv6Loopback));
        Assert.False(StandIn.Is(IPAddress.Loopback));
    }
}
