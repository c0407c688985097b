using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Core.Utp;
using Freshet.Network;

namespace Freshet.Tests.Connections;

/// <summary>
/// A peer that dies in the middle of any step of an encrypted handshake over uTP costs its slot, and its place among the connections of the
/// port, for at most the time-out; one that resets the connection costs them nothing. The peer's own uTP works, and goes on acknowledging.
/// </summary>
public sealed class DyingEncryptedUtpPeerTests : IAsyncDisposable
{
    private static readonly EncryptionOptions Rc4Required = new()
    {
        Incoming = EncryptionPolicy.Required,
        Outgoing = EncryptionPolicy.Required,
        Payload = EncryptedPayload.Rc4Required,
    };

    private readonly ConnectionBudget _budget = new(9, 9);
    private readonly VirtualTime _time = new();
    private readonly FakeSession _session = new();
    private readonly ConcurrentQueue<UtpTransport> _dialled = new();
    private readonly UdpMux _mux;
    private readonly UdpMux _peerMux;
    private readonly PeerListener _listener;
    private readonly UtpProtocol _utp;
    private readonly UtpProtocol _peer;

    public DyingEncryptedUtpPeerTests()
    {
        NetworkBinding binding = new(IPAddress.Loopback);
        PeerListenerOptions listening = new() { Binding = binding, MaxHandshakes = 20, Encryption = Rc4Required, Time = _time };
        _listener = PeerListener.Start(listening, _budget, _session);
        _mux = new UdpMux(new UdpMuxOptions { Binding = binding, Families = [AddressFamily.InterNetwork], Time = _time });
        _utp = new UtpProtocol(_mux, Options(), new Random(1), _time) { OnIncoming = _listener.TryAdd };
        _utp.Start();
        _peerMux = new UdpMux(new UdpMuxOptions { Binding = binding, Families = [AddressFamily.InterNetwork] });
        _peer = new UtpProtocol(_peerMux, Options(), new Random(2), TimeProvider.System)
        {
            OnIncoming = transport =>
            {
                _dialled.Enqueue(transport);
                return true;
            },
        };
        _peer.Start();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        Task leaving = _utp.DisposeAsync().AsTask();
        await _time.PassUntil(() => leaving.IsCompleted);
        await _peer.DisposeAsync();
        await _listener.DisposeAsync();
        await _mux.DisposeAsync();
        await _peerMux.DisposeAsync();
        _session.Dispose();
    }

    [Theory]
    [MemberData(nameof(DyingEncryption.StepsOfTheInitiator), MemberType = typeof(DyingEncryption))]
    public async Task An_initiator_that_dies_costs_its_place_for_the_time_out_at_most(string step, int sent)
    {
        Assert.NotEmpty(step);
        await Patience.Until(() => _mux.EndPoints.Count > 0 && _peerMux.EndPoints.Count > 0);
        foreach (bool leaves in (bool[])[true, false])
        {
            TimeSpan began = _time.Elapsed;
            UtpTransport dying = _peer.Connect(_mux.EndPoints[0]);
            await dying.Connected.WaitAsync(Patience.Bound, Token);
            await DyingEncryption.AsInitiatorAsync(dying, sent).Bounded();
            await Patience.Until(() => _listener.Handshakes == 1);
            Assert.Equal(1, await ConnectionsAsync());
            await EndsAsync(dying, leaves, () => _listener.Handshakes == 0, began);
        }

        Assert.Empty(_session.Connected);
    }

    [Theory]
    [MemberData(nameof(DyingEncryption.StepsOfTheResponder), MemberType = typeof(DyingEncryption))]
    public async Task A_responder_that_dies_costs_its_place_for_the_time_out_at_most(string step, int sent)
    {
        Assert.NotEmpty(step);
        await Patience.Until(() => _mux.EndPoints.Count > 0 && _peerMux.EndPoints.Count > 0);
        UtpConnector connector = new(new NetworkBinding(IPAddress.Loopback), () => _utp, _time);
        DialPlan plan = new(_peerMux.EndPoints[0], [new DialRoute(PeerTransport.Utp)], [true]);
        foreach (bool leaves in (bool[])[true, false])
        {
            TimeSpan began = _time.Elapsed;
            Task<DialResult> dial = new PeerDialer(_budget, [connector], Rc4Required, _time).DialAsync(plan, FakeSession.Theirs, Token);
            UtpTransport? dying = null;
            await Patience.Until(() => _dialled.TryDequeue(out dying));
            await DyingEncryption.AsResponderAsync(dying!, sent).Bounded();
            Assert.Equal((1, 1), (_budget.Connections, await ConnectionsAsync()));
            await EndsAsync(dying!, leaves, () => dial.IsCompleted, began);
            Assert.Equal(leaves ? DisconnectReason.ClosedByPeer : DisconnectReason.TimedOut, (await dial).Reason);
        }
    }

    private static UtpMachineOptions Options() => new() { MaxConnections = 10, Secret = new byte[32] };

    // What has ended gives its place back at once: nothing is owed to it.
    private async Task EndsAsync(UtpTransport dying, bool leaves, Func<bool> hasEnded, TimeSpan began)
    {
        if (leaves)
        {
            dying.Reset();
            await Patience.Until(hasEnded);
        }
        else
        {
            await _time.PassUntil(hasEnded, settle: ConnectionsAsync);
            Assert.InRange(
                (_time.Elapsed - began).TotalSeconds,
                ConnectionLimits.HandshakeTimeoutSeconds,
                ConnectionLimits.HandshakeTimeoutSeconds + 5);
        }

        int left = -1;
        TimeSpan ended = _time.Elapsed;
        await _time.PassUntil(() => left == 0, settle: async () => left = await ConnectionsAsync());
        Assert.InRange((_time.Elapsed - ended).TotalSeconds, 0, 5);

        Assert.Equal(0, _budget.Connections);
        dying.Reset();
    }

    private async Task<int> ConnectionsAsync()
    {
        TaskCompletionSource<int> count = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _mux.Post(() => count.SetResult(_utp.Connections));
        return await count.Task.Bounded();
    }
}
