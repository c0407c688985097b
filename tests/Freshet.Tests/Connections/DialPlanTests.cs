using System.Net;
using System.Net.Sockets;
using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Core.Wire;
using Freshet.Network;

namespace Freshet.Tests.Connections;

/// <summary>The ways to a peer race, with a head start for the first, in one place among the dials and within one deadline.</summary>
public class DialPlanTests
{
    private static readonly DnsEndPoint Peer = new("peer.test", 6881);
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(ConnectionLimits.DialHeadStartMilliseconds);
    private static readonly DialPlan UtpThenTcp = new(Peer, [new DialRoute(PeerTransport.Utp), new DialRoute(PeerTransport.Tcp)], [false]);
    private static readonly DialPlan PlainThenEncrypted = UtpThenTcp with { Encrypted = [false, true] };

    private readonly ConnectionBudget _budget = new(9, 9);
    private readonly VirtualTime _time = new();
    private readonly List<(PeerTransport Over, bool IsEncrypted, bool IsGood)> _attempts = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_way_that_works_is_taken()
    {
        using LoopbackPair pair = await LoopbackPair.ConnectAsync();
        FakeConnector utp = new(PeerTransport.Utp, _ => Task.FromResult<ITransport>(pair.Near));
        FakeConnector tcp = Failing(PeerTransport.Tcp, SocketError.ConnectionRefused);
        Task answering = AnswerAsync(pair.Far, FakeSession.Ours);
        DialResult dialled = await Dial(UtpThenTcp, utp, tcp).Bounded();
        Assert.Equal(FakeSession.Ours, dialled.Theirs);
        Assert.Equal([(PeerTransport.Utp, false, true)], _attempts);
        Assert.Equal([Peer], utp.Targets);
        Assert.Empty(tcp.Targets);
        await answering;

        // The place belongs to the connection, whatever carries it.
        Assert.Equal(1, _budget.Connections);
        dialled.Transport!.Dispose();
        dialled.Transport.Abort();
        Assert.Equal(0, _budget.Connections);
    }

    [Fact]
    public async Task A_way_that_fails_is_followed_by_the_next()
    {
        using LoopbackPair pair = await LoopbackPair.ConnectAsync();
        FakeConnector utp = Failing(PeerTransport.Utp, SocketError.ConnectionRefused);
        FakeConnector tcp = new(PeerTransport.Tcp, _ => Task.FromResult<ITransport>(pair.Near));
        Task answering = AnswerAsync(pair.Far, FakeSession.Ours);
        DialResult dialled = await Dial(UtpThenTcp, utp, tcp).Bounded();
        Assert.Equal([(PeerTransport.Utp, false, false), (PeerTransport.Tcp, false, true)], _attempts);
        await answering;
        Assert.Equal(1, _budget.Connections);
        dialled.Transport!.Dispose();
    }

    [Fact]
    public async Task A_peer_that_closes_before_its_handshake_is_tried_encrypted_by_the_same_route()
    {
        using LoopbackPair first = await LoopbackPair.ConnectAsync();
        using LoopbackPair second = await LoopbackPair.ConnectAsync();
        first.Far.Dispose();
        Queue<ITransport> nears = new([first.Near, second.Near]);
        FakeConnector utp = new(PeerTransport.Utp, _ => Task.FromResult(nears.Dequeue()));
        FakeConnector tcp = Failing(PeerTransport.Tcp, SocketError.ConnectionRefused);
        using FakeSession session = new();
        PeerHandshaker handshaker = new(new EncryptionOptions(), new KeyAgreements(), _time);
        Task<HandshakeResult> answering = handshaker.AnswerAsync(second.Far, session, Token);
        DialResult dialled = await Dial(PlainThenEncrypted, utp, tcp).Bounded();
        Assert.Equal(PeerEncryption.Handshake, dialled.Transport!.Way.Encryption);
        Assert.Equal(FakeSession.Theirs, (await answering.Bounded()).Theirs);
        Assert.Empty(tcp.Targets);
        Assert.Equal([(PeerTransport.Utp, false, false), (PeerTransport.Utp, true, true)], _attempts);
        dialled.Transport.Dispose();
    }

    /// <summary>Some peers that require encryption do not close a plain connection, but wait for something that they understand.</summary>
    [Fact]
    public async Task A_peer_that_waits_for_an_encrypted_handshake_gets_one_within_the_same_dial()
    {
        using LoopbackPair first = await LoopbackPair.ConnectAsync();
        using LoopbackPair second = await LoopbackPair.ConnectAsync();
        using FakeSession session = new();
        PeerHandshaker strict = new(new EncryptionOptions { Incoming = EncryptionPolicy.Required }, new KeyAgreements(), _time);
        TaskCompletionSource<Task<HandshakeResult>> answering = new();
        Queue<ITransport> nears = new([first.Near, second.Near]);
        FakeConnector tcp = new(PeerTransport.Tcp, _ =>
        {
            if (nears.Count == 1)
                answering.SetResult(strict.AnswerAsync(second.Far, session, Token));
            return Task.FromResult(nears.Dequeue());
        });
        Task<DialResult> dial = Dial(PlainThenEncrypted with { Routes = [new DialRoute(PeerTransport.Tcp)] }, tcp);
        await _time.PassUntil(() => answering.Task.IsCompleted || dial.IsCompleted);
        DialResult dialled = await dial.Bounded();
        Assert.Equal(PeerEncryption.Handshake, dialled.Transport!.Way.Encryption);
        Assert.Equal(FakeSession.Theirs, (await (await answering.Task.Bounded()).Bounded()).Theirs);
        Assert.Equal([(PeerTransport.Tcp, false, false), (PeerTransport.Tcp, true, true)], _attempts);
        dialled.Transport.Dispose();
    }

    [Fact]
    public async Task A_peer_that_never_says_anything_costs_its_place_for_one_dial_time_out()
    {
        // Their far ends stay open until the end.
        List<LoopbackPair> pairs = [];
        FakeConnector tcp = new(PeerTransport.Tcp, SilentAsync);
        FakeConnector utp = new(PeerTransport.Utp, SilentAsync);
        Task<DialResult> dial = Dial(PlainThenEncrypted, utp, tcp);
        await _time.PassUntil(() => dial.IsCompleted);
        Assert.Equal(DisconnectReason.TimedOut, (await dial).Reason);
        Assert.InRange(
            _time.Elapsed.TotalSeconds, ConnectionLimits.HandshakeTimeoutSeconds, ConnectionLimits.DialTimeoutSeconds + 5);
        Assert.Equal(0, _budget.Connections);
        pairs.ForEach(static pair => pair.Dispose());

        async Task<ITransport> SilentAsync(CancellationToken cancellationToken)
        {
            LoopbackPair pair = await LoopbackPair.ConnectAsync();
            lock (pairs)
                pairs.Add(pair);
            return pair.Near;
        }
    }

    [Fact]
    public async Task A_peer_without_encryption_is_tried_plain()
    {
        using LoopbackPair first = await LoopbackPair.ConnectAsync();
        using LoopbackPair second = await LoopbackPair.ConnectAsync();
        Queue<ITransport> nears = new([first.Near, second.Near]);
        FakeConnector tcp = new(PeerTransport.Tcp, _ => Task.FromResult(nears.Dequeue()));
        using FakeSession session = new();
        PeerHandshaker old = new(new EncryptionOptions { Incoming = EncryptionPolicy.Disabled }, new KeyAgreements(), _time);
        Task<HandshakeResult> refusing = old.AnswerAsync(first.Far, session, Token);
        Task<HandshakeResult> answering = old.AnswerAsync(second.Far, session, Token);
        DialResult dialled = await Dial(UtpThenTcp with { Encrypted = [true, false] }, tcp).Bounded();
        Assert.Equal(PeerWay.Plain, dialled.Transport!.Way);
        Assert.Equal(DisconnectReason.BadHandshake, (await refusing.Bounded()).Reason);
        Assert.Equal(FakeSession.Theirs, (await answering.Bounded()).Theirs);
        dialled.Transport.Dispose();
    }

    [Fact]
    public async Task A_peer_that_refuses_both_is_left_alone_after_two_attempts_and_the_first_failure_is_reported()
    {
        FakeConnector tcp = new(PeerTransport.Tcp, async _ =>
        {
            LoopbackPair pair = await LoopbackPair.ConnectAsync();
            pair.Far.Dispose();
            return pair.Near;
        });
        DialResult dialled = await Dial(PlainThenEncrypted, tcp).Bounded();
        Assert.Equal(DisconnectReason.ClosedByPeer, dialled.Reason);
        Assert.DoesNotContain("encrypted", dialled.Detail, StringComparison.Ordinal);
        Assert.Equal(2, tcp.Targets.Count);
        Assert.Equal(0, _budget.Connections);
    }

    [Fact]
    public async Task A_peer_that_refuses_everything_by_one_route_is_tried_by_the_next()
    {
        FakeConnector tcp = new(PeerTransport.Tcp, async _ =>
        {
            LoopbackPair pair = await LoopbackPair.ConnectAsync();
            pair.Far.Dispose();
            return pair.Near;
        });
        using LoopbackPair pair = await LoopbackPair.ConnectAsync();
        FakeConnector utp = new(PeerTransport.Utp, _ => Task.FromResult<ITransport>(pair.Near));
        Task answering = AnswerAsync(pair.Far, FakeSession.Ours);
        DialPlan plan = PlainThenEncrypted with { Routes = [new DialRoute(PeerTransport.Tcp), new DialRoute(PeerTransport.Utp)] };
        DialResult dialled = await Dial(plan, utp, tcp).Bounded();
        await answering;
        Assert.Equal(
            [(PeerTransport.Tcp, false, false), (PeerTransport.Tcp, true, false), (PeerTransport.Utp, false, true)], _attempts);
        dialled.Transport!.Dispose();
    }

    [Fact]
    public async Task A_peer_of_another_torrent_is_not_tried_again()
    {
        using LoopbackPair pair = await LoopbackPair.ConnectAsync();
        FakeConnector utp = new(PeerTransport.Utp, _ => Task.FromResult<ITransport>(pair.Near));
        FakeConnector tcp = Failing(PeerTransport.Tcp, SocketError.ConnectionRefused);
        Task answering = AnswerAsync(pair.Far, FakeSession.Ours with { InfoHash = default });
        Assert.Equal(DisconnectReason.BadHandshake, (await Dial(UtpThenTcp, utp, tcp).Bounded()).Reason);
        await answering;
        Assert.Empty(tcp.Targets);
        Assert.Equal(0, _budget.Connections);
    }

    [Fact]
    public async Task A_way_has_a_head_start_and_continues_beside_the_next()
    {
        using LoopbackPair pair = await LoopbackPair.ConnectAsync();
        TaskCompletionSource<ITransport> slow = new();
        FakeConnector utp = new(PeerTransport.Utp, _ => slow.Task);
        FakeConnector tcp = Hanging(PeerTransport.Tcp);
        Task answering = AnswerAsync(pair.Far, FakeSession.Ours);
        Task<DialResult> dial = Dial(UtpThenTcp, utp, tcp);
        await Patience.Until(() => utp.Targets.Count == 1);
        _time.Advance(HeadStart - TimeSpan.FromMilliseconds(1));
        Assert.Empty(tcp.Targets);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await Patience.Until(() => tcp.Targets.Count == 1);
        slow.SetResult(pair.Near);
        DialResult dialled = await dial.Bounded();
        await answering;

        // A way that lost the race has not failed.
        Assert.Equal([(PeerTransport.Utp, false, true)], _attempts);
        dialled.Transport!.Dispose();
    }

    [Fact]
    public async Task A_way_that_succeeds_too_late_in_the_race_is_closed()
    {
        using LoopbackPair loser = await LoopbackPair.ConnectAsync();
        using LoopbackPair winner = await LoopbackPair.ConnectAsync();
        TaskCompletionSource<ITransport> slow = new();
        FakeConnector utp = new(PeerTransport.Utp, _ => slow.Task);
        FakeConnector tcp = new(PeerTransport.Tcp, _ => Task.FromResult<ITransport>(winner.Near));
        Task answering = AnswerAsync(winner.Far, FakeSession.Ours);
        Task<DialResult> dial = Dial(UtpThenTcp, utp, tcp);
        await Patience.Until(() =>
        {
            _time.Advance(HeadStart);
            return tcp.Targets.Count == 1;
        });
        DialResult dialled = await dial.Bounded();
        await answering;
        slow.SetResult(loser.Near);
        Assert.Equal(0, await loser.Far.ReceiveAsync(new byte[1]).AsTask().Bounded());
        dialled.Transport!.Dispose();
    }

    [Fact]
    public async Task A_dial_that_leads_nowhere_ends_with_its_time_out()
    {
        FakeConnector utp = Hanging(PeerTransport.Utp);
        FakeConnector tcp = Hanging(PeerTransport.Tcp);
        Task<DialResult> dial = Dial(UtpThenTcp, utp, tcp);
        await Patience.Until(() => utp.Targets.Count == 1);
        _time.Advance(HeadStart);
        await Patience.Until(() => tcp.Targets.Count == 1);
        _time.Advance(TimeSpan.FromSeconds(ConnectionLimits.DialTimeoutSeconds) - HeadStart - TimeSpan.FromMilliseconds(1));
        Assert.False(dial.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(DisconnectReason.TimedOut, (await dial.Bounded()).Reason);
        Assert.Equal(0, _budget.Connections);
    }

    /// <summary>Lists of peers are full of those who are gone, and their places among the dials are needed for others.</summary>
    [Fact]
    public async Task Once_one_way_was_refused_the_others_have_only_a_moment()
    {
        FakeConnector tcp = Failing(PeerTransport.Tcp, SocketError.ConnectionRefused);
        FakeConnector utp = Hanging(PeerTransport.Utp);
        DialPlan plan = UtpThenTcp with { Routes = [new DialRoute(PeerTransport.Tcp), new DialRoute(PeerTransport.Utp)] };
        Task<DialResult> dial = Dial(plan, utp, tcp);
        await Patience.Until(() => utp.Targets.Count == 1);
        TimeSpan moment = TimeSpan.FromSeconds(ConnectionLimits.AfterRefusalSeconds);
        _time.Advance(moment - TimeSpan.FromMilliseconds(1));
        Assert.False(dial.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(DisconnectReason.Refused, (await dial.Bounded()).Reason);
        Assert.Equal([(PeerTransport.Tcp, false, false), (PeerTransport.Utp, false, false)], _attempts);
        Assert.Equal(0, _budget.Connections);
    }

    [Fact]
    public async Task A_way_that_is_already_being_tried_has_only_a_moment_too()
    {
        TaskCompletionSource<ITransport> slow = new();
        FakeConnector utp = Hanging(PeerTransport.Utp);
        FakeConnector tcp = new(PeerTransport.Tcp, _ => slow.Task);
        Task<DialResult> dial = Dial(UtpThenTcp, utp, tcp);
        await Patience.Until(() => utp.Targets.Count == 1);
        await _time.PassUntil(() => tcp.Targets.Count == 1);
        slow.SetException(new SocketException((int)SocketError.ConnectionRefused));
        await Patience.Until(() => _attempts.Count == 1);
        TimeSpan before = _time.Elapsed;
        await _time.PassUntil(() => dial.IsCompleted);
        Assert.InRange((_time.Elapsed - before).TotalSeconds, 1, ConnectionLimits.AfterRefusalSeconds + 5);
        Assert.Equal(DisconnectReason.Refused, (await dial.Bounded()).Reason);
    }

    [Fact]
    public async Task A_dial_that_is_cancelled_ends_at_once_and_tries_nothing_more()
    {
        FakeConnector utp = Hanging(PeerTransport.Utp);
        FakeConnector tcp = Hanging(PeerTransport.Tcp);
        using CancellationTokenSource off = new();
        PeerDialer dialer = new(_budget, [utp, tcp], time: _time);
        Task<DialResult> dial = dialer.DialAsync(UtpThenTcp, FakeSession.Theirs, off.Token);
        await Patience.Until(() => utp.Targets.Count == 1);
        await off.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dial.Bounded());
        Assert.Empty(tcp.Targets);
        Assert.Equal(0, _budget.Connections);
    }

    [Fact]
    public async Task A_missing_transport_is_passed_over()
    {
        FakeConnector tcp = Failing(PeerTransport.Tcp, SocketError.ConnectionRefused);
        Assert.Equal(DisconnectReason.Refused, (await Dial(UtpThenTcp, tcp).Bounded()).Reason);
        DialResult none = await Dial(UtpThenTcp).Bounded();
        Assert.Equal(DisconnectReason.NetworkError, none.Reason);
        Assert.Equal("there is no way to connect", none.Detail);
    }

    [Fact]
    public async Task A_name_is_looked_up_and_dialled_over_tcp()
    {
        using FakeSession session = new();
        PeerListenerOptions listening = new() { Binding = new NetworkBinding(IPAddress.Loopback), MaxHandshakes = 20 };
        await using PeerListener listener = PeerListener.Start(listening, new ConnectionBudget(9, 9), session);
        NetworkBinding binding = new() { Names = new NameResolver(_ => [IPAddress.Loopback]) };
        DialPlan plan = DialPlan.Direct(new DnsEndPoint("peer.test", listener.EndPoints[0].Port));
        DialResult dialled = await new PeerDialer(_budget, binding).DialAsync(plan, FakeSession.Theirs, Token).Bounded();
        Assert.Equal(FakeSession.Ours, dialled.Theirs);
        dialled.Transport!.Dispose();
    }

    private static FakeConnector Failing(PeerTransport transport, SocketError error) =>
        new(transport, _ => Task.FromException<ITransport>(new SocketException((int)error)));

    private static FakeConnector Hanging(PeerTransport transport) => new(transport, async cancellationToken =>
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new InvalidOperationException("It ended.");
    });

    private static async Task AnswerAsync(TcpTransport far, Handshake handshake)
    {
        await ReceiveAsync(far, Handshake.Length);
        byte[] bytes = new byte[Handshake.Length];
        handshake.Write(bytes);
        await far.SendAsync(bytes);
    }

    private static async Task<byte[]> ReceiveAsync(TcpTransport transport, int count)
    {
        byte[] bytes = new byte[count];
        for (int received = 0; received < count;)
        {
            int more = await transport.ReceiveAsync(bytes.AsMemory(received)).AsTask().Bounded();
            Assert.NotEqual(0, more);
            received += more;
        }

        return bytes;
    }

    private Task<DialResult> Dial(DialPlan plan, params IConnector[] connectors) =>
        new PeerDialer(_budget, connectors, time: _time)
        {
            OnAttempt = tried => _attempts.Add((tried.Transport, tried.IsEncrypted, tried.IsGood)),
        }.DialAsync(plan, FakeSession.Theirs, Token);
}
