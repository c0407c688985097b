using Freshet.Core.Utp;

namespace Freshet.Core.Tests.Utp;

public class PacketPoolTests
{
    private readonly PacketPool _pool = new(4_096);

    [Fact]
    public void Transfers_that_pause_and_go_on_allocate_nothing()
    {
        List<int> packets = new(1_000);
        Assert.Equal(0, Allocations.Of(() => RentAndReturn(packets, 1_000)));
    }

    [Fact]
    public void The_memory_of_many_packets_is_freed_once_all_are_returned()
    {
        List<int> packets = new(4_096);
        long all = 4_096L * PacketPool.PacketLength;
        Assert.InRange(Allocations.Of(() => RentAndReturn(packets, 4_096)), all / 2, all);
    }

    [Fact]
    public void Each_packet_has_memory_of_its_own_and_their_number_is_limited()
    {
        for (int round = 0; round < 3; round++)
        {
            List<int> packets = [];
            while (_pool.TryRent(held: 0, out int packet))
            {
                packets.Add(packet);
                BitConverter.TryWriteBytes(_pool.Of(packet), packet);
            }

            Assert.Equal(4_096, packets.Count);
            Assert.Equal(4_096, _pool.InUse);
            Assert.All(packets, packet => Assert.Equal(packet, BitConverter.ToInt32(_pool.Of(packet))));
            packets.ForEach(_pool.Return);
            Assert.Equal(0, _pool.InUse);
        }
    }

    private void RentAndReturn(List<int> packets, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.True(_pool.TryRent(held: 0, out int packet));
            packets.Add(packet);
        }

        foreach (int packet in packets)
            _pool.Return(packet);
        packets.Clear();
    }
}
