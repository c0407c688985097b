using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Freshet.Core;
using Freshet.Core.Rates;
using Freshet.Network;
using Freshet.Tests.Connections;

namespace Freshet.Tests.Network;

public sealed class UdpMuxTests : IAsyncDisposable
{
    // Many datagrams per call and several merged; many per call; one per call.
    private const string Merged = "merged";
    private const string Batched = "batched";
    private const string Single = "single";

    private readonly ConcurrentQueue<Exception> _faults = new();
    private readonly ConcurrentQueue<Socket> _sockets = new();
    private readonly List<UdpMux> _muxes = [];
    private readonly VirtualTime _time = new();

    public static TheoryData<string, string, string> Ways => new()
    {
        { "127.0.0.1", Merged, Merged },
        { "127.0.0.1", Merged, Batched },
        { "127.0.0.1", Merged, Single },
        { "127.0.0.1", Batched, Merged },
        { "127.0.0.1", Batched, Batched },
        { "127.0.0.1", Single, Merged },
        { "127.0.0.1", Single, Single },
        { "::1", Merged, Merged },
        { "::1", Batched, Batched },
        { "::1", Single, Single },
    };

    public async ValueTask DisposeAsync()
    {
        foreach (UdpMux mux in _muxes)
            await mux.DisposeAsync().AsTask().Bounded();
        Assert.All(_sockets, socket => Assert.True(socket.SafeHandle.IsClosed));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Datagrams_go_to_the_protocol_that_claims_them_and_answers_come_back(string address, string sends, string receives)
    {
        FakeProtocol dht = new('d');
        FakeProtocol utp = new('A');
        UdpMux far = await OpenAsync(address, receives, dht, utp);
        dht.OnReceived = (last, sender) => far.Send([(byte)'q', last], sender);
        FakeProtocol asking = new('q');
        UdpMux near = await OpenAsync(address, sends, asking);
        UdpAddress target = UdpAddress.From(far.EndPoints[0]);
        near.Post(() =>
        {
            foreach (string datagram in (string[])["d1", "A2", "d3", "x4", ""])
                near.Send(System.Text.Encoding.ASCII.GetBytes(datagram), target);
        });
        await Patience.Until(() => asking.Received.Count == 2 && utp.Received.Count == 1 && far.Statistics.Unclaimed == 2);
        Assert.Equal(["q1", "q3"], asking.Received.Select(received => System.Text.Encoding.ASCII.GetString(received.Datagram)));
        Assert.All(asking.Received, received => Assert.Equal(far.EndPoints[0], received.Sender.ToEndPoint()));
        Assert.Equal(near.EndPoints[0], utp.Received.Single().Sender.ToEndPoint());
        Assert.Equal(3, far.Statistics.Received);
        Assert.InRange(utp.Batches, 1, 5);
        Assert.Empty(_faults);
    }

    /// <summary>Lengths, order and bytes stay, whatever the kernel merges on the way.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Runs_of_datagrams_arrive_as_they_were_sent(string address, string sends, string receives)
    {
        FakeProtocol sink = new('s');
        UdpMux far = await OpenAsync(address, receives, sink);
        UdpMux near = await OpenAsync(address, sends, new FakeProtocol('-'));
        UdpAddress target = UdpAddress.From(far.EndPoints[0]);
        Random random = new(7);
        for (int burst = 0; burst < 20; burst++)
        {
            List<byte[]> sent = [];
            while (sent.Count < 40)
            {
                // Runs of one length, sometimes with a shorter one at the end.
                int length = random.Next(1, burst % 2 == 0 ? 200 : 1_400);
                for (int i = random.Next(1, 12); i > 0; i--)
                    sent.Add(NewDatagram(random, i == 1 && random.Next(2) == 0 ? Math.Max(1, length / 2) : length));
            }

            near.Post(() => sent.ForEach(datagram => near.Send(datagram, target)));
            await Patience.Until(() => sink.Received.Count == sent.Count);
            Assert.All(sink.Received.Zip(sent), pair => Assert.Equal(pair.Second, pair.First.Datagram));
            sink.Received.Clear();
        }

        Assert.Equal(default, (near.Statistics.Dropped, near.Statistics.Failed));
    }

    [Fact]
    public async Task Datagrams_that_do_not_fit_into_the_queue_are_dropped_and_counted()
    {
        UdpMux mux = await OpenAsync("127.0.0.1", Merged, new FakeProtocol('a'));
        UdpAddress self = UdpAddress.From(mux.EndPoints[0]);
        List<bool> taken = [];
        mux.Post(() =>
        {
            for (int i = 0; i < NetworkLimits.MaxQueuedDatagrams + 100; i++)
                taken.Add(mux.Send("b"u8, self));
        });
        await Patience.Until(() => mux.Statistics.Dropped == 100);
        Assert.Equal(NetworkLimits.MaxQueuedDatagrams, mux.Statistics.Queued);
        Assert.Equal(NetworkLimits.MaxQueuedDatagrams, taken.TakeWhile(taken => taken).Count());

        // Too long, and of a family that has no socket.
        mux.Post(() =>
        {
            mux.Send(new byte[Limits.MaxDatagramLength + 1], self);
            mux.Send("a"u8, UdpAddress.From(new IPEndPoint(IPAddress.IPv6Loopback, 9)));
        });
        await Patience.Until(() => mux.Statistics.Dropped == 102);
    }

    [Fact]
    public async Task What_can_never_be_sent_does_not_wait_for_room()
    {
        UdpMux mux = await OpenAsync("127.0.0.1", Merged, new FakeProtocol('a'));
        UdpAddress self = UdpAddress.From(mux.EndPoints[0]);
        List<bool> taken = [];
        mux.Post(() =>
        {
            taken.Add(mux.TrySend(new byte[Limits.MaxDatagramLength + 1], self, null));
            taken.Add(mux.TrySend(new byte[Limits.MaxDatagramLength], self, null));
        });
        await Patience.Until(() => mux.Statistics is { Dropped: 1, Queued: 1 });
        Assert.Equal([true, true], taken);
    }

    [Theory]
    [InlineData(Merged)]
    [InlineData(Batched)]
    [InlineData(Single)]
    public async Task A_datagram_that_cannot_be_sent_does_not_stop_the_next(string calls)
    {
        FakeProtocol self = new('s');
        UdpMux mux = await OpenAsync("127.0.0.1", calls, self);
        UdpAddress reachable = UdpAddress.From(mux.EndPoints[0]);

        // A loopback address has no route to others.
        UdpAddress elsewhere = UdpAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 9));
        mux.Post(() =>
        {
            mux.Send("s1"u8, reachable);
            mux.Send("x"u8, elsewhere);
            mux.Send("x"u8, elsewhere);
            mux.Send("s2"u8, reachable);
        });
        await Patience.Until(() => self.Received.Count == 2);
        Assert.Equal(2, mux.Statistics.Failed);
    }

    [Fact]
    public async Task There_is_no_socket_before_the_first_protocol_nor_after_the_last()
    {
        UdpMux mux = New("127.0.0.1", Merged);
        mux.Post(() => mux.Send("a"u8, UdpAddress.From(new IPEndPoint(IPAddress.Loopback, 9))));
        await Patience.Until(() => mux.Statistics.Dropped == 1);
        Assert.Empty(_sockets);
        FakeProtocol first = new('a');
        FakeProtocol second = new('b');
        mux.Register(first);
        mux.Register(second);
        await Patience.Until(() => mux.EndPoints.Count == 1);
        mux.Unregister(first);
        mux.Unregister(second);
        await Patience.Until(() => mux.EndPoints.Count == 0);
        Assert.True(Assert.Single(_sockets).SafeHandle.IsClosed);
    }

    [Fact]
    public async Task Both_families_get_one_port_and_a_taken_port_is_replaced()
    {
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Any, 0));
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port;
        ConcurrentQueue<int> reported = new();
        UdpMux mux = Keep(new UdpMux(new UdpMuxOptions
        {
            Binding = Binding(null),
            Port = port,
            OnFault = _faults.Enqueue,
            OnOtherPort = reported.Enqueue,
        }));
        mux.Register(new FakeProtocol('a'));
        await Patience.Until(() => mux.EndPoints.Count == 2);
        Assert.NotEqual(port, mux.EndPoints[0].Port);
        Assert.Equal([mux.EndPoints[0].Port], reported);
        Assert.Equal(mux.EndPoints[0].Port, mux.EndPoints[1].Port);
    }

    [Theory]
    [InlineData(Merged)]
    [InlineData(Batched)]
    [InlineData(Single)]
    public async Task A_socket_that_fails_is_recreated_with_the_same_port(string calls)
    {
        FakeProtocol protocol = new('a');
        UdpMux mux = await OpenAsync("127.0.0.1", calls, protocol);
        IPEndPoint before = mux.EndPoints[0];
        Assert.True(_sockets.TryPeek(out Socket? socket));
        socket.Dispose();
        await Patience.Until(() => mux.EndPoints.Count == 0);
        await Patience.Until(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return mux.EndPoints.Count == 1;
        });
        Assert.Equal(before, mux.EndPoints[0]);
        mux.Post(() => mux.Send("a!"u8, UdpAddress.From(before)));
        await Patience.Until(() => protocol.Received.Count == 1);
    }

    /// <summary>Errors of the network are reported to the next caller, though they concern a datagram that was sent long ago.</summary>
    [Theory]
    [InlineData(Merged)]
    [InlineData(Batched)]
    [InlineData(Single)]
    public async Task Closed_ports_of_others_do_not_end_a_socket(string calls)
    {
        Requires.That(OperatingSystem.IsLinux(), "Only Linux has this option; other systems report the errors anyway.");
        FakeProtocol protocol = new('a');
        UdpMux mux = await OpenAsync("127.0.0.1", calls, protocol);
        Assert.True(_sockets.TryPeek(out Socket? socket));

        // IP_RECVERR: ICMP's "port unreachable" is an error of the next call.
        socket.SetRawSocketOption(0, 11, [1, 0, 0, 0]);
        using Socket closed = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        UdpAddress nobody = UdpAddress.From((IPEndPoint)closed.LocalEndPoint!);
        closed.Dispose();
        for (int i = 1; i <= 100; i++)
        {
            mux.Post(() =>
            {
                mux.Send("x"u8, nobody);
                mux.Send("a"u8, UdpAddress.From(mux.EndPoints[0]));
            });
            int sent = i;
            await Patience.Until(() => protocol.Received.Count + mux.Statistics.Failed >= sent);
        }

        Assert.Single(_sockets);
        mux.Post(() => mux.Send("a"u8, UdpAddress.From(mux.EndPoints[0])));
        int before = protocol.Received.Count;
        await Patience.Until(() => protocol.Received.Count > before);
    }

    [Fact]
    public async Task Without_its_address_it_has_no_socket_until_the_address_is_back()
    {
        bool isHere = true;
        NetworkBinding binding = new(IPAddress.Parse("127.0.0.8"))
        {
            NewSocket = (family, type) => isHere
                ? new Socket(family, type, ProtocolType.Udp)
                : throw new SocketException((int)SocketError.AddressNotAvailable),
        };
        UdpMux mux = Keep(new UdpMux(new UdpMuxOptions { Binding = binding, Time = _time, OnFault = _faults.Enqueue }));
        FakeProtocol protocol = new('a');
        mux.Register(protocol);
        await Patience.Until(() => mux.EndPoints.Count == 1);
        IPEndPoint before = mux.EndPoints[0];
        Assert.Equal(IPAddress.Parse("127.0.0.8"), before.Address);
        isHere = false;
        Assert.True(binding.Check());
        mux.OnAddressChanged();
        await Patience.Until(() => mux.EndPoints.Count == 0);
        mux.Post(() => mux.Send("a"u8, UdpAddress.From(before)));
        await Patience.Until(() => mux.Statistics.Dropped == 1);
        isHere = true;
        Assert.True(binding.Check());
        mux.OnAddressChanged();
        await Patience.Until(() => mux.EndPoints.Count == 1);
        Assert.Equal(before, mux.EndPoints[0]);
    }

    [Fact]
    public async Task Deadlines_are_met()
    {
        FakeProtocol protocol = new('a');
        UdpMux mux = await OpenAsync("127.0.0.1", Merged, protocol);
        Timestamp due = new Timestamp(_time.GetElapsedTime(0).Ticks) + TimeSpan.FromSeconds(3);
        TaskCompletionSource set = new();
        mux.Post(() => protocol.NextDeadline = due);
        mux.Post(set.SetResult);
        await set.Task.Bounded();
        await Patience.Until(() => _time.SetTimers > 0);
        _time.Advance(TimeSpan.FromMilliseconds(2_999));
        Assert.Empty(protocol.Deadlines);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        await Patience.Until(() => protocol.Deadlines.Count == 1);
        Assert.True(protocol.Deadlines.Single() >= due);
    }

    [Fact]
    public async Task A_protocol_that_throws_loses_only_that_datagram()
    {
        FakeProtocol broken = new('b') { OnReceived = (_, _) => throw new InvalidOperationException("a bug") };
        FakeProtocol whole = new('w');
        UdpMux mux = await OpenAsync("127.0.0.1", Merged, broken, whole);
        UdpAddress self = UdpAddress.From(mux.EndPoints[0]);
        mux.Post(() =>
        {
            mux.Send("b"u8, self);
            mux.Send("w1"u8, self);
            mux.Send("b"u8, self);
            mux.Send("w2"u8, self);
        });
        await Patience.Until(() => whole.Received.Count == 2 && _faults.Count == 2);
        Assert.All(_faults, fault => Assert.Equal("a bug", fault.Message));
    }

    [Theory]
    [InlineData(Merged)]
    [InlineData(Batched)]
    [InlineData(Single)]
    public async Task It_can_be_closed_in_the_middle_of_traffic(string calls)
    {
        FakeProtocol echo = new('e');
        UdpMux mux = await OpenAsync("127.0.0.1", calls, echo);
        UdpAddress self = UdpAddress.From(mux.EndPoints[0]);
        echo.OnReceived = (_, sender) => mux.Send("e"u8, sender);
        mux.Post(() =>
        {
            for (int i = 0; i < 50; i++)
                mux.Send("e"u8, self);
        });
        await Patience.Until(() => mux.Statistics.Received > 1_000);
        await mux.DisposeAsync().AsTask().Bounded();
        long after = mux.Statistics.Received;
        await mux.DisposeAsync().AsTask().Bounded();
        Assert.Equal(after, mux.Statistics.Received);
        Assert.Empty(_faults);
    }

    private static byte[] NewDatagram(Random random, int length)
    {
        byte[] datagram = new byte[length];
        random.NextBytes(datagram);
        datagram[0] = (byte)'s';
        return datagram;
    }

    private NetworkBinding Binding(IPAddress? address) => new(address)
    {
        NewSocket = (family, type) =>
        {
            Socket socket = new(family, type, ProtocolType.Udp);
            _sockets.Enqueue(socket);
            return socket;
        },
    };

    private UdpMux New(string address, string calls) => Keep(new UdpMux(new UdpMuxOptions
    {
        Binding = Binding(IPAddress.Parse(address)),
        Time = _time,
        OnFault = _faults.Enqueue,
        Batches = calls != Single,
        Merges = calls == Merged,
    }));

    private UdpMux Keep(UdpMux mux)
    {
        _muxes.Add(mux);
        return mux;
    }

    private async Task<UdpMux> OpenAsync(string address, string calls, params FakeProtocol[] protocols)
    {
        if (address == "::1")
            Requires.IPv6Loopback();
        UdpMux mux = New(address, calls);
        foreach (FakeProtocol protocol in protocols)
            mux.Register(protocol);
        await Patience.Until(() => mux.EndPoints.Count == 1);
        return mux;
    }
}
