using System.Net;
using Freshet.Core.Dht;
using Freshet.Core.Rates;
using Freshet.Discovery;
using Freshet.Network;
using Freshet.Tests.Connections;

namespace Freshet.Tests.Network;

[Collection(nameof(Alone))]
public class UdpMuxAllocationTests
{
    private const int Datagrams = 100_000;
    private const int AtOnce = 64;

    // The cost of a round itself: its tasks, a segment of a queue, the pooling of what waits. A datagram's share of it is a fraction of a
    // byte.
    private const int MostBytes = 10_000;

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task A_hundred_thousand_datagrams_allocate_nothing(bool batches, bool merges)
    {
        await using UdpMux near = Open(batches, merges);
        await using UdpMux far = Open(batches, merges);
        Answering answering = new(far);
        far.Register(answering);

        // It shares the port with uTP, which has nothing in most of the batches.
        await using DhtService dht = new(new DhtServiceOptions
        {
            Mux = far,
            Binding = new NetworkBinding(IPAddress.Loopback),
            Time = TimeProvider.System,
            Machine = new DhtMachineOptions { AllowsLocal = true },
        });
        await dht.StartAsync();
        Asking asking = new(near);
        near.Register(asking);
        await Patience.Until(() => near.EndPoints.Count == 1 && far.EndPoints.Count == 1);
        asking.Target = UdpAddress.From(far.EndPoints[0]);
        await asking.RunAsync(Datagrams);
        long least = long.MaxValue;
        for (int round = 0; round < 20 && least > MostBytes; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            await asking.RunAsync(Datagrams);
            long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{allocated} bytes allocated; "
                + $"{(Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / Datagrams:0.00} µs CPU a datagram, both ends");
            least = Math.Min(least, allocated);
        }

        Assert.InRange(least, 0, MostBytes);
        Assert.Equal(default, (near.Statistics.Dropped, near.Statistics.Failed));
    }

    private static UdpMux Open(bool batches, bool merges) => new(new UdpMuxOptions
    {
        Binding = new NetworkBinding(IPAddress.Loopback),
        Batches = batches,
        Merges = merges,
        OnFault = e => Assert.Fail(e.ToString()),
    });

    /// <summary>Reports how many have arrived, whenever it is as many as the other side sends at once.</summary>
    private sealed class Answering(UdpMux mux) : IDatagramProtocol
    {
        private int _count;

        public Timestamp NextDeadline => Timestamp.Never;

        public bool Claims(ReadOnlySpan<byte> datagram, UdpAddress sender) => true;

        public void OnDatagram(ReadOnlySpan<byte> datagram, UdpAddress sender, Timestamp now)
        {
            if (++_count % AtOnce == 0)
                mux.Send("done"u8, sender);
        }

        public void OnBatchEnd(Timestamp now)
        {
        }

        public void OnDeadline(Timestamp now)
        {
        }
    }

    /// <summary>Sends this many at once, and the next when those have arrived.</summary>
    private sealed class Asking(UdpMux mux) : IDatagramProtocol
    {
        private readonly byte[] _datagram = new byte[300];
        private TaskCompletionSource _done = new();
        private int _left;

        public UdpAddress Target { get; set; }

        public Timestamp NextDeadline => Timestamp.Never;

        public Task RunAsync(int count)
        {
            _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            mux.Post(() =>
            {
                _left = count / AtOnce;
                SendSome();
            });
            return _done.Task.Bounded();
        }

        public bool Claims(ReadOnlySpan<byte> datagram, UdpAddress sender) => datagram.SequenceEqual("done"u8);

        public void OnDatagram(ReadOnlySpan<byte> datagram, UdpAddress sender, Timestamp now)
        {
            if (--_left > 0)
                SendSome();
            else
                _done.SetResult();
        }

        public void OnBatchEnd(Timestamp now)
        {
        }

        public void OnDeadline(Timestamp now)
        {
        }

        private void SendSome()
        {
            for (int i = 0; i < AtOnce; i++)
                mux.Send(_datagram, Target);
        }
    }
}
