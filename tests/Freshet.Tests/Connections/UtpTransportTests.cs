using System.Net;
using System.Net.Sockets;
using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Core.Utp;
using Freshet.Network;

namespace Freshet.Tests.Connections;

/// <summary>uTP over real sockets, with batches and without.</summary>
public sealed class UtpTransportTests : IAsyncDisposable
{
    private readonly List<UtpProtocol> _protocols = [];
    private readonly List<UdpMux> _muxes = [];
    private readonly TaskCompletionSource<UtpTransport> _incoming = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async ValueTask DisposeAsync()
    {
        foreach (UtpProtocol protocol in _protocols)
            await protocol.DisposeAsync();
        foreach (UdpMux mux in _muxes)
            await mux.DisposeAsync();
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task Bytes_arrive_as_they_were_sent_followed_by_the_end(bool nearBatches, bool farBatches)
    {
        (ITransport near, ITransport far) = await ConnectAsync(nearBatches, farBatches);
        byte[] sent = new byte[5_000_000];
        new Random(1).NextBytes(sent);
        Task sending = SendAsync(near, sent);
        Assert.Equal(sent, await ReceiveAsync(far, sent.Length).Bounded());
        await sending;
        Task answering = SendAsync(far, sent.AsMemory(0, 100_000));
        Assert.Equal(sent[..100_000], await ReceiveAsync(near, 100_000).Bounded());
        await answering;
        near.Abort();
        Assert.Equal(0, await far.ReceiveAsync(new byte[1]).AsTask().Bounded());
        far.Abort();
    }

    [Fact]
    public async Task What_was_sent_before_the_end_arrives()
    {
        (ITransport near, ITransport far) = await ConnectAsync(true, true);
        byte[] sent = new byte[300_000];
        new Random(2).NextBytes(sent);
        await SendAsync(near, sent);
        near.Abort();
        Assert.Equal(sent, await ReceiveAsync(far, sent.Length).Bounded());
        Assert.Equal(0, await far.ReceiveAsync(new byte[1]).AsTask().Bounded());
    }

    [Fact]
    public async Task An_empty_receive_waits_until_there_is_something()
    {
        (ITransport near, ITransport far) = await ConnectAsync(true, true);
        ValueTask<int> waiting = far.ReceiveAsync(Memory<byte>.Empty);
        Assert.False(waiting.IsCompleted);
        await near.SendAsync(new byte[] { 7 });
        Assert.Equal(0, await waiting.AsTask().Bounded());
        byte[] one = new byte[4];
        Assert.Equal(1, await far.ReceiveAsync(one));
        Assert.Equal(7, one[0]);
    }

    [Fact]
    public async Task Abort_ends_pending_operations()
    {
        (ITransport near, ITransport far) = await ConnectAsync(true, true);
        Task<int> receiving = near.ReceiveAsync(new byte[1]).AsTask();
        near.Abort();
        await Assert.ThrowsAsync<SocketException>(() => receiving.Bounded());
        far.Abort();
    }

    [Fact]
    public async Task A_reset_is_noticed_by_the_other_side()
    {
        (ITransport near, ITransport far) = await ConnectAsync(true, true);
        Task<int> receiving = far.ReceiveAsync(new byte[1]).AsTask();
        near.Reset();
        SocketException e = await Assert.ThrowsAsync<SocketException>(() => receiving.Bounded());
        Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
    }

    [Fact]
    public async Task A_reader_that_stops_stops_the_sender()
    {
        (ITransport near, ITransport far) = await ConnectAsync(true, true);
        byte[] sent = new byte[8_000_000];
        new Random(3).NextBytes(sent);
        int taken = 0;
        Task sending = SendAsync(near, sent, count => Volatile.Write(ref taken, count));
        await Patience.Until(() => Volatile.Read(ref taken) > UtpLimits.MaxUnsent);
        Assert.False(sending.IsCompleted);
        Assert.InRange(Volatile.Read(ref taken), 1, sent.Length / 2);
        Assert.Equal(sent, await ReceiveAsync(far, sent.Length).Bounded());
        await sending.Bounded();
    }

    private static async Task SendAsync(ITransport transport, ReadOnlyMemory<byte> bytes, Action<int>? onTaken = null)
    {
        for (int at = 0; at < bytes.Length;)
        {
            at += await transport.SendAsync(bytes[at..]);
            onTaken?.Invoke(at);
        }
    }

    private static async Task<byte[]> ReceiveAsync(ITransport transport, int length)
    {
        byte[] bytes = new byte[length];
        for (int at = 0; at < length;)
        {
            int received = await transport.ReceiveAsync(bytes.AsMemory(at));
            Assert.NotEqual(0, received);
            at += received;
        }

        return bytes;
    }

    private async Task<(ITransport Near, ITransport Far)> ConnectAsync(bool nearBatches, bool farBatches)
    {
        UdpMux far = Open(farBatches);
        UtpProtocol listening = Start(far, transport => _incoming.TrySetResult(transport));
        UtpProtocol dialling = Start(Open(nearBatches), onIncoming: null);
        await Patience.Until(() => far.EndPoints.Count > 0 && _muxes.TrueForAll(static mux => mux.EndPoints.Count > 0));
        UtpConnector connector = new(new NetworkBinding(IPAddress.Loopback), () => dialling, TimeProvider.System);
        ITransport near = await connector.ConnectAsync(far.EndPoints[0], CancellationToken.None);
        Assert.Equal(PeerTransport.Utp, near.Way.Transport);

        // The side that connects speaks first, and the other side knows it only then.
        await near.SendAsync(new byte[] { 1 });
        UtpTransport accepted = await _incoming.Task.Bounded();
        Assert.Equal(1, await accepted.ReceiveAsync(new byte[1]));
        Assert.NotNull(listening);
        return (near, accepted);
    }

    private UdpMux Open(bool batches)
    {
        UdpMux mux = new(new UdpMuxOptions
        {
            Binding = new NetworkBinding(IPAddress.Loopback),
            Families = [AddressFamily.InterNetwork],
            Batches = batches,
            OnFault = static e => Assert.Fail(e.ToString()),
        });
        _muxes.Add(mux);
        return mux;
    }

    private UtpProtocol Start(UdpMux mux, Func<UtpTransport, bool>? onIncoming)
    {
        UtpMachineOptions options = new() { MaxConnections = 10, Secret = new byte[32] };
        UtpProtocol protocol = new(mux, options, new Random(_protocols.Count), TimeProvider.System) { OnIncoming = onIncoming };
        protocol.Start();
        _protocols.Add(protocol);
        return protocol;
    }
}
