using System.Net;
using System.Net.Sockets;
using System.Text;
using Freshet.Core.Wire.Proxies;
using Freshet.Network;

namespace Freshet.Tests.Network;

public class ProxyDialerTests
{
    private static readonly IPEndPoint Target = new(IPAddress.Parse("192.0.2.7"), 6881);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("microsocks", ProxyKind.Socks5, false)]
    [InlineData("microsocks", ProxyKind.Socks5, true)]
    [InlineData("danted", ProxyKind.Socks5, false)]
    [InlineData("tinyproxy", ProxyKind.Http, false)]
    public async Task Common_proxies_open_the_way(string program, ProxyKind kind, bool wantsPassword)
    {
        using ProxyProgram proxy = await ProxyProgram.StartAsync(program, wantsPassword);
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        ProxyDialer dialer = Dialer(proxy.Options(
            kind, wantsPassword ? ProxyProgram.User : null, wantsPassword ? ProxyProgram.Password : null));

        // By address, and by a name that the proxy looks up.
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        foreach (EndPoint target in (EndPoint[])[new IPEndPoint(IPAddress.Loopback, port), new DnsEndPoint("localhost", port)])
        {
            using Socket near = await dialer.ConnectAsync(target, Token).AsTask().Bounded();
            using Socket far = await listener.AcceptSocketAsync(Token).AsTask().Bounded();
            await near.SendAsync("there"u8.ToArray(), Token);
            Assert.Equal("there", await ReadAsync(far, 5));
            await far.SendAsync("back"u8.ToArray(), Token);
            Assert.Equal("back", await ReadAsync(near, 4));
        }
    }

    [Theory]
    [InlineData("does not accept this user name and password", ProxyProgram.User, "wrong")]
    [InlineData("wants a user name and a password", null, null)]
    public async Task A_refused_login_is_reported_without_the_password(string words, string? user, string? password)
    {
        using ProxyProgram proxy = await ProxyProgram.StartAsync("microsocks", wantsPassword: true);
        ProxyDialer dialer = Dialer(proxy.Options(ProxyKind.Socks5, user, password));
        ProxyException e = await Assert.ThrowsAsync<ProxyException>(() => dialer.ConnectAsync(Target, Token).AsTask().Bounded());
        Assert.Contains(words, e.Message);
        Assert.DoesNotContain("wrong", e.Message);
    }

    [Theory]
    [InlineData("microsocks", ProxyKind.Socks5)]
    [InlineData("tinyproxy", ProxyKind.Http)]
    public async Task A_target_that_refuses_is_reported_in_the_proxys_words(string program, ProxyKind kind)
    {
        using ProxyProgram proxy = await ProxyProgram.StartAsync(program, wantsPassword: false);
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        IPEndPoint gone = (IPEndPoint)listener.LocalEndpoint;
        listener.Stop();
        ProxyException e = await Assert.ThrowsAsync<ProxyException>(
            () => Dialer(proxy.Options(kind)).ConnectAsync(gone, Token).AsTask().Bounded());
        Assert.Contains($"(for {gone})", e.Message);
    }

    [Theory]
    [InlineData(ProxyKind.Socks5, new byte[0])]
    [InlineData(ProxyKind.Socks5, new byte[] { 5 })]
    [InlineData(ProxyKind.Socks5, new byte[] { 5, 0 })]
    [InlineData(ProxyKind.Socks5, new byte[] { 5, 0, 5, 0, 0 })]
    [InlineData(ProxyKind.Socks5, new byte[] { 5, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0 })]
    [InlineData(ProxyKind.Socks5, new byte[] { 5, 2 })]
    [InlineData(ProxyKind.Socks5, new byte[] { 5, 2, 1 })]
    [InlineData(ProxyKind.Http, new byte[0])]
    [InlineData(ProxyKind.Http, new byte[] { 72, 84, 84, 80, 47, 49, 46, 49, 32, 50, 48, 48, 13, 10 })]
    public async Task A_proxy_that_leaves_or_falls_silent_at_any_step_costs_no_more_than_the_time_out(ProxyKind kind, byte[] says)
    {
        foreach (bool leaves in (bool[])[true, false])
        {
            using TcpListener listener = new(IPAddress.Loopback, 0);
            listener.Start();
            using CancellationTokenSource patience = new();
            Task<Socket> dial = DialerOf(listener, kind).ConnectAsync(Target, patience.Token).AsTask();
            using Socket proxy = await listener.AcceptSocketAsync(Token).AsTask().Bounded();
            await proxy.SendAsync(says, Token);
            if (leaves)
            {
                proxy.Shutdown(SocketShutdown.Send);
                ProxyException e = await Assert.ThrowsAsync<ProxyException>(() => dial.Bounded());
                Assert.Contains("broke the connection", e.Message);
                continue;
            }

            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dial.Bounded());
            await ReadToEndAsync(proxy);
        }
    }

    [Fact]
    public async Task Bytes_of_the_target_right_behind_the_proxys_answer_are_not_lost()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<Socket> dial = DialerOf(listener, ProxyKind.Socks5).ConnectAsync(Target, Token).AsTask();
        using Socket proxy = await listener.AcceptSocketAsync(Token).AsTask().Bounded();
        await proxy.SendAsync((byte[])[5, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. "hello"u8], Token);
        using Socket near = await dial.Bounded();
        Assert.Equal("hello", await ReadAsync(near, 5));
    }

    [Fact]
    public async Task An_unreachable_proxy_is_named_in_the_error()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        ProxyDialer dialer = DialerOf(listener, ProxyKind.Socks5);
        string name = $"socks5://{listener.LocalEndpoint}";
        listener.Stop();
        ProxyException e = await Assert.ThrowsAsync<ProxyException>(() => dialer.ConnectAsync(Target, Token).AsTask().Bounded());
        Assert.StartsWith($"the proxy {name} cannot be reached", e.Message);
    }

    [Fact]
    public async Task Besides_the_proxy_no_socket_is_opened_and_no_name_looked_up()
    {
        NetworkBinding sealedOff = SealedBinding.Of(new NetworkBinding(IPAddress.Loopback));
        Assert.Throws<SocketException>(() => sealedOff.Open(AddressFamily.InterNetwork, SocketType.Stream));
        Assert.Throws<SocketException>(() => sealedOff.OpenAt(AddressFamily.InterNetwork, SocketType.Dgram, 0));
        (IPAddress[] addresses, string? failure) = await sealedOff.ResolveAsync("localhost", Token);
        Assert.Empty(addresses);
        Assert.Contains("Only the proxy may be used", failure);
    }

    private static ProxyDialer Dialer(ProxyOptions options) => new(options, new NetworkBinding(), TimeSpan.FromSeconds(10));

    private static ProxyDialer DialerOf(TcpListener listener, ProxyKind kind) => Dialer(new ProxyOptions
    {
        Kind = kind,
        Host = "127.0.0.1",
        Port = ((IPEndPoint)listener.LocalEndpoint).Port,
        UserName = "me",
        Password = "secret",
    });

    private static async Task<string> ReadAsync(Socket socket, int count)
    {
        byte[] bytes = new byte[count];
        for (int read = 0; read < count;)
        {
            int received = await socket.ReceiveAsync(bytes.AsMemory(read), Token).AsTask().Bounded();
            Assert.NotEqual(0, received);
            read += received;
        }

        return Encoding.ASCII.GetString(bytes);
    }

    private static async Task ReadToEndAsync(Socket socket)
    {
        byte[] bytes = new byte[1024];
        try
        {
            while (await socket.ReceiveAsync(bytes, Token).AsTask().Bounded() > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Closed with something unread, which resets the connection.
        }
    }
}
