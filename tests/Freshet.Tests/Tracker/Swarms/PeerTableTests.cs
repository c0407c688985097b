using Freshet.Core.Rates;
using Freshet.Core.Wire;
using Freshet.Tracker.Swarms;

namespace Freshet.Tests.Tracker.Swarms;

public class PeerTableTests
{
    /// <summary>Compared with a dictionary that gets the same operations.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_table_holds_what_it_should_whatever_comes_and_goes(bool isV6)
    {
        Random random = new(17);
        SwarmTotals totals = new();
        PeerTable table = new(totals, SwarmTotals.KindOf(isV6, PeerRole.Seed));
        Dictionary<PeerAddress, SwarmPeer> expected = [];
        for (int i = 0; i < 30_000; i++)
        {
            // Grows, then shrinks, over so few addresses that they come again.
            PeerAddress address = new((UInt128)(uint)random.Next(300) << (isV6 ? 100 : 0), (ushort)random.Next(1, 4), isV6);
            if (random.Next(10) < (i < 15_000 ? 7 : 3))
            {
                byte[] id = new byte[20];
                random.NextBytes(id);
                SwarmPeer peer = new(address, new PeerId(id), new Timestamp(random.Next(1, 1_000) * TimeSpan.TicksPerSecond));
                table.Put(peer);
                expected[address] = peer;
            }
            else
            {
                Assert.Equal(expected.Remove(address), table.Remove(address));
            }

            Assert.Equal(expected.Count, table.Count);
            Assert.Equal(expected.TryGetValue(address, out SwarmPeer known) ? known : null, table.Find(address));
        }

        Assert.Equal(expected.Values.ToHashSet(), Enumerable.Range(0, table.Count).Select(place => table[place]).ToHashSet());
        Assert.Equal(table.Count, totals.Seeds);
        List<PeerAddress> removed = [];
        table.RemoveSilentSince(new Timestamp(500 * TimeSpan.TicksPerSecond), removed.Add);
        Assert.Equal(
            expected.Values.Where(peer => peer.LastSeen.Ticks <= 500 * TimeSpan.TicksPerSecond).Select(peer => peer.Address).ToHashSet(),
            removed.ToHashSet());
        table.Drop();
        Assert.Equal(0, totals.Seeds);
    }
}
