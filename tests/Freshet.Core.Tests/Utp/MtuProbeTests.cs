using Freshet.Core.Rates;
using Freshet.Core.Utp;

namespace Freshet.Core.Tests.Utp;

public class MtuProbeTests
{
    private const int Ethernet = 1_472;
    private static readonly Timestamp Start = new(TimeSpan.TicksPerDay);

    [Theory]
    [InlineData(600)]
    [InlineData(1_232)]
    [InlineData(1_380)]
    [InlineData(Ethernet)]
    public void A_path_that_was_down_is_searched_again_up_to_its_full_length(int carried)
    {
        MtuProbe probe = new(Ethernet);
        Search(probe, Ethernet);
        Assert.Equal(Ethernet, probe.Length);

        // Three times nothing was acknowledged in time.
        probe.OnBlackHole();
        probe.OnBlackHole();
        probe.OnBlackHole();
        Assert.Equal(MtuProbe.SmallestLength, probe.Length);

        Search(probe, carried);
        Assert.InRange(probe.Length, carried - 16, carried);
    }

    [Fact]
    public void The_result_of_a_probe_after_a_black_hole_is_ignored()
    {
        MtuProbe probe = new(Ethernet);
        Assert.Equal(Ethernet, probe.Begin(Start));
        probe.OnBlackHole();
        probe.OnArrived();
        Assert.Equal(MtuProbe.SmallestLength, probe.Length);
        probe.OnLost();
        probe.OnLost();
        Assert.Equal(Ethernet, probe.Begin(Start));
    }

    /// <summary>What is too long arrives in fragments, so only probes tell.</summary>
    [Theory]
    [InlineData(548)]
    [InlineData(600)]
    [InlineData(1_000)]
    [InlineData(1_231)]
    public void A_path_that_does_not_carry_the_first_length_is_found_out(int carried)
    {
        MtuProbe probe = new(Ethernet);
        Assert.Equal(MtuProbe.FirstLength, probe.Length);
        Search(probe, carried);
        Assert.InRange(probe.Length, carried - 16, carried);
    }

    [Theory]
    [InlineData(1_472, 1_300, 5)]
    [InlineData(1_472, 1_000, 5)]
    [InlineData(1_400, 1_300, 5)]
    [InlineData(1_000, 576, 5)]
    [InlineData(1_300, 1_472, 600)]
    [InlineData(1_000, 1_472, 600)]
    public void A_path_that_carries_less_is_noticed_in_seconds_and_more_in_minutes(int first, int later, int seconds)
    {
        MtuProbe probe = new(Ethernet);
        Search(probe, first);
        Assert.False(probe.IsDue(Start + TimeSpan.FromSeconds(4.9)));
        Timestamp again = Start + TimeSpan.FromSeconds(seconds);
        Assert.True(probe.IsDue(again));
        Search(probe, later, again);
        Assert.InRange(probe.Length, later - 16, later);
        Assert.False(probe.IsDue(again));
    }

    /// <summary>They are as long as all other packets, and one that is lost at random changes nothing.</summary>
    [Fact]
    public void A_path_that_stays_as_it_is_is_probed_by_packets_that_are_sent_anyway()
    {
        MtuProbe probe = new(Ethernet);
        Search(probe, 1_400);
        int found = probe.Length;
        for (int i = 1; i < 100; i++)
        {
            Timestamp now = Start + (i * TimeSpan.FromSeconds(5));
            Assert.True(probe.IsDue(now));
            Assert.Equal(found, probe.Begin(now));
            if (i % 2 == 0)
            {
                probe.OnLost();
                Assert.Equal(found, probe.Begin(now));
            }

            probe.OnArrived();
            Assert.False(probe.IsDue(now));
            Assert.Equal(found, probe.Length);
        }
    }

    /// <summary>One that is lost at random, or that the socket has no room for, is tried again.</summary>
    [Fact]
    public void A_length_counts_as_too_long_when_it_was_lost_twice()
    {
        MtuProbe probe = new(Ethernet);
        Assert.Equal(Ethernet, probe.Begin(Start));
        probe.Cancel();
        Assert.Equal(Ethernet, probe.Begin(Start));
        probe.OnLost();
        Assert.Equal(Ethernet, probe.Begin(Start));
        probe.OnLost();
        Assert.Equal(MtuProbe.FirstLength, probe.Begin(Start));
        probe.OnLost();
        Assert.Equal(MtuProbe.FirstLength, probe.Begin(Start));
        Assert.Equal(MtuProbe.FirstLength, probe.Length);
        probe.OnLost();
        Assert.Equal(MtuProbe.SmallestLength, probe.Length);
    }

    private static void Search(MtuProbe probe, int carried, Timestamp? at = null)
    {
        Timestamp now = at ?? Start;
        for (int tries = 0; probe.IsDue(now); tries++)
        {
            Assert.InRange(tries, 0, 20);
            int length = probe.Begin(now);
            Assert.InRange(length, probe.Length, Ethernet);
            if (length <= carried)
                probe.OnArrived();
            else
                probe.OnLost();
        }
    }
}
