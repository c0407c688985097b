using System.Net;
using System.Net.Sockets;
using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Proxies;
using Freshet.Network;

namespace Freshet.Tests.Connections;

/// <summary>
/// A peer that falls silent in the middle of any step of a plain handshake over TCP, directly or through a proxy, costs its slot for at
/// most the time-out. Encrypted handshakes are in <see cref="EncryptedHandshakeTests"/>, uTP in <see cref="DyingUtpPeerTests"/>.
/// </summary>
public sealed class DyingPeerTests : IDisposable
{
    private readonly ConnectionBudget _budget = new(9, 9);
    private readonly VirtualTime _time = new();
    private readonly FakeSession _session = new();

    // How much of a handshake was sent: length and name of the protocol, reserved bytes, info-hash, peer id.
    public static TheoryData<string, int> StepsOfTheHandshake => new()
    {
        { "before its first byte", 0 },
        { "in the name of the protocol", 10 },
        { "in its reserved bytes", 24 },
        { "in the info-hash", 40 },
        { "before its peer id", 48 },
        { "in its peer id", 67 },
    };

    public static TheoryData<string, ProxyKind, byte[]> StepsOfTheProxy => new()
    {
        { "before its method", ProxyKind.Socks5, [] },
        { "in its method", ProxyKind.Socks5, [5] },
        { "before it has checked the password", ProxyKind.Socks5, [5, 2] },
        { "before it has connected", ProxyKind.Socks5, [5, 0] },
        { "in its answer", ProxyKind.Socks5, [5, 0, 5, 0, 0] },
        { "in its address", ProxyKind.Socks5, [5, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0] },
        { "before its first line", ProxyKind.Http, [] },
        { "in its first line", ProxyKind.Http, [.. "HTTP/1.1 20"u8] },
        { "in its headers", ProxyKind.Http, [.. "HTTP/1.1 200 OK\r\nVia: x\r\n"u8] },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _session.Dispose();

    [Fact]
    public async Task A_peer_that_accepts_no_connection_costs_its_slot_for_the_connect_time_out()
    {
        // A listener whose queue is full answers nobody.
        using Socket server = Listen(backlog: 0);
        List<Socket> crowd = [];
        List<Task> connecting = [];
        try
        {
            while (connecting.TrueForAll(static task => task.IsCompleted) || connecting.Count < 3)
            {
                Assert.InRange(connecting.Count, 0, 100);
                Socket one = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                crowd.Add(one);
                connecting.Add(one.ConnectAsync(server.LocalEndPoint!, Token).AsTask());
            }

            Task<DialResult> dial = Dial(DialPlan.Direct(server.LocalEndPoint!), new TcpConnector(new NetworkBinding(), _time));
            Assert.Equal(DisconnectReason.TimedOut, await EndsWithinAsync(dial, ConnectionLimits.ConnectTimeoutSeconds));
        }
        finally
        {
            crowd.ForEach(static one => one.Dispose());
            await Patience.Until(() => connecting.TrueForAll(static task => task.IsCompleted));
            connecting.ForEach(static task => _ = task.Exception);
        }
    }

    [Theory]
    [MemberData(nameof(StepsOfTheHandshake))]
    public async Task A_peer_that_we_dial_and_that_dies_costs_its_slot_for_the_handshake_time_out(string step, int sent)
    {
        Assert.NotEmpty(step);
        using Socket server = Listen(backlog: 5);
        Task<DialResult> dial = Dial(DialPlan.Direct(server.LocalEndPoint!), new TcpConnector(new NetworkBinding(), _time));
        using Socket dying = await server.AcceptAsync(Token).AsTask().Bounded();
        await dying.SendAsync(HandshakeOf(FakeSession.Ours, sent), Token);
        Assert.Equal(DisconnectReason.TimedOut, await EndsWithinAsync(dial, ConnectionLimits.HandshakeTimeoutSeconds));
    }

    [Theory]
    [MemberData(nameof(StepsOfTheHandshake))]
    public async Task A_peer_that_dials_us_and_dies_costs_its_slot_for_the_handshake_time_out(string step, int sent)
    {
        Assert.NotEmpty(step);
        PeerListenerOptions options = new() { Binding = new NetworkBinding(IPAddress.Loopback), MaxHandshakes = 20, Time = _time };
        await using PeerListener listener = PeerListener.Start(options, _budget, _session);
        using Socket dying = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await dying.ConnectAsync(listener.EndPoints[0], Token);
        await dying.SendAsync(HandshakeOf(FakeSession.Theirs, sent), Token);
        await Patience.Until(() => listener.Handshakes == 1 && _time.SetTimers > 0);
        await _time.PassUntil(() => listener.Handshakes == 0);
        AssertElapsed(ConnectionLimits.HandshakeTimeoutSeconds);
        Assert.Empty(_session.Connected);
        Assert.Equal(0, _budget.Connections);
    }

    [Theory]
    [MemberData(nameof(StepsOfTheProxy))]
    public async Task A_proxy_that_dies_costs_the_slot_for_the_connect_time_out(string step, ProxyKind kind, byte[] says)
    {
        Assert.NotEmpty(step);
        using Socket server = Listen(backlog: 5);
        ProxyOptions options = new()
        {
            Kind = kind,
            Host = "127.0.0.1",
            Port = ((IPEndPoint)server.LocalEndPoint!).Port,
            UserName = "me",
            Password = "secret",
        };
        TcpConnector connector = new(new NetworkBinding(), _time)
        {
            Proxy = new ProxyDialer(options, new NetworkBinding(), TcpConnector.Patience),
        };
        Task<DialResult> dial = Dial(DialPlan.Direct(new IPEndPoint(IPAddress.Parse("192.0.2.7"), 6881)), connector);
        using Socket proxy = await server.AcceptAsync(Token).AsTask().Bounded();
        await proxy.SendAsync(says, Token);
        Assert.Equal(DisconnectReason.TimedOut, await EndsWithinAsync(dial, ConnectionLimits.ConnectTimeoutSeconds));
    }

    private static Socket Listen(int backlog)
    {
        Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen(backlog);
        return server;
    }

    private static byte[] HandshakeOf(Handshake handshake, int length)
    {
        byte[] bytes = new byte[Handshake.Length];
        handshake.Write(bytes);
        return bytes[..length];
    }

    private Task<DialResult> Dial(DialPlan plan, TcpConnector tcp) =>
        new PeerDialer(_budget, [tcp], time: _time).DialAsync(plan, FakeSession.Theirs, Token);

    private async Task<DisconnectReason> EndsWithinAsync(Task<DialResult> dial, int seconds)
    {
        await Patience.Until(() => _time.SetTimers > 0);
        Assert.Equal(1, _budget.Connections);
        await _time.PassUntil(() => dial.IsCompleted);
        AssertElapsed(seconds);
        Assert.Equal(0, _budget.Connections);
        return (await dial).Reason;
    }

    // The clock goes on while the threads that it woke do their work, so a little more than the time-out may have passed.
    private void AssertElapsed(int seconds) => Assert.InRange(_time.Elapsed.TotalSeconds, seconds, seconds + 5);
}
