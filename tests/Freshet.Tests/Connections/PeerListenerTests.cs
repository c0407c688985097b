using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Core.Wire;
using Freshet.Network;

namespace Freshet.Tests.Connections;

public class PeerListenerTests
{
    private readonly ConnectionBudget _budget = new(50, 20);
    private readonly VirtualTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task A_dial_reaches_its_torrent(string address)
    {
        Requires.Loopback(IPAddress.Parse(address));
        using FakeSession session = new();
        await using PeerListener listener = Listen(session, address);
        PeerDialer dialer = new(new ConnectionBudget(9, 9));
        DialResult dialled = await dialer.DialAsync(listener.EndPoints[0], FakeSession.Theirs, Token).Bounded();
        using ITransport near = dialled.Transport!;
        Assert.Equal(FakeSession.Ours, dialled.Theirs);
        await Patience.Until(() => session.Connected.Count == 1);
        Assert.True(session.Connected.TryPeek(out (ITransport Transport, Handshake Theirs) connected));
        Assert.Equal(FakeSession.Theirs, connected.Theirs);
        Assert.Equal(near.LocalEndPoint, connected.Transport.RemoteEndPoint);

        // Not one byte beyond the handshake was read.
        await near.SendAsync("after"u8.ToArray());
        byte[] bytes = new byte[5];
        Assert.Equal(5, await connected.Transport.ReceiveAsync(bytes).AsTask().Bounded());
        Assert.Equal("after"u8.ToArray(), bytes);
    }

    [Fact]
    public async Task Dials_leave_from_the_bind_address()
    {
        using FakeSession session = new();
        await using PeerListener listener = Listen(session);
        PeerDialer dialer = new(_budget, new NetworkBinding(IPAddress.Parse("127.0.0.7")));
        DialResult dialled = await dialer.DialAsync(listener.EndPoints[0], FakeSession.Theirs, Token).Bounded();
        using ITransport transport = dialled.Transport!;
        Assert.Equal(IPAddress.Parse("127.0.0.7"), transport.LocalEndPoint.Address);
        DialResult other = await dialer.DialAsync(new IPEndPoint(IPAddress.IPv6Loopback, 9), FakeSession.Theirs, Token).Bounded();
        Assert.Equal(DisconnectReason.NetworkError, other.Reason);
    }

    [Fact]
    public async Task A_dial_without_a_handle_waits_until_there_is_one()
    {
        using FakeSession session = new();
        await using PeerListener listener = Listen(session);
        int shortages = 0;
        int refusals = 5;
        ConnectionBudget budget = new(9, 9) { OnShortage = () => Interlocked.Increment(ref shortages) };
        NetworkBinding scarce = new()
        {
            NewSocket = (family, type) => Interlocked.Decrement(ref refusals) >= 0
                ? throw new SocketException((int)SocketError.TooManyOpenSockets)
                : new Socket(family, type, ProtocolType.Tcp),
        };
        PeerDialer dialer = new(budget, scarce, _time);
        Task<DialResult> dial = dialer.DialAsync(listener.EndPoints[0], FakeSession.Theirs, Token);
        await Patience.Until(() => Volatile.Read(ref shortages) == 1);
        Assert.False(dial.IsCompleted);
        await Patience.Until(() =>
        {
            if (Volatile.Read(ref refusals) >= 0)
                _time.Advance(TimeSpan.FromMilliseconds(100));
            return dial.IsCompleted;
        });
        (await dial).Transport!.Dispose();
        Assert.Equal(5, shortages);
        Assert.Equal(0, budget.Connections);
    }

    [Fact]
    public async Task A_dial_to_nobody_is_refused_and_leaves_nothing()
    {
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        DialResult dialled = await new PeerDialer(_budget).DialAsync((IPEndPoint)taken.LocalEndPoint!, FakeSession.Theirs, Token).Bounded();
        Assert.Null(dialled.Transport);
        Assert.Equal(DisconnectReason.Refused, dialled.Reason);
        Assert.Equal(0, _budget.Connections);
    }

    [Fact]
    public async Task A_dial_for_an_unknown_torrent_ends()
    {
        using FakeSession session = new();
        await using PeerListener listener = Listen(session);
        Handshake stranger = FakeSession.Theirs with { InfoHash = default };
        DialResult dialled = await new PeerDialer(new ConnectionBudget(9, 9)).DialAsync(listener.EndPoints[0], stranger, Token).Bounded();
        Assert.Equal(DisconnectReason.ClosedByPeer, dialled.Reason);
        await Patience.Until(() => _budget.Connections == 0);
        Assert.Empty(session.Connected);
    }

    [Fact]
    public async Task A_program_that_answers_with_something_else_is_not_a_peer()
    {
        using Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen();
        Task<DialResult> dial = new PeerDialer(_budget).DialAsync((IPEndPoint)server.LocalEndPoint!, FakeSession.Theirs, Token);
        using Socket accepted = await server.AcceptAsync(Token);
        await accepted.SendAsync(new byte[68], SocketFlags.None, Token);
        Assert.Equal(DisconnectReason.BadHandshake, (await dial.Bounded()).Reason);
        Assert.Equal(0, _budget.Connections);
    }

    [Fact]
    public async Task A_program_that_names_another_torrent_is_not_a_peer_of_this_one()
    {
        using Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen();
        Task<DialResult> dial = new PeerDialer(_budget).DialAsync((IPEndPoint)server.LocalEndPoint!, FakeSession.Theirs, Token);
        using Socket accepted = await server.AcceptAsync(Token);
        byte[] other = new byte[Handshake.Length];
        (FakeSession.Ours with { InfoHash = default }).Write(other);
        await accepted.SendAsync(other, SocketFlags.None, Token);
        Assert.Equal(DisconnectReason.BadHandshake, (await dial.Bounded()).Reason);
    }

    [Fact]
    public async Task A_peer_that_stays_silent_is_dropped_in_time_in_both_directions()
    {
        using FakeSession session = new();
        await using PeerListener listener = Listen(session);
        using Socket silent = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await silent.ConnectAsync(listener.EndPoints[0], Token);
        await silent.SendAsync(Handshake.Protocol.ToArray(), SocketFlags.None, Token);
        using Socket server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen();
        PeerDialer dialer = new(_budget, time: _time);
        Task<DialResult> dial = dialer.DialAsync((IPEndPoint)server.LocalEndPoint!, FakeSession.Theirs, Token);
        using Socket accepted = await server.AcceptAsync(Token);
        await Patience.Until(() => listener.Handshakes == 1);
        Assert.False(dial.IsCompleted);

        // The clock goes on until both time-outs have passed, whenever they began.
        await Patience.Until(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return dial.IsCompleted && listener.Handshakes == 0;
        });
        Assert.Equal(DisconnectReason.TimedOut, (await dial).Reason);
        Assert.Equal(0, await silent.ReceiveAsync(new byte[1], SocketFlags.None, Token).AsTask().Bounded());
    }

    [Fact]
    public async Task The_answer_does_not_wait_for_the_peer_id()
    {
        using FakeSession session = new();
        await using PeerListener listener = Listen(session);
        using Socket prober = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await prober.ConnectAsync(listener.EndPoints[0], Token);
        byte[] bytes = new byte[Handshake.Length];
        FakeSession.Theirs.Write(bytes);
        await prober.SendAsync(bytes.AsMemory(0, 48), SocketFlags.None, Token);
        byte[] answer = new byte[Handshake.Length];
        int received = 0;
        while (received < answer.Length)
            received += await prober.ReceiveAsync(answer.AsMemory(received), SocketFlags.None, Token).AsTask().Bounded();
        Assert.True(Handshake.TryRead(answer, out Handshake theirs));
        Assert.Equal(FakeSession.Ours, theirs);
        Assert.Empty(session.Connected);
        await prober.SendAsync(bytes.AsMemory(48), SocketFlags.None, Token);
        await Patience.Until(() => session.Connected.Count == 1);
    }

    [Fact]
    public async Task Garbage_and_early_leavers_do_not_stop_the_listener()
    {
        using FakeSession session = new();
        await using PeerListener listener = Listen(session);
        Random random = new(1);
        for (int i = 0; i < 100; i++)
        {
            using Socket bad = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await bad.ConnectAsync(listener.EndPoints[0], Token);
            byte[] garbage = new byte[random.Next(200)];
            random.NextBytes(garbage);
            await bad.SendAsync(garbage, SocketFlags.None, Token);
            if (i % 3 == 0)
                bad.LingerState = new LingerOption(true, 0);
        }

        PeerDialer dialer = new(new ConnectionBudget(9, 9));
        DialResult dialled = await dialer.DialAsync(listener.EndPoints[0], FakeSession.Theirs, Token).Bounded();
        dialled.Transport!.Dispose();
        await Patience.Until(() => _budget.Connections == session.Connected.Count);
    }

    [Fact]
    public async Task A_connection_that_finds_no_room_is_closed_at_once()
    {
        using FakeSession session = new();
        ConnectionBudget budget = new(maxConnections: 1, maxHalfOpen: 5);
        await using PeerListener listener = PeerListener.Start(At(IPAddress.Loopback), budget, session);
        PeerDialer dialer = new(new ConnectionBudget(9, 9));
        DialResult first = await dialer.DialAsync(listener.EndPoints[0], FakeSession.Theirs, Token).Bounded();
        Assert.NotNull(first.Transport);

        // Our side of the handshake is sent before the place is taken.
        await Patience.Until(() => budget.IsFull);
        Assert.Null((await dialer.DialAsync(listener.EndPoints[0], FakeSession.Theirs, Token).Bounded()).Transport);
        first.Transport.Dispose();
        await Patience.Until(() => session.Connected.Count == 1);
        session.Connected.TryPeek(out (ITransport Transport, Handshake) connected);
        connected.Transport.Dispose();
        Assert.Equal(0, budget.Connections);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using FakeSession session = new();
        await using PeerListener listener = Listen(session);
        ListenFailedException e = Assert.Throws<ListenFailedException>(
            () => PeerListener.Start(At(IPAddress.Loopback, listener.EndPoints[0].Port), _budget, session));
        Assert.Contains($"Port {listener.EndPoints[0].Port} of 127.0.0.1 is taken", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<ListenFailedException>(() => PeerListener.Start(At(IPAddress.Parse("192.0.2.1")), _budget, session));
        Assert.Contains("192.0.2.1 is no address of this machine", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Peers are told one port. If it is another program's for UDP, they reach that over uTP.</summary>
    [Fact]
    public async Task A_port_that_the_system_chooses_is_free_for_udp_too()
    {
        using FakeSession session = new();
        Socket? last = null;
        List<Socket> others = [];
        NetworkBinding binding = new(IPAddress.Loopback) { NewSocket = NewSocket };
        await using PeerListener listener = PeerListener.Start(
            At(IPAddress.Loopback) with { Binding = binding, WantsUdp = true }, _budget, session);
        using Socket udp = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        udp.Bind(listener.EndPoints[0]);
        Assert.Equal(3, others.Count);
        others.ForEach(static socket => socket.Dispose());

        // The first three ports are another program's for UDP.
        Socket NewSocket(AddressFamily family, SocketType type)
        {
            if (type == SocketType.Stream)
                return last = new Socket(family, type, ProtocolType.Tcp);
            if (others.Count < 3)
            {
                others.Add(new Socket(family, type, ProtocolType.Udp));
                others[^1].Bind(last!.LocalEndPoint!);
            }

            return new Socket(family, type, ProtocolType.Udp);
        }
    }

    [Fact]
    public void A_port_that_is_taken_for_udp_counts_as_taken_if_only_utp_is_used()
    {
        using FakeSession session = new();
        using Socket other = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)other.LocalEndPoint!).Port;
        PeerListenerOptions options = At(IPAddress.Loopback, port) with { WantsUdp = true, RefusesTcp = true };
        ListenFailedException e = Assert.Throws<ListenFailedException>(() => PeerListener.Start(options, _budget, session));
        Assert.Contains($"UDP port {port} of 127.0.0.1 is taken", e.Message, StringComparison.Ordinal);

        // Nothing is held.
        using Socket tcp = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        tcp.Bind(new IPEndPoint(IPAddress.Loopback, port));
    }

    [Fact]
    public async Task Both_families_get_one_port()
    {
        Requires.IPv6Loopback();
        using FakeSession session = new();
        await using PeerListener listener = PeerListener.Start(At(address: null), _budget, session);
        Assert.Equal([IPAddress.Any, IPAddress.IPv6Any], listener.EndPoints.Select(endPoint => endPoint.Address));
        Assert.NotEqual(0, listener.EndPoints[0].Port);
        Assert.Equal(listener.EndPoints[0].Port, listener.EndPoints[1].Port);
    }

    [Fact]
    public async Task Its_sockets_are_opened_by_the_binding()
    {
        using FakeSession session = new();
        ConcurrentBag<Socket> opened = [];
        NetworkBinding binding = new(IPAddress.Parse("127.0.0.7"))
        {
            NewSocket = (family, type) =>
            {
                Socket socket = new(family, type, ProtocolType.Tcp);
                opened.Add(socket);
                return socket;
            },
        };
        await using PeerListener listener = PeerListener.Start(At(IPAddress.Loopback) with { Binding = binding }, _budget, session);
        Assert.Equal(IPAddress.Parse("127.0.0.7"), Assert.Single(listener.EndPoints).Address);
        Assert.Equal(listener.EndPoints[0], Assert.Single(opened).LocalEndPoint);
    }

    [Fact]
    public async Task Stopping_ends_connections_without_a_handshake_and_frees_the_port()
    {
        using FakeSession session = new();
        PeerListener listener = Listen(session);
        using Socket silent = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await silent.ConnectAsync(listener.EndPoints[0], Token);
        await Patience.Until(() => listener.Handshakes == 1);
        await listener.DisposeAsync();
        Assert.Equal(0, listener.Handshakes);
        await PeerListener.Start(At(IPAddress.Loopback, listener.EndPoints[0].Port), _budget, session).DisposeAsync();
    }

    private PeerListener Listen(FakeSession session, string address = "127.0.0.1") =>
        PeerListener.Start(At(IPAddress.Parse(address)) with { Time = _time }, _budget, session);

    private static PeerListenerOptions At(IPAddress? address, int port = 0) =>
        new() { Binding = new NetworkBinding(address), Port = port, MaxHandshakes = 20 };
}
