using Freshet.Core.Peers;

namespace Freshet.Core.Tests.Peers;

public class ResponseTimesTests
{
    [Fact]
    public void Shares_are_those_of_the_last_64_blocks()
    {
        ResponseTimes times = new();
        Assert.Null(times.Within(0.5));
        times.Add(TimeSpan.FromSeconds(7));
        Assert.Equal((7, 7), (Seconds(0.5), Seconds(0.95)));
        for (int i = 1; i <= 100; i++)
            times.Add(TimeSpan.FromSeconds(i));

        // 37 to 100 are left.
        Assert.Equal(68, Seconds(0.5));
        Assert.Equal(97, Seconds(0.95));
        Assert.Equal((37, 100), (Seconds(0), Seconds(1)));

        double Seconds(double share) => times.Within(share)!.Value.TotalSeconds;
    }
}
