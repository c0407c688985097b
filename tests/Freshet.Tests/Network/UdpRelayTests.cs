using System.Net;
using System.Net.Sockets;
using Freshet.Network;

namespace Freshet.Tests.Network;

public sealed class UdpRelayTests : IDisposable
{
    private static readonly UdpAddress Proxy = UdpAddress.From(IPEndPoint.Parse("192.0.2.1:1080"));
    private readonly RelayedNames _names = new();
    private readonly UdpRelay _relay;

    public UdpRelayTests() =>
        _relay = new UdpRelay(
            new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), IPEndPoint.Parse("192.0.2.1:1080"), _names);

    public void Dispose() => _relay.Dispose();

    [Fact]
    public void A_sender_that_the_proxy_names_has_the_address_that_stands_for_the_name()
    {
        IPAddress tracker = _names.AddressOf("tracker.test");
        Assert.Equal($"{tracker}:80", Read([0, 0, 0, 3, 12, .. "Tracker.TEST"u8, 0, 80, 1, 2, 3], Proxy, payload: [1, 2, 3]));
        Assert.Equal("203.0.113.9:80", Read([0, 0, 0, 1, 203, 0, 113, 9, 0, 80, 1], Proxy, payload: [1]));
    }

    [Theory]
    [InlineData("other.test")]
    [InlineData("")]
    [InlineData("tracker.test\u0080")]
    public void A_sender_whose_name_was_never_sent_to_is_nobody(string name)
    {
        _names.AddressOf("tracker.test");
        byte[] host = System.Text.Encoding.Latin1.GetBytes(name);
        Assert.Null(Read([0, 0, 0, 3, (byte)host.Length, .. host, 0, 80, 1], Proxy, payload: []));
    }

    [Fact]
    public void Who_is_not_the_proxy_is_not_believed() =>
        Assert.Null(Read([0, 0, 0, 1, 203, 0, 113, 9, 0, 80, 1], UdpAddress.From(IPEndPoint.Parse("192.0.2.1:1081")), payload: []));

    private string? Read(byte[] datagram, UdpAddress sender, byte[] payload)
    {
        ReadOnlySpan<byte> read = datagram;
        if (!_relay.TryRead(ref read, ref sender))
            return null;
        Assert.Equal(payload, read);
        return sender.ToString();
    }
}
