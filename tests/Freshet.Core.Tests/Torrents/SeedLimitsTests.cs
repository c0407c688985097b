using Freshet.Core.Torrents;

namespace Freshet.Core.Tests.Torrents;

public class SeedLimitsTests
{
    private static readonly SeedingFacts Some = new(Sent: 150, Received: 100, Held: 80)
    {
        SeedTime = TimeSpan.FromHours(3),
        IdleTime = TimeSpan.FromMinutes(10),
    };

    [Theory]
    [InlineData(1.5, true)]
    [InlineData(1.6, false)]
    [InlineData(0, true)]
    public void A_ratio_is_reached_when_that_multiple_of_the_download_was_sent(double ratio, bool isReached) =>
        Assert.Equal(isReached ? SeedLimit.Ratio : null, new SeedLimits { Ratio = ratio }.Reached(Some));

    [Fact]
    public void Existing_data_counts_as_downloaded()
    {
        SeedLimits limits = new() { Ratio = 1 };
        Assert.Null(limits.Reached(new SeedingFacts(Sent: 150, Received: 0, Held: 200)));
        Assert.Equal(SeedLimit.Ratio, limits.Reached(new SeedingFacts(Sent: 200, Received: 0, Held: 200)));
        Assert.Equal(SeedLimit.Ratio, limits.Reached(default));
    }

    [Fact]
    public void Whichever_limit_is_reached_first_counts()
    {
        SeedLimits limits = new() { Ratio = 2, SeedTime = TimeSpan.FromHours(4), IdleTime = TimeSpan.FromMinutes(30) };
        Assert.Null(limits.Reached(Some));
        Assert.Equal(TimeSpan.FromMinutes(20), limits.TimeLeft(Some));
        Assert.Equal(SeedLimit.IdleTime, limits.Reached(Some with { IdleTime = TimeSpan.FromMinutes(30) }));
        Assert.Equal(SeedLimit.SeedTime, limits.Reached(Some with { SeedTime = TimeSpan.FromHours(4) }));
        Assert.Equal(TimeSpan.FromMinutes(5), limits.TimeLeft(Some with { SeedTime = new TimeSpan(3, 55, 0) }));
    }

    [Fact]
    public void Without_limits_nothing_ends_and_nothing_is_waited_for()
    {
        Assert.False(SeedLimits.None.IsLimited);
        Assert.Null(SeedLimits.None.Reached(Some));
        Assert.Null(SeedLimits.None.TimeLeft(Some));
        Assert.Null(new SeedLimits { Ratio = 2 }.TimeLeft(Some));
    }

    [Fact]
    public void Invalid_limits_are_named()
    {
        List<string> errors = [];
        new SeedLimits { Ratio = double.NaN, SeedTime = TimeSpan.FromSeconds(-1), IdleTime = TimeSpan.FromSeconds(59), Then = (SeedEnd)9 }
            .Validate("Limits", errors);
        Assert.Equal(["Ratio", "SeedTime", "IdleTime", "Then"], errors.Select(error => error.Split(' ')[0]["Limits.".Length..]));
    }
}
