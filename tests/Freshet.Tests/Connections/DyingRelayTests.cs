using System.Net;
using System.Net.Sockets;
using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Core.Utp;
using Freshet.Core.Wire.Proxies;
using Freshet.Network;

namespace Freshet.Tests.Connections;

/// <summary>
/// A SOCKS5 proxy that dies in the middle of any step of UDP ASSOCIATE, or once it relays: a peer that is dialled over uTP through it costs
/// its slot for at most the connect time-out, and the request to the proxy ends with its own.
/// </summary>
public sealed class DyingRelayTests : IAsyncDisposable
{
    private readonly ConnectionBudget _budget = new(9, 9);
    private readonly VirtualTime _time = new();
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _relay = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly UdpMux _mux;
    private readonly UtpProtocol _utp;
    private readonly List<string> _troubles = [];

    public DyingRelayTests()
    {
        _server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _server.Listen(5);
        _relay.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        ProxyOptions options = new()
        {
            Kind = ProxyKind.Socks5,
            Host = "127.0.0.1",
            Port = ((IPEndPoint)_server.LocalEndPoint!).Port,
            UserName = "me",
            Password = "secret",
        };
        _mux = new UdpMux(new UdpMuxOptions
        {
            Binding = new NetworkBinding(),
            Proxy = new ProxyDialer(options, new NetworkBinding(), TcpConnector.Patience),
            OnTrouble = trouble =>
            {
                lock (_troubles)
                    _troubles.Add(trouble);
            },
            Time = _time,
        });
        _utp = new UtpProtocol(_mux, new UtpMachineOptions { MaxConnections = 10, Secret = new byte[32] }, new Random(1), _time);
        _utp.Start();
    }

    public static TheoryData<string, byte[]> Steps => new()
    {
        { "before its method", [] },
        { "in its method", [5] },
        { "before it has checked the password", [5, 2] },
        { "before it relays", [5, 0] },
        { "in its answer", [5, 0, 5, 0, 0] },
        { "in its address", [5, 0, 5, 0, 0, 1, 127, 0, 0, 1, 9] },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        Task leaving = _utp.DisposeAsync().AsTask();
        await _time.PassUntil(() => leaving.IsCompleted);
        await _mux.DisposeAsync();
        _server.Dispose();
        _relay.Dispose();
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_proxy_that_dies_before_it_relays_costs_the_connect_time_out(string step, byte[] says)
    {
        Assert.NotEmpty(step);
        using Socket proxy = await _server.AcceptAsync(Token).AsTask().Bounded();
        await proxy.SendAsync(says, Token);
        await DialEndsInTimeAsync();
        Assert.Null(_mux.Trouble);
        await _time.PassUntil(() => _mux.Trouble is not null);
        Assert.InRange(_time.Elapsed.TotalSeconds, NetworkLimits.RelayTimeoutSeconds, NetworkLimits.RelayTimeoutSeconds + 5);
        lock (_troubles)
            Assert.Equal(["the proxy does not answer"], _troubles);

        // The next dial does not wait for what is known to fail.
        DialResult next = await DialAsync().Bounded();
        Assert.Equal((DisconnectReason.NetworkError, "the proxy does not answer"), (next.Reason, next.Detail));
        Assert.Equal(0, _budget.Connections);
    }

    [Fact]
    public async Task A_proxy_that_dies_while_it_relays_costs_the_connect_time_out()
    {
        using Socket proxy = await _server.AcceptAsync(Token).AsTask().Bounded();
        int port = ((IPEndPoint)_relay.LocalEndPoint!).Port;
        await proxy.SendAsync((byte[])[5, 0, 5, 0, 0, 1, 127, 0, 0, 1, (byte)(port >> 8), (byte)port], Token);
        Assert.Null(await _mux.WhenOpenAsync(Token).Bounded());
        await DialEndsInTimeAsync();

        // It was sent to the relay, and nowhere else.
        Assert.True(_relay.Available > 0);
    }

    /// <summary>
    /// The connection by which it was asked to relay says nothing, for as long as it relays. By itself Linux would ask after two hours
    /// whether the proxy is still there, and routers forget such a connection before that.
    /// </summary>
    [Fact]
    public async Task A_proxy_that_relays_is_asked_after_a_minute_whether_it_is_still_there()
    {
        Requires.That(OperatingSystem.IsLinux(), "Only Linux shows the timers of connections.");
        using Socket proxy = await _server.AcceptAsync(Token).AsTask().Bounded();
        int port = ((IPEndPoint)_relay.LocalEndPoint!).Port;
        await proxy.SendAsync((byte[])[5, 0, 5, 0, 0, 1, 127, 0, 0, 1, (byte)(port >> 8), (byte)port], Token);
        Assert.Null(await _mux.WhenOpenAsync(Token).Bounded());
        TimeSpan? asked = null;
        await Patience.Until(() => (asked = UntilKeepAlive(proxy)) is not null);
        Assert.InRange(asked!.Value.TotalSeconds, 1, NetworkLimits.RelaySilenceSeconds);
    }

    // "sl local_address rem_address st tx_queue:rx_queue tr:tm->when ...", where the timer 2 is the keep-alive, in hundredths of a second.
    private static TimeSpan? UntilKeepAlive(Socket proxy)
    {
        string from = $":{((IPEndPoint)proxy.RemoteEndPoint!).Port:X4}";
        string to = $":{((IPEndPoint)proxy.LocalEndPoint!).Port:X4}";
        foreach (string line in File.ReadLines("/proc/net/tcp").Concat(File.ReadLines("/proc/net/tcp6")))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields[1].EndsWith(from, StringComparison.Ordinal) && fields[2].EndsWith(to, StringComparison.Ordinal)
                && fields[5].StartsWith("02:", StringComparison.Ordinal))
                return TimeSpan.FromMilliseconds(10 * Convert.ToInt64(fields[5][3..], 16));
        }

        return null;
    }

    private Task<DialResult> DialAsync()
    {
        UtpConnector connector = new(new NetworkBinding(), () => _utp, _time);
        DialPlan plan = new(new IPEndPoint(IPAddress.Parse("192.0.2.7"), 6881), [new DialRoute(PeerTransport.Utp)], [false]);
        return new PeerDialer(_budget, [connector], time: _time).DialAsync(plan, FakeSession.Theirs, Token);
    }

    private async Task DialEndsInTimeAsync()
    {
        TimeSpan began = _time.Elapsed;
        Task<DialResult> dial = DialAsync();
        await Patience.Until(() => _budget.Connections == 1);
        await _time.PassUntil(() => dial.IsCompleted);
        Assert.InRange((_time.Elapsed - began).TotalSeconds, 1, ConnectionLimits.ConnectTimeoutSeconds + 5);
        Assert.Equal(DisconnectReason.TimedOut, (await dial).Reason);
        Assert.Equal(0, _budget.Connections);
    }
}
