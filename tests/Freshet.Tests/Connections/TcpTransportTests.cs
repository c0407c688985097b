using System.Net;
using Freshet.Connections;

using Freshet.Core.Peers;

namespace Freshet.Tests.Connections;

public class TcpTransportTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Both_ends_know_each_other(string address)
    {
        Requires.Loopback(IPAddress.Parse(address));
        using LoopbackPair pair = await LoopbackPair.ConnectAsync(IPAddress.Parse(address));
        Assert.Equal(pair.Near.LocalEndPoint, pair.Far.RemoteEndPoint);
        Assert.Equal(pair.Far.LocalEndPoint, pair.Near.RemoteEndPoint);
    }

    [Fact]
    public async Task An_empty_receive_waits_for_something_to_receive()
    {
        using LoopbackPair pair = await LoopbackPair.ConnectAsync();
        Task<int> waiting = pair.Near.ReceiveAsync(Memory<byte>.Empty).AsTask();
        Assert.False(waiting.IsCompleted);
        await pair.Far.SendAsync(new byte[] { 1, 2, 3 });
        Assert.Equal(0, await waiting.Bounded());
        Assert.Equal(3, await pair.Near.ReceiveAsync(new byte[10]).AsTask().Bounded());
    }

    [Fact]
    public async Task A_large_send_is_sent_whole()
    {
        using LoopbackPair pair = await LoopbackPair.ConnectAsync();
        byte[] bytes = new byte[20 << 20];
        Random.Shared.NextBytes(bytes);
        Task sending = pair.Near.SendAsync(bytes).AsTask();
        byte[] received = new byte[bytes.Length];
        for (int at = 0; at < received.Length;)
            at += await pair.Far.ReceiveAsync(received.AsMemory(at)).AsTask().Bounded();
        await sending.Bounded();
        Assert.True(bytes.AsSpan().SequenceEqual(received));
    }

    [Fact]
    public async Task What_was_sent_before_the_end_arrives_even_if_a_receive_was_pending()
    {
        using LoopbackPair pair = await LoopbackPair.ConnectAsync();
        Task<int> receiving = pair.Near.ReceiveAsync(new byte[10]).AsTask();
        await pair.Near.SendAsync(new byte[100_000]);
        pair.Near.Abort();
        pair.Near.Abort();
        await Assert.ThrowsAnyAsync<Exception>(() => receiving.Bounded());
        byte[] buffer = new byte[200_000];
        int total = 0;
        int received;
        while ((received = await pair.Far.ReceiveAsync(buffer).AsTask().Bounded()) > 0)
            total += received;
        Assert.Equal(100_000, total);
    }

    [Fact]
    public void Network_errors_have_their_reasons()
    {
        Assert.Equal(DisconnectReason.Refused, SocketErrors.Classify(System.Net.Sockets.SocketError.ConnectionRefused));
        Assert.Equal(DisconnectReason.TimedOut, SocketErrors.Classify(System.Net.Sockets.SocketError.TimedOut));
        Assert.Equal(DisconnectReason.ClosedByPeer, SocketErrors.Classify(System.Net.Sockets.SocketError.ConnectionReset));
        Assert.Equal(DisconnectReason.NetworkError, SocketErrors.Classify(System.Net.Sockets.SocketError.NetworkUnreachable));
    }
}
