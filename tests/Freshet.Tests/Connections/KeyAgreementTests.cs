using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Freshet.Connections;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Encryption;
using Freshet.Network;

namespace Freshet.Tests.Connections;

/// <summary>
/// Key agreements cost processor time, and anybody who sends 96 bytes can ask for one: nothing is computed for a connection that has ended,
/// and the queue is never longer than what waits for its handshake.
/// </summary>
public sealed class KeyAgreementTests : IDisposable
{
    private const int Room = 3;

    private readonly VirtualTime _time = new();
    private readonly FakeSession _session = new();
    private readonly KeyAgreements _agreements = new(places: 1);
    private readonly ManualResetEventSlim _busy = new();
    private readonly List<Socket> _strangers = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _busy.Set();
        _strangers.ForEach(stranger => stranger.Dispose());
        _session.Dispose();
    }

    [Fact]
    public async Task Nothing_is_computed_for_strangers_that_have_timed_out()
    {
        await using PeerListener listener = Start();
        Task first = await TakeThePlaceAsync();
        await OpenAsync(listener, count: 2 * Room);
        await Patience.Until(() => _agreements.Waiting == 2 * Room);
        await _time.PassUntil(() => listener.Handshakes == 0);
        Assert.Equal(0, _agreements.Waiting);
        _busy.Set();
        await first.Bounded();
        Assert.Equal(1, _agreements.Computed);
    }

    /// <summary>The clock stands: nobody is timed out.</summary>
    [Fact]
    public async Task A_crowd_that_is_evicted_is_not_computed_and_an_honest_peer_gets_through()
    {
        await using PeerListener listener = Start();
        Task first = await TakeThePlaceAsync();
        await OpenAsync(listener, count: 60);
        await Patience.Until(() => listener.Handshakes == 2 * Room && _agreements.Waiting == 2 * Room);
        EncryptionOptions required = new() { Outgoing = EncryptionPolicy.Required };
        TcpConnector tcp = new(new NetworkBinding(), TimeProvider.System);
        Task<DialResult> dial = new PeerDialer(new ConnectionBudget(9, 9), [tcp], required)
            .DialAsync(DialPlan.Direct(listener.EndPoints[0]) with { Encrypted = [true] }, FakeSession.Theirs, Token);
        _busy.Set();
        await first.Bounded();
        DialResult dialled = await dial.Bounded();
        Assert.Equal(FakeSession.Ours, dialled.Theirs);
        dialled.Transport!.Dispose();

        // The first one, at most those of the crowd that had a place, and the honest one.
        await Patience.Until(() => _agreements.Waiting == 0);
        Assert.InRange(_agreements.Computed, 2, 1 + (2 * Room) + 1);
    }

    [Fact]
    public async Task Who_waits_and_leaves_gives_the_next_no_less()
    {
        Task first = await TakeThePlaceAsync();
        using CancellationTokenSource leaving = new();
        BlockedHandshake gone = new(null);
        Task second = _agreements.RunAsync(gone, leaving.Token).AsTask();
        BlockedHandshake stays = new(null);
        Task third = _agreements.RunAsync(stays, Token).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.Bounded());
        _busy.Set();
        await Task.WhenAll(first, third).Bounded();
        Assert.Equal((0, 1), (gone.Computed, stays.Computed));
    }

    /// <summary>A handshake ends in time even while its torrent is waited for.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_peer_whose_torrent_does_not_open_costs_no_more_than_the_time_out(bool isEncrypted)
    {
        NeverOpen peers = new();
        await using PeerListener listener = PeerListener.Start(Options, new ConnectionBudget(9, 9), peers);
        TcpConnector tcp = new(new NetworkBinding(), TimeProvider.System);
        Task<DialResult> dial = new PeerDialer(new ConnectionBudget(9, 9), [tcp])
            .DialAsync(DialPlan.Direct(listener.EndPoints[0]) with { Encrypted = [isEncrypted] }, FakeSession.Theirs, Token);
        await peers.Asked.Task.Bounded();
        _time.Advance(TimeSpan.FromSeconds(ConnectionLimits.HandshakeTimeoutSeconds - 1));
        Assert.Equal(1, listener.Handshakes);
        _time.Advance(TimeSpan.FromSeconds(1));
        await Patience.Until(() => listener.Handshakes == 0);
        Assert.Null((await dial.Bounded()).Transport);
    }

    private PeerListenerOptions Options => new()
    {
        Binding = new NetworkBinding(IPAddress.Loopback),
        MaxHandshakes = Room,
        Agreements = _agreements,
        Time = _time,
    };

    private PeerListener Start() => PeerListener.Start(Options, new ConnectionBudget(50, 20), _session);

    // Until the test lets it go.
    private async Task<Task> TakeThePlaceAsync()
    {
        BlockedHandshake handshake = new(_busy);
        Task running = Task.Run(() => _agreements.RunAsync(handshake, Token).AsTask(), Token);
        await handshake.Begun.Task.Bounded();
        return running;
    }

    // What begins an encrypted handshake, and nothing more.
    private async Task OpenAsync(PeerListener listener, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Socket stranger = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _strangers.Add(stranger);
            stranger.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.66"), 0));
            await stranger.ConnectAsync(listener.EndPoints[0], Token);
            await stranger.SendAsync(RandomNumberGenerator.GetBytes(DiffieHellman.KeyLength), Token);
        }
    }

    private sealed class BlockedHandshake(ManualResetEventSlim? end) : MseHandshake(KeyAgreements.NewSecrets())
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Computed { get; private set; }

        public override void OnSent()
        {
        }

        public override void Agree()
        {
            Begun.TrySetResult();
            end?.Wait(Patience.Bound, Token);
            Computed++;
        }

        protected override void Advance()
        {
        }
    }

    private sealed class NeverOpen : IIncomingPeers
    {
        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask<Handshake?> FindAsync(InfoHash infoHash, IPEndPoint remote, CancellationToken cancellationToken)
        {
            await WaitAsync(cancellationToken);
            return null;
        }

        public async ValueTask<InfoHash?> FindWantedAsync(InfoHash wanted, IPEndPoint remote, CancellationToken cancellationToken)
        {
            await WaitAsync(cancellationToken);
            return null;
        }

        public void OnConnected(ITransport transport, Handshake theirs) => transport.Abort();

        private async Task WaitAsync(CancellationToken cancellationToken)
        {
            Asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}
