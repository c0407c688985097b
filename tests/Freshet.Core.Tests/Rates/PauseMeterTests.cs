using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Rates;

public class PauseMeterTests
{
    private readonly PauseMeter _meter = new();

    [Fact]
    public void Without_a_pause_the_time_is_zero() => Assert.Equal(TimeSpan.Zero, _meter.TotalAt(At(1_000)));

    [Fact]
    public void Pauses_add_up_and_the_current_one_grows()
    {
        _meter.Begin(At(100));
        Assert.Equal(5, Total(105));
        _meter.End(At(110));
        Assert.Equal(10, Total(500));
        _meter.Begin(At(600));
        Assert.Equal(10, Total(600));
        Assert.Equal(17, Total(607));
        _meter.End(At(620));
        Assert.Equal(30, Total(1_000));
    }

    [Fact]
    public void Beginning_or_ending_twice_counts_once()
    {
        _meter.End(At(50));
        _meter.Begin(At(100));
        _meter.Begin(At(105));
        _meter.End(At(110));
        _meter.End(At(120));
        Assert.Equal(10, Total(200));
    }

    private static Timestamp At(int seconds) => new(TimeSpan.FromDays(1).Ticks + TimeSpan.FromSeconds(seconds).Ticks);

    private double Total(int seconds) => _meter.TotalAt(At(seconds)).TotalSeconds;
}
