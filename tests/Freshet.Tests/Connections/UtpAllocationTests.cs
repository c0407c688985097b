using System.Net;
using System.Net.Sockets;
using Freshet.Connections;
using Freshet.Core.Utp;
using Freshet.Network;

namespace Freshet.Tests.Connections;

[Collection(nameof(Alone))]
public class UtpAllocationTests
{
    private const int Packet = 1_400;
    private const int Packets = 20_000;
    private const int AtOnce = 64 * 1024;

    // The cost of a round itself: its tasks, the pooling of what waits, a segment of a queue. A packet's share of it is a few bytes.
    private const int MostBytes = 100_000;

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task Twenty_thousand_packets_allocate_nothing(bool batches, bool merges)
    {
        await using UdpMux nearMux = Open(batches, merges);
        await using UdpMux farMux = Open(batches, merges);
        TaskCompletionSource<UtpTransport> incoming = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using UtpProtocol listening = Start(farMux, incoming.TrySetResult);
        await using UtpProtocol dialling = Start(nearMux, null);
        await Patience.Until(() => nearMux.EndPoints.Count > 0 && farMux.EndPoints.Count > 0);
        UtpConnector connector = new(new NetworkBinding(IPAddress.Loopback), () => dialling, TimeProvider.System);
        ITransport near = await connector.ConnectAsync(farMux.EndPoints[0], TestContext.Current.CancellationToken);
        await near.SendAsync(new byte[1]);
        UtpTransport far = await incoming.Task.Bounded();
        byte[] sent = new byte[AtOnce];
        byte[] received = new byte[AtOnce];
        Assert.Equal(1, await far.ReceiveAsync(received).AsTask().Bounded());

        await RunAsync(near, sent, far, received).Bounded();
        long least = long.MaxValue;
        for (int round = 0; round < 20 && least > MostBytes; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await RunAsync(near, sent, far, received).Bounded();
            long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            TestContext.Current.TestOutputHelper?.WriteLine($"{allocated} bytes allocated");
            least = Math.Min(least, allocated);
        }

        Assert.InRange(least, 0, MostBytes);
        near.Abort();
        far.Abort();
    }

    private static async Task RunAsync(ITransport near, byte[] sent, UtpTransport far, byte[] received)
    {
        Task sending = SendAsync(near, sent);
        for (long left = (long)Packets * Packet; left > 0;)
            left -= await far.ReceiveAsync(received.AsMemory(0, (int)Math.Min(left, received.Length)));
        await sending;
    }

    private static async Task SendAsync(ITransport near, byte[] bytes)
    {
        for (long left = (long)Packets * Packet; left > 0;)
            left -= await near.SendAsync(bytes.AsMemory(0, (int)Math.Min(left, bytes.Length)));
    }

    private static UdpMux Open(bool batches, bool merges) => new(new UdpMuxOptions
    {
        Binding = new NetworkBinding(IPAddress.Loopback),
        Families = [AddressFamily.InterNetwork],
        Batches = batches,
        Merges = merges,
        OnFault = static e => Assert.Fail(e.ToString()),
    });

    private static UtpProtocol Start(UdpMux mux, Func<UtpTransport, bool>? onIncoming)
    {
        UtpMachineOptions options = new() { MaxConnections = 10, Secret = new byte[32] };
        UtpProtocol protocol = new(mux, options, new Random(1), TimeProvider.System) { OnIncoming = onIncoming };
        protocol.Start();
        return protocol;
    }
}
