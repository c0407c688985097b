using System.Net;
using System.Net.Sockets;
using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Core.Utp;
using Freshet.Core.Wire;
using Freshet.Network;

namespace Freshet.Tests.Connections;

/// <summary>
/// A peer that falls silent in the middle of any step of a handshake over uTP costs its slot for at most the time-out, and its place among
/// the connections of the port no longer. The peer is a bare socket that sends what the test tells it to.
/// </summary>
public sealed class DyingUtpPeerTests : IAsyncDisposable
{
    private static readonly SequenceNumber First = new(41_000);

    private readonly ConnectionBudget _budget = new(9, 9);
    private readonly VirtualTime _time = new();
    private readonly FakeSession _session = new();
    private readonly Socket _peer = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly UdpMux _mux;
    private readonly PeerListener _listener;
    private readonly UtpProtocol _utp;

    public DyingUtpPeerTests()
    {
        NetworkBinding binding = new(IPAddress.Loopback);
        _peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _mux = new UdpMux(new UdpMuxOptions { Binding = binding, Families = [AddressFamily.InterNetwork], Time = _time });
        PeerListenerOptions listening = new() { Binding = binding, MaxHandshakes = 20, Time = _time };
        _listener = PeerListener.Start(listening, _budget, _session);
        UtpMachineOptions options = new() { MaxConnections = 10, Secret = new byte[32] };
        _utp = new UtpProtocol(_mux, options, new Random(1), _time) { OnIncoming = _listener.TryAdd };
        _utp.Start();
    }

    // What was sent of the handshake; -1 if not even the opening packet was answered.
    public static TheoryData<string, int> StepsOfWhoIsDialled => new()
    {
        { "before it answers the SYN", -1 },
        { "after its STATE, without data", 0 },
        { "in the name of the protocol", 10 },
        { "before its peer id", 48 },
        { "in its peer id", 67 },
    };

    public static TheoryData<string, int> StepsOfWhoDials => new()
    {
        { "in the name of the protocol", 1 },
        { "in the info-hash", 40 },
        { "before its peer id", 48 },
        { "in its peer id", 67 },
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        Task leaving = _utp.DisposeAsync().AsTask();
        await _time.PassUntil(() => leaving.IsCompleted);
        await _listener.DisposeAsync();
        await _mux.DisposeAsync();
        _peer.Dispose();
        _session.Dispose();
    }

    [Theory]
    [MemberData(nameof(StepsOfWhoIsDialled))]
    public async Task A_peer_that_we_dial_and_that_dies_costs_its_slot_for_the_time_out(string step, int sent)
    {
        Assert.NotEmpty(step);
        await Patience.Until(() => _mux.EndPoints.Count > 0);
        DialPlan plan = new(_peer.LocalEndPoint!, [new DialRoute(PeerTransport.Utp)], [false]);
        UtpConnector connector = new(new NetworkBinding(IPAddress.Loopback), () => _utp, _time);
        Task<DialResult> dial = new PeerDialer(_budget, [connector], time: _time).DialAsync(plan, FakeSession.Theirs, Token);
        (UtpHeader syn, EndPoint dialler) = await ReceiveAsync(UtpPacketType.Syn);
        if (sent >= 0)
        {
            await SendAsync(new UtpHeader(UtpPacketType.State, syn.ConnectionId, First, syn.Sequence), [], dialler);

            // Its handshake comes once it is connected, and is acknowledged.
            (UtpHeader data, _) = await ReceiveAsync(UtpPacketType.Data);
            Assert.Equal(Handshake.Length, LastPayload.Length);
            UtpPacketType type = sent == 0 ? UtpPacketType.State : UtpPacketType.Data;
            await SendAsync(
                new UtpHeader(type, syn.ConnectionId, First, data.Sequence), HandshakeOf(FakeSession.Ours, sent), dialler);
        }

        await Patience.Until(() => _time.SetTimers > 1);
        Assert.Equal(1, _budget.Connections);
        await _time.PassUntil(() => dial.IsCompleted, settle: ConnectionsAsync);

        // Without an answer the protocol itself gives up first: it tries three times.
        Assert.InRange(_time.Elapsed.TotalSeconds, sent < 0 ? 6 : 10, ConnectionLimits.HandshakeTimeoutSeconds + 5);
        Assert.Equal(DisconnectReason.TimedOut, (await dial).Reason);
        Assert.Equal(0, _budget.Connections);
        await LeavesNothingAsync();
    }

    /// <summary>It may have a thousand addresses, or none: its answer is forgotten.</summary>
    [Fact]
    public async Task A_peer_that_dies_after_its_SYN_costs_nothing_at_all()
    {
        await Patience.Until(() => _mux.EndPoints.Count > 0);
        await SendAsync(new UtpHeader(UtpPacketType.Syn, 700, First, default), [], _mux.EndPoints[0]);
        (UtpHeader state, _) = await ReceiveAsync(UtpPacketType.State);
        Assert.Equal(First, state.Acknowledged);
        Assert.Equal(0, _listener.Handshakes);
        Assert.Equal(0, await ConnectionsAsync());
    }

    [Theory]
    [MemberData(nameof(StepsOfWhoDials))]
    public async Task A_peer_that_dials_us_and_dies_costs_its_slot_for_the_time_out(string step, int sent)
    {
        Assert.NotEmpty(step);
        await Patience.Until(() => _mux.EndPoints.Count > 0);
        EndPoint listening = _mux.EndPoints[0];
        await SendAsync(new UtpHeader(UtpPacketType.Syn, 700, First, default), [], listening);
        (UtpHeader state, _) = await ReceiveAsync(UtpPacketType.State);
        UtpHeader data = new(UtpPacketType.Data, 701, First + 1, state.Sequence - 1);
        await SendAsync(data, HandshakeOf(FakeSession.Theirs, sent), listening);
        await Patience.Until(() => _listener.Handshakes == 1 && _time.SetTimers > 0);
        Assert.Equal(1, await ConnectionsAsync());
        await _time.PassUntil(() => _listener.Handshakes == 0, settle: ConnectionsAsync);
        Assert.InRange(
            _time.Elapsed.TotalSeconds, ConnectionLimits.HandshakeTimeoutSeconds, ConnectionLimits.HandshakeTimeoutSeconds + 5);
        Assert.Empty(_session.Connected);
        Assert.Equal(0, _budget.Connections);
        await LeavesNothingAsync();
    }

    private byte[] LastPayload { get; set; } = [];

    private static byte[] HandshakeOf(Handshake handshake, int length)
    {
        byte[] bytes = new byte[Handshake.Length];
        handshake.Write(bytes);
        return bytes[..length];
    }

    // Nothing is owed to it, so nothing is kept for it.
    private async Task LeavesNothingAsync()
    {
        TimeSpan closed = _time.Elapsed;
        int left = -1;
        await _time.PassUntil(() => left == 0, settle: async () => left = await ConnectionsAsync());
        Assert.InRange((_time.Elapsed - closed).TotalSeconds, 0, 5);
    }

    private async Task<int> ConnectionsAsync()
    {
        TaskCompletionSource<int> count = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _mux.Post(() => count.SetResult(_utp.Connections));
        return await count.Task.Bounded();
    }

    private async Task SendAsync(UtpHeader header, byte[] payload, EndPoint target)
    {
        byte[] packet = new byte[UtpHeader.Length + payload.Length];
        (header with { Window = 100_000, Timestamp = 5 }).Write(packet);
        payload.CopyTo(packet, UtpHeader.Length);
        await _peer.SendToAsync(packet, target, Token);
    }

    // Packets that are sent again because the clock went on are ignored.
    private async Task<(UtpHeader Header, EndPoint Sender)> ReceiveAsync(UtpPacketType type)
    {
        byte[] packet = new byte[2_000];
        while (true)
        {
            SocketReceiveFromResult received =
                await _peer.ReceiveFromAsync(packet, new IPEndPoint(IPAddress.Any, 0), Token).AsTask().Bounded();
            UtpHeader header = UtpHeader.Read(packet.AsSpan(0, received.ReceivedBytes));
            if (header.Type != type)
                continue;
            LastPayload = packet[UtpHeader.Length..received.ReceivedBytes];
            return (header, received.RemoteEndPoint);
        }
    }
}
