using System.Net;
using System.Net.Sockets;
using Freshet.Connections;
using Freshet.Core.Wire;

namespace Freshet.Tests.Connections;

/// <summary>Connections that deliberately do not complete a handshake.</summary>
public sealed class HostileStrangerTests : IDisposable
{
    private const int Room = 3;

    private readonly VirtualTime _time = new();
    private readonly FakeSession _session = new();
    private readonly List<Socket> _strangers = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _strangers.ForEach(stranger => stranger.Dispose());
        _session.Dispose();
    }

    /// <summary>The clock stands still: no stranger times out, and none has been there for long.</summary>
    [Theory]
    [InlineData("127.0.0.66", "127.0.0.1")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    public async Task A_silent_crowd_keeps_nobody_out(string crowd, string honest)
    {
        await using PeerListener listener = Start();
        await ComeAsync(listener, crowd, 100);
        PeerDialer dialer = new(new ConnectionBudget(9, 9), new Freshet.Network.NetworkBinding(IPAddress.Parse(honest)));
        DialResult dialled = await dialer.DialAsync(listener.EndPoints[0], FakeSession.Theirs, Token).Bounded();
        Assert.Equal(FakeSession.Ours, dialled.Theirs);
        dialled.Transport!.Dispose();
        await Patience.Until(() => listener.Handshakes <= 2 * Room);
    }

    [Fact]
    public async Task Slow_strangers_take_no_connection_from_anybody()
    {
        ConnectionBudget budget = new(maxConnections: 1, maxHalfOpen: 1);
        await using PeerListener listener = PeerListener.Start(Options, budget, _session);
        await ComeAsync(listener, "127.0.0.66", 20);
        await Patience.Until(() => listener.Handshakes > 0);
        Assert.Equal(0, budget.Connections);
        PeerDialer dialer = new(new ConnectionBudget(9, 9));
        DialResult dialled = await dialer.DialAsync(listener.EndPoints[0], FakeSession.Theirs, Token).Bounded();
        dialled.Transport!.Dispose();
        await Patience.Until(() => budget.Connections == 1);
    }

    /// <summary>A slow loris: each byte comes in time, but the handshake is never complete.</summary>
    [Fact]
    public async Task A_byte_a_second_does_not_prolong_the_handshake()
    {
        await using PeerListener listener = Start();
        await ComeAsync(listener, "127.0.0.66", 1);
        await Patience.Until(() => _time.SetTimers > 0);
        byte[] handshake = new byte[Handshake.Length];
        FakeSession.Theirs.Write(handshake);

        // If each byte restarted the time, most of it would be left when the clock stands still.
        try
        {
            for (int sent = 0; sent < Handshake.Length - 1; sent++)
            {
                await _strangers[0].SendAsync(handshake.AsMemory(sent, 1), SocketFlags.None, Token);
                _time.Advance(TimeSpan.FromSeconds(1));
            }
        }
        catch (SocketException)
        {
            // It has already ended.
        }

        await Patience.Until(() => listener.Handshakes == 0);
        Assert.Empty(_session.Connected);
    }

    private PeerListenerOptions Options =>
        new() { Binding = new Freshet.Network.NetworkBinding(IPAddress.Loopback), MaxHandshakes = Room, Time = _time };

    private PeerListener Start() => PeerListener.Start(Options, new ConnectionBudget(50, 20), _session);

    private async Task ComeAsync(PeerListener listener, string from, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Socket stranger = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            _strangers.Add(stranger);
            stranger.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await stranger.ConnectAsync(listener.EndPoints[0], Token);
        }
    }
}
