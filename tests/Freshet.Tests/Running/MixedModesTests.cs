using System.Net;
using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Running;

namespace Freshet.Tests.Running;

public class MixedModesTests
{
    private const int Line = 1_000_000;

    private static readonly TransportQueueing Queued = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100));

    private readonly MixedModes _modes = new();
    private readonly Limits _first = new();
    private readonly Limits _second = new();
    private Timestamp _now = new(TimeSpan.TicksPerDay);

    [Fact]
    public void Torrents_share_what_tcp_may_upload_by_their_active_connections()
    {
        Connection utp = new("192.0.2.1") { Queueing = Queued };
        List<Connection> tcp = [.. Enumerable.Range(2, 3).Select(static i => new Connection($"192.0.2.{i}"))];
        _modes.Add(utp, PeerTransport.Utp, _first);
        tcp.ForEach(connection => _modes.Add(connection, PeerTransport.Tcp, connection == tcp[0] ? _first : _second));
        Pass(() => tcp.ForEach(static connection => connection.BytesSent += Line / 3));

        // uTP hardly moves: a quarter of the line is its part, and the rest is that of three connections in two torrents.
        Assert.InRange(_first.Upload!.Value, Line / 4, (Line / 4) + 2_000);
        Assert.InRange(_second.Upload!.Value, Line / 2, (Line / 2) + 4_000);
        Assert.Null(_first.Download);
        Assert.Null(_second.Download);

        _modes.Remove(utp);
        Pass(static () => { });
        Assert.Null(_first.Upload);
        Assert.Null(_second.Upload);

        void Pass(Action transfer) => this.Pass(() =>
        {
            transfer();
            utp.BytesSent += 5_000;
        });
    }

    [Fact]
    public void Each_direction_is_limited_for_itself()
    {
        Connection utp = new("192.0.2.1") { Queueing = Queued with { Sent = TimeSpan.Zero } };
        Connection tcp = new("192.0.2.2");
        _modes.Add(utp, PeerTransport.Utp, _first);
        _modes.Add(tcp, PeerTransport.Tcp, _first);
        Pass(() =>
        {
            (tcp.BytesReceived, tcp.BytesSent) = (tcp.BytesReceived + Line, tcp.BytesSent + Line);
            (utp.BytesReceived, utp.BytesSent) = (utp.BytesReceived + 5_000, utp.BytesSent + 5_000);
        });
        Assert.InRange(_first.Download!.Value, Line / 2, (Line / 2) + 5_000);
        Assert.Null(_first.Upload);
    }

    [Theory]
    [InlineData("192.168.1.5", "192.0.2.2")]
    [InlineData("192.0.2.1", "10.0.0.2")]
    public void Peers_on_the_local_network_are_left_out(string utp, string tcp)
    {
        Connection overUtp = new(utp) { Queueing = Queued };
        Connection overTcp = new(tcp);
        _modes.Add(overUtp, PeerTransport.Utp, _first);
        _modes.Add(overTcp, PeerTransport.Tcp, _first);
        Pass(() =>
        {
            overTcp.BytesSent += Line;
            overUtp.BytesSent += 5_000;
        });
        Assert.Null(_first.Upload);
    }

    /// <summary>A single peer with a slow line of its own is no reason to limit anybody.</summary>
    [Fact]
    public void A_queue_that_few_find_is_not_ours()
    {
        List<Connection> utp = [.. Enumerable.Range(1, 4).Select(static i => new Connection($"192.0.2.{i}"))];
        utp[0].Queueing = Queued;
        Connection tcp = new("192.0.2.9");
        utp.ForEach(connection => _modes.Add(connection, PeerTransport.Utp, _first));
        _modes.Add(tcp, PeerTransport.Tcp, _first);
        Pass(() =>
        {
            tcp.BytesSent += Line;
            utp.ForEach(static connection => connection.BytesSent += 5_000);
        });
        Assert.Null(_first.Upload);
    }

    private void Pass(Action transfer)
    {
        for (int second = 0; second < 5; second++)
        {
            transfer();
            _now += TimeSpan.FromSeconds(1);
            _modes.Tick(_now);
        }
    }

    private sealed class Limits : ITcpLimits
    {
        public long? Download { get; private set; }

        public long? Upload { get; private set; }

        public void LimitTcp(DataRate? download, DataRate? upload) =>
            (Download, Upload) = (download?.BytesPerSecond, upload?.BytesPerSecond);
    }

    private sealed class Connection(string address) : IMixedConnection
    {
        public IPEndPoint RemoteEndPoint { get; } = new(IPAddress.Parse(address), 6881);

        public long BytesReceived { get; set; }

        public long BytesSent { get; set; }

        public TransportQueueing? Queueing { get; set; }
    }
}
