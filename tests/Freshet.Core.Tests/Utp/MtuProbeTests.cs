using Freshet.Core.Utp;

namespace Freshet.Core.Tests.Utp;

public class MtuProbeTests
{
    private const int Ethernet = 1_472;

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
        Assert.Equal(Ethernet, probe.Begin());
        probe.OnBlackHole();
        probe.OnArrived();
        Assert.Equal(MtuProbe.SmallestLength, probe.Length);
        probe.OnLost();
        probe.OnLost();
        Assert.Equal(Ethernet, probe.Begin());
    }

    private static void Search(MtuProbe probe, int carried)
    {
        for (int tries = 0; probe.IsDue; tries++)
        {
            Assert.InRange(tries, 0, 20);
            if (probe.Begin() <= carried)
                probe.OnArrived();
            else
                probe.OnLost();
        }
    }
}
