using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Freshet.Connections;
using Freshet.Core.Utp;
using Freshet.Network;

namespace Freshet.Tests.Network;

/// <summary>Datagrams on a path that carries little in one piece: a loopback interface with a small MTU, in a network of its own.</summary>
public sealed class FragmentTests : IAsyncDisposable
{
    private const int Ethernet = 1_500;
    private const int Least6 = 1_280;

    private readonly ConcurrentQueue<Exception> _faults = new();
    private readonly List<IAsyncDisposable> _open = [];

    public static TheoryData<AddressFamily, bool, bool> Ways => new()
    {
        { AddressFamily.InterNetwork, true, true },
        { AddressFamily.InterNetwork, true, false },
        { AddressFamily.InterNetwork, false, false },
        { AddressFamily.InterNetworkV6, true, true },
        { AddressFamily.InterNetworkV6, true, false },
        { AddressFamily.InterNetworkV6, false, false },
    };

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable open in _open.AsEnumerable().Reverse())
            await open.DisposeAsync().AsTask().Bounded();
        Assert.Empty(_faults);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Long_datagrams_arrive_in_fragments_unless_they_may_not_be_fragmented(AddressFamily family, bool batches, bool merges)
    {
        using NamespaceThread network = NamespaceThread.CreateOrSkip();
        network.SetMtu(Least6);
        FakeProtocol sink = new('s');
        UdpMux far = await OpenAsync(network, family, batches, merges, sink);
        UdpMux near = await OpenAsync(network, family, batches, merges, new FakeProtocol('-'));
        UdpAddress target = AddressOf(far);
        List<byte[]> sent = [.. Enumerable.Range(0, 60).Select(i => NewDatagram(i, i % 20 < 15 ? 1_400 : 1_100))];
        near.Post(() =>
        {
            for (int i = 0; i < sent.Count; i++)
            {
                // Every seventh is a probe: with a length that the path carries, or not.
                near.TrySend(sent[i], target, null, dontFragment: i % 7 == 0);
            }
        });
        byte[][] arriving = [.. sent.Where(static (datagram, i) => i % 7 != 0 || datagram.Length == 1_100)];
        await Patience.Until(() => sink.Received.Count == arriving.Length && near.Statistics.Failed == sent.Count - arriving.Length);
        Assert.Equal(arriving, sink.Received.Select(static received => received.Datagram));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_uTP_connection_goes_on_when_its_path_carries_less(bool batches)
    {
        using NamespaceThread network = NamespaceThread.CreateOrSkip();
        network.SetMtu(Ethernet);

        // A loopback interface drops fragments of a burst, and what is left of them takes this memory for half a minute.
        network.Configure("net/ipv4/ipfrag_high_thresh", "500000000");
        UdpMux nearMux = await OpenAsync(network, AddressFamily.InterNetwork, batches, batches);
        UdpMux farMux = await OpenAsync(network, AddressFamily.InterNetwork, batches, batches);
        TaskCompletionSource<UtpTransport> incoming = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Utp(farMux, incoming.TrySetResult);
        UtpProtocol near = Utp(nearMux, null);
        await Patience.Until(() => farMux.EndPoints.Count > 0 && nearMux.EndPoints.Count > 0);
        UtpTransport sending = near.Connect(AddressOf(farMux).ToEndPoint());
        await sending.Connected.Bounded();
        await sending.SendAsync(new byte[1]);
        UtpTransport receiving = await incoming.Task.Bounded();
        Assert.Equal(1, await receiving.ReceiveAsync(new byte[1]).AsTask().Bounded());

        await TransferAsync(sending, receiving);
        Task transferring = TransferAsync(sending, receiving);
        network.SetMtu(600);
        await transferring;
        await TransferAsync(receiving, sending);
    }

    private static byte[] NewDatagram(int number, int length)
    {
        byte[] datagram = new byte[length];
        new Random(number).NextBytes(datagram);
        datagram[0] = (byte)'s';
        return datagram;
    }

    private static UdpAddress AddressOf(UdpMux mux)
    {
        IPEndPoint own = mux.EndPoints[0];
        IPAddress loopback = own.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Loopback : IPAddress.IPv6Loopback;
        return UdpAddress.From(new IPEndPoint(loopback, own.Port));
    }

    private static async Task TransferAsync(UtpTransport from, UtpTransport to)
    {
        byte[] sent = new byte[3_000_000];
        new Random(1).NextBytes(sent);
        Task sending = SendAsync(from, sent);
        byte[] received = new byte[sent.Length];
        for (int at = 0; at < received.Length;)
        {
            int count = await to.ReceiveAsync(received.AsMemory(at)).AsTask().Bounded();
            Assert.NotEqual(0, count);
            at += count;
        }

        await sending;
        Assert.Equal(sent, received);
    }

    private static async Task SendAsync(UtpTransport from, byte[] bytes)
    {
        for (int at = 0; at < bytes.Length;)
            at += await from.SendAsync(bytes.AsMemory(at)).AsTask().Bounded();
    }

    private async Task<UdpMux> OpenAsync(
        NamespaceThread network, AddressFamily family, bool batches, bool merges, params IDatagramProtocol[] protocols)
    {
        UdpMux mux = new(new UdpMuxOptions
        {
            Binding = new NetworkBinding { NewSocket = network.NewSocket },
            Families = [family],
            Batches = batches,
            Merges = merges,
            OnFault = _faults.Enqueue,
        });
        _open.Add(mux);
        foreach (IDatagramProtocol protocol in protocols)
            mux.Register(protocol);
        await Patience.Until(() => protocols.Length == 0 || mux.EndPoints.Count > 0);
        return mux;
    }

    private UtpProtocol Utp(UdpMux mux, Func<UtpTransport, bool>? onIncoming)
    {
        UtpMachineOptions options = new() { MaxConnections = 10, Secret = new byte[32] };
        UtpProtocol protocol = new(mux, options, new Random(1), TimeProvider.System) { OnIncoming = onIncoming };
        _open.Add(protocol);
        protocol.Start();
        return protocol;
    }
}
