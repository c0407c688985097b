using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Freshet.Connections;
using Freshet.Core.Utp;
using Freshet.Network;

namespace Freshet.Tests.Network;

/// <summary>On a machine with several addresses, a query to one of them is answered from there.</summary>
public sealed class AskedAddressTests : IAsyncDisposable
{
    private static readonly UtpMachineOptions Options = new() { MaxConnections = 2, Secret = new byte[32] };
    private static readonly IPAddress Second = IPAddress.Parse("127.0.0.2");
    private static readonly IPAddress Third = IPAddress.Parse("127.0.0.3");

    private readonly ConcurrentQueue<Exception> _faults = new();
    private readonly List<IDisposable> _sockets = [];
    private readonly List<UtpProtocol> _protocols = [];
    private readonly List<UdpMux> _others = [];
    private readonly TaskCompletionSource<UtpTransport> _incoming = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private UdpMux? _mux;

    public async ValueTask DisposeAsync()
    {
        foreach (UtpProtocol protocol in _protocols)
            await protocol.DisposeAsync().AsTask().Bounded();
        foreach (UdpMux other in _others)
            await other.DisposeAsync().AsTask().Bounded();
        if (_mux is not null)
            await _mux.DisposeAsync().AsTask().Bounded();
        _sockets.ForEach(static socket => socket.Dispose());
        Assert.Empty(_faults);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_answer_comes_from_the_address_that_was_asked(bool merges)
    {
        RequireLinux();
        int port = await EchoAsync(new NetworkBinding(), AddressFamily.InterNetwork, merges);
        Socket client = Bound(IPAddress.Loopback);
        IPEndPoint[] asked = [.. Enumerable.Range(2, 4).Select(i => new IPEndPoint(IPAddress.Parse($"127.0.0.{i}"), port))];
        for (int round = 0; round < 10; round++)
        {
            // All at once, so that several are handled together; the last byte says which address was asked.
            foreach (IPEndPoint own in asked)
                client.SendTo([(byte)'e', own.Address.GetAddressBytes()[3]], own);
            for (int i = 0; i < asked.Length; i++)
            {
                (byte[] answer, IPEndPoint from) = await ReceiveAsync(client);
                Assert.Equal(answer[1], from.Address.GetAddressBytes()[3]);
            }
        }
    }

    [Fact]
    public async Task Over_IPv6_too_and_from_another_address_if_that_one_is_gone()
    {
        using NamespaceThread network = NamespaceThread.CreateOrSkip();
        network.AddAddress("2001:db8::1/128");
        network.AddAddress("2001:db8::2/128");
        network.AddAddress("2001:db8::3/128");
        NetworkBinding binding = new() { NewSocket = network.NewSocket };
        int port = await EchoAsync(binding, AddressFamily.InterNetworkV6, merges: true);
        Socket client = network.NewSocket(AddressFamily.InterNetworkV6, SocketType.Dgram);
        _sockets.Add(client);
        client.Bind(new IPEndPoint(IPAddress.Parse("2001:db8::1"), 0));
        foreach (string address in (string[])["2001:db8::2", "2001:db8::3"])
        {
            IPEndPoint own = new(IPAddress.Parse(address), port);
            client.SendTo("e1"u8, own);
            Assert.Equal(own, (await ReceiveAsync(client)).From);
        }

        network.RemoveAddress("2001:db8::3/128");
        UdpAddress target = UdpAddress.From((IPEndPoint)client.LocalEndPoint!);
        UdpAddress gone = UdpAddress.From(new IPEndPoint(IPAddress.Parse("2001:db8::3"), 0));
        _mux!.Post(() => _mux.TrySend("x1"u8, target, gone));
        (byte[] unasked, IPEndPoint from) = await ReceiveAsync(client);
        Assert.Equal("x1"u8, unasked);
        Assert.NotEqual(IPAddress.Parse("2001:db8::3"), from.Address);
        Assert.Equal(0, _mux.Statistics.Failed);
    }

    [Fact]
    public async Task Datagrams_that_nobody_asked_for_leave_from_the_address_that_the_system_chooses()
    {
        RequireLinux();
        int port = await EchoAsync(new NetworkBinding(), AddressFamily.InterNetwork, merges: true);
        Socket client = Bound(IPAddress.Loopback);
        client.SendTo("e2"u8, new IPEndPoint(Second, port));
        Assert.Equal(Second, (await ReceiveAsync(client)).From.Address);
        UdpAddress target = UdpAddress.From((IPEndPoint)client.LocalEndPoint!);
        _mux!.Post(() => _mux.Send("x1"u8, target));
        Assert.Equal(IPAddress.Loopback, (await ReceiveAsync(client)).From.Address);
    }

    /// <summary>
    /// A peer may have found our node in the DHT at one address and dial another; and anybody can send datagrams in its name.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_uTP_connection_keeps_its_address_whichever_others_its_peer_asks(bool weDial)
    {
        RequireLinux();
        int port = await EchoAsync(new NetworkBinding(), AddressFamily.InterNetwork, merges: true);
        UdpMux theirs = new(new UdpMuxOptions { Binding = new NetworkBinding(IPAddress.Loopback), OnFault = _faults.Enqueue });
        _others.Add(theirs);
        FakeProtocol answers = new('e');
        theirs.Register(answers);
        (UtpProtocol own, UtpProtocol peer) = (Utp(_mux!), Utp(theirs));
        await Patience.Until(() => theirs.EndPoints.Count > 0);
        async Task AskElsewhereAsync()
        {
            int before = answers.Received.Count;
            theirs.Post(() => theirs.Send("e2"u8, UdpAddress.From(new IPEndPoint(Second, port))));
            await Patience.Until(() => answers.Received.Count > before);
            Assert.Equal(Second, answers.Received.Last().Sender.ToEndPoint().Address);
        }

        await AskElsewhereAsync();
        UtpTransport near = weDial ? own.Connect(theirs.EndPoints[0]) : peer.Connect(new IPEndPoint(Third, port));
        await near.Connected.Bounded();

        // The side that connects speaks first, and the other side knows it only then.
        await near.SendAsync(new byte[] { 1 });
        UtpTransport far = await _incoming.Task.Bounded();
        Assert.Equal(weDial ? IPAddress.Loopback : Third, (weDial ? far : near).RemoteEndPoint.Address);
        Assert.Equal(1, await far.ReceiveAsync(new byte[1]).AsTask().Bounded());
        for (int i = 0; i < 3; i++)
        {
            await TransferAsync(near, far);
            await AskElsewhereAsync();
            await TransferAsync(far, near);
        }
    }

    private static void RequireLinux() => Requires.That(OperatingSystem.IsLinux(), "These system calls exist only on Linux.");

    private static async Task TransferAsync(UtpTransport from, UtpTransport to)
    {
        byte[] sent = new byte[50_000];
        Random.Shared.NextBytes(sent);
        for (int at = 0; at < sent.Length;)
            at += await from.SendAsync(sent.AsMemory(at)).AsTask().Bounded();
        byte[] received = new byte[sent.Length];
        for (int at = 0; at < received.Length;)
        {
            int count = await to.ReceiveAsync(received.AsMemory(at)).AsTask().Bounded();
            Assert.NotEqual(0, count);
            at += count;
        }

        Assert.Equal(sent, received);
    }

    private static async Task<(byte[] Datagram, IPEndPoint From)> ReceiveAsync(Socket socket)
    {
        byte[] buffer = new byte[100];
        IPEndPoint any = new(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        SocketReceiveFromResult received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, any).Bounded();
        return (buffer[..received.ReceivedBytes], (IPEndPoint)received.RemoteEndPoint);
    }

    private async Task<int> EchoAsync(NetworkBinding binding, AddressFamily family, bool merges)
    {
        _mux = new UdpMux(new UdpMuxOptions { Binding = binding, OnFault = _faults.Enqueue, Merges = merges });
        FakeProtocol echo = new('e') { OnReceived = (last, sender) => _mux.Send([(byte)'e', last], sender) };
        _mux.Register(echo);
        await Patience.Until(() => _mux.EndPoints.Any(endPoint => endPoint.AddressFamily == family));
        return _mux.EndPoints.Single(endPoint => endPoint.AddressFamily == family).Port;
    }

    private UtpProtocol Utp(UdpMux mux)
    {
        UtpProtocol protocol = new(mux, Options, new Random(_protocols.Count), TimeProvider.System)
        {
            OnIncoming = _incoming.TrySetResult,
        };
        protocol.Start();
        _protocols.Add(protocol);
        return protocol;
    }

    private Socket Bound(IPAddress address)
    {
        Socket socket = new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _sockets.Add(socket);
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }
}
