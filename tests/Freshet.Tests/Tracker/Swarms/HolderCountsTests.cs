using System.Net;
using Freshet.Tracker.Swarms;

namespace Freshet.Tests.Tracker.Swarms;

public class HolderCountsTests
{
    [Fact]
    public void An_IPv4_address_and_an_IPv6_network_with_the_same_bits_are_counted_separately()
    {
        HolderCounts counts = new();
        UInt128 v4 = PeerAddress.From(IPAddress.Parse("10.0.0.1"), 1).Holder;
        UInt128 v6 = PeerAddress.From(IPAddress.Parse("0:0:a00:1::5"), 1).Holder;
        Assert.Equal((ulong)v4, (ulong)v6);
        counts.Add(v4);
        counts.Add(v6);
        counts.Add(v6);
        Assert.Equal((1, 2), (counts[v4], counts[v6]));
        counts.Remove(v6);
        counts.Remove(v4);
        Assert.Equal((0, 1), (counts[v4], counts[v6]));
    }

    [Fact]
    public void Additions_and_removals_in_any_order_leave_the_same_counts_as_a_dictionary()
    {
        Random random = new(7);
        HolderCounts counts = new();
        Dictionary<UInt128, int> expected = [];
        for (int i = 0; i < 200_000; i++)
        {
            // The number of holders rises and falls, so that the table grows, and removals leave holes among neighbours.
            UInt128 holder = new(random.Next(2) == 0 ? 0UL : 1UL, (ulong)random.Next(20_000));
            if (random.Next(100) < (i / 50_000 % 2 == 0 ? 70 : 30))
            {
                counts.Add(holder);
                expected[holder] = expected.GetValueOrDefault(holder) + 1;
            }
            else
            {
                counts.Remove(holder);
                if (expected.TryGetValue(holder, out int count) && count > 1)
                    expected[holder] = count - 1;
                else
                    expected.Remove(holder);
            }
        }

        Assert.NotEmpty(expected);
        for (ulong high = 0; high < 2; high++)
        {
            for (ulong low = 0; low < 20_000; low++)
                Assert.Equal(expected.GetValueOrDefault(new UInt128(high, low)), counts[new UInt128(high, low)]);
        }
    }
}
