using System.Net;
using System.Net.Sockets;
using Freshet.Network;

namespace Freshet.Tests.Network;

public class NetworkBindingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.Dgram)]
    public void Every_socket_is_bound_to_the_address(SocketType type)
    {
        using Socket socket = new NetworkBinding(IPAddress.Parse("127.0.0.7")).Open(AddressFamily.InterNetwork, type);
        Assert.Equal(IPAddress.Parse("127.0.0.7"), ((IPEndPoint)socket.LocalEndPoint!).Address);
    }

    [Theory]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.Dgram)]
    public void Without_the_address_there_is_no_socket(SocketType type)
    {
        NetworkBinding binding = new(IPAddress.Parse("192.0.2.1"));
        SocketException missing = Assert.Throws<SocketException>(() => binding.Open(AddressFamily.InterNetwork, type));
        Assert.Equal(SocketError.AddressNotAvailable, missing.SocketErrorCode);
        SocketException other = Assert.Throws<SocketException>(() => binding.Open(AddressFamily.InterNetworkV6, type));
        Assert.Equal(SocketError.AddressFamilyNotSupported, other.SocketErrorCode);
    }

    [Fact]
    public async Task The_loss_of_an_address_is_reported_once_and_so_is_its_return()
    {
        bool isHere = true;
        NetworkBinding binding = new(IPAddress.Loopback)
        {
            NewSocket = (family, type) => isHere
                ? new Socket(family, type, ProtocolType.Udp)
                : throw new SocketException((int)SocketError.AddressNotAvailable),
        };
        Assert.False(binding.Check());
        Assert.Null(binding.Trouble);
        Assert.True(binding.Back.IsCompleted);
        isHere = false;
        Assert.True(binding.Check());
        Assert.False(binding.Check());
        Assert.Equal("127.0.0.1 is not an address of this machine any more", binding.Trouble);
        Task back = binding.Back;
        Assert.False(back.IsCompleted);
        isHere = true;
        Assert.Throws<SocketException>(() => binding.Open(AddressFamily.InterNetwork, SocketType.Dgram));
        Assert.True(binding.Check());
        await back.Bounded();
        binding.Open(AddressFamily.InterNetwork, SocketType.Dgram).Dispose();
    }

    [Fact]
    public async Task A_host_is_dialled_from_the_address_and_only_over_its_family()
    {
        using Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen();
        int port = ((IPEndPoint)server.LocalEndPoint!).Port;
        NetworkBinding binding = new(IPAddress.Parse("127.0.0.9"))
        {
            Names = new NameResolver(host => host == "both.test" ? [IPAddress.IPv6Loopback, IPAddress.Loopback] : [IPAddress.IPv6Loopback]),
        };
        HostDialer dialer = new(binding, TimeSpan.FromSeconds(30));
        using Socket near = await dialer.ConnectAsync("both.test", port, Token).AsTask().Bounded();
        Assert.Equal(IPAddress.Parse("127.0.0.9"), ((IPEndPoint)near.LocalEndPoint!).Address);
        SocketException none = await Assert.ThrowsAsync<SocketException>(
            () => dialer.ConnectAsync("six.test", port, Token).AsTask().Bounded());
        Assert.Equal(SocketError.AddressFamilyNotSupported, none.SocketErrorCode);
    }

    [Fact]
    public async Task A_host_whose_first_address_refuses_is_reached_by_its_second()
    {
        using Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.5"), 0));
        server.Listen();
        NetworkBinding binding = new() { Names = new NameResolver(_ => [IPAddress.Parse("127.0.0.4"), IPAddress.Parse("127.0.0.5")]) };
        int port = ((IPEndPoint)server.LocalEndPoint!).Port;
        HostDialer dialer = new(binding, TimeSpan.FromSeconds(30));
        using Socket near = await dialer.ConnectAsync("two.test", port, Token).AsTask().Bounded();
        Assert.Equal(IPAddress.Parse("127.0.0.5"), ((IPEndPoint)near.RemoteEndPoint!).Address);
    }
}
