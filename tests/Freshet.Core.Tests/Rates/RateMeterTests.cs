using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Rates;

public class RateMeterTests
{
    private static readonly Timestamp Start = new(123_456_789);

    [Fact]
    public void A_steady_flow_is_reported_at_its_rate()
    {
        RateMeter meter = new(Start);
        Timestamp now = Start;
        for (int i = 0; i < 3_000; i++)
        {
            now += TimeSpan.FromMilliseconds(10);
            meter.Add(16_384, now);
            if (i > 100)
                Assert.InRange(meter.RateAt(now).BytesPerSecond, 1_600_000, 1_700_000);
        }

        Assert.Equal(3_000 * 16_384, meter.Total);
    }

    [Fact]
    public void The_first_block_is_no_flood()
    {
        RateMeter meter = new(Start);
        meter.Add(16_384, Start);
        Assert.Equal(16_384, meter.RateAt(Start).BytesPerSecond);
    }

    [Fact]
    public void The_past_is_forgotten_within_five_seconds()
    {
        RateMeter meter = new(Start);
        meter.Add(1_000_000, Start);
        Assert.NotEqual(0, meter.RateAt(Start + TimeSpan.FromSeconds(4)).BytesPerSecond);
        Assert.Equal(0, meter.RateAt(Start + TimeSpan.FromSeconds(5)).BytesPerSecond);
        Assert.Equal(0, meter.RateAt(Start + TimeSpan.FromDays(5)).BytesPerSecond);
    }

    [Fact]
    public void A_stall_lowers_the_rate_steadily()
    {
        RateMeter meter = new(Start);
        Timestamp now = Start;
        for (; now < Start + TimeSpan.FromSeconds(10); now += TimeSpan.FromMilliseconds(10))
            meter.Add(10_000, now);
        long last = meter.RateAt(now).BytesPerSecond;
        for (int i = 0; i < 12; i++)
        {
            now += TimeSpan.FromMilliseconds(500);
            long rate = meter.RateAt(now).BytesPerSecond;
            Assert.True(rate < last || rate == 0);
            last = rate;
        }

        Assert.Equal(0, last);
    }
}
