using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Freshet.Network;
using Freshet.Tests.Connections;

namespace Freshet.Tests.Network;

/// <summary>On a machine with several addresses, whoever has asked one of them is answered from there.</summary>
public sealed class AskedAddressTests : IAsyncDisposable
{
    private readonly ConcurrentQueue<Exception> _faults = new();
    private readonly List<IDisposable> _sockets = [];
    private UdpMux? _mux;

    public async ValueTask DisposeAsync()
    {
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
            // In one go, so that several are handled together; the last byte says which was asked.
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
    public async Task Over_IPv6_too_and_when_that_address_is_gone_from_another()
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
        _mux!.Post(() => _mux.Send("x1"u8, target));
        (byte[] unasked, IPEndPoint from) = await ReceiveAsync(client);
        Assert.Equal("x1"u8, unasked);
        Assert.NotEqual(IPAddress.Parse("2001:db8::3"), from.Address);
        Assert.Equal(0, _mux.Statistics.Failed);
    }

    /// <summary>Whoever forges a peer's address would otherwise break each of its connections with a datagram.</summary>
    [Fact]
    public void A_forged_datagram_does_not_move_a_connection_to_another_address()
    {
        VirtualTime time = new();
        AskedAddresses asked = new(time);
        UdpAddress own = Address(1), other = Address(2), peer = Address(3);
        asked.Remember(peer, own);
        asked.EndBatch();
        time.Advance(AskedAddresses.KeptFor / 2);
        asked.Remember(peer, own);
        asked.EndBatch();
        time.Advance(AskedAddresses.KeptFor / 2);

        // Whoever sent this is answered from where it was sent to, and that is all.
        asked.Remember(peer, other);
        Assert.Equal(other, asked.Find(peer));
        asked.EndBatch();
        Assert.Equal(own, asked.Find(peer));

        time.Advance(AskedAddresses.KeptFor);
        asked.Remember(peer, other);
        asked.EndBatch();
        Assert.Equal(other, asked.Find(peer));
    }

    [Fact]
    public async Task A_sender_is_answered_later_from_the_address_that_it_began_with()
    {
        RequireLinux();
        int port = await EchoAsync(new NetworkBinding(), AddressFamily.InterNetwork, merges: true);
        Socket client = Bound(IPAddress.Loopback);
        foreach (int last in (int[])[2, 3])
        {
            client.SendTo([(byte)'e', (byte)last], new IPEndPoint(IPAddress.Parse($"127.0.0.{last}"), port));
            Assert.Equal(IPAddress.Parse($"127.0.0.{last}"), (await ReceiveAsync(client)).From.Address);
        }

        UdpAddress target = UdpAddress.From((IPEndPoint)client.LocalEndPoint!);
        _mux!.Post(() => _mux.Send("x1"u8, target));
        Assert.Equal(IPAddress.Parse("127.0.0.2"), (await ReceiveAsync(client)).From.Address);
    }

    [Fact]
    public void Those_that_are_silent_longest_are_forgotten()
    {
        VirtualTime time = new();
        AskedAddresses asked = new(time);
        UdpAddress own = Address(1), talkative = Address(2);
        for (int i = 0; i < 5 * NetworkLimits.MaxAskedAddresses; i++)
        {
            asked.Remember(Address(1_000 + i), own);
            asked.Remember(talkative, own);
        }

        Assert.InRange(asked.Count, NetworkLimits.MaxAskedAddresses, 2 * NetworkLimits.MaxAskedAddresses);
        asked.EndBatch();
        Assert.Equal(own, asked.Find(talkative));
        Assert.Null(asked.Find(Address(1_000)));
        time.Advance(AskedAddresses.KeptFor);
        asked.Remember(talkative, Address(3));
        asked.EndBatch();
        Assert.Equal(Address(3), asked.Find(talkative));
        asked.Forget(talkative);
        Assert.Null(asked.Find(talkative));
    }

    private static UdpAddress Address(int number) => UdpAddress.From(new IPEndPoint(new IPAddress(number), 1));

    private static void RequireLinux() => Requires.That(OperatingSystem.IsLinux(), "These system calls exist only on Linux.");

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

    private Socket Bound(IPAddress address)
    {
        Socket socket = new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _sockets.Add(socket);
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }
}
