using Freshet.Core.Rates;
using FsCheck.Fluent;

namespace Freshet.Core.Tests.Rates;

public class TokenBucketTests
{
    private static readonly Timestamp Start = new(5_000_000_000);
    private static readonly DataRate Rate = new(1_000_000);

    [Fact]
    public void No_limit_is_no_limit()
    {
        TokenBucket bucket = new(null, Start);
        for (int i = 0; i < 1_000; i++)
            Assert.True(bucket.TryTake(int.MaxValue, Start));
        Assert.Equal(TimeSpan.Zero, bucket.Wait(Start));
    }

    [Fact]
    public void A_debt_is_paid_off_before_anything_goes_again()
    {
        TokenBucket bucket = new(Rate, Start);
        int burst = (int)bucket.Capacity;
        Assert.True(bucket.TryTake(burst + 1_000_000, Start));
        Assert.False(bucket.TryTake(1, Start));
        TimeSpan wait = bucket.Wait(Start);
        Assert.InRange(wait, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.001));
        Assert.False(bucket.TryTake(1, Start + wait - TimeSpan.FromMilliseconds(1)));
        Assert.True(bucket.TryTake(1, Start + wait));
    }

    [Fact]
    public void Savings_are_bounded()
    {
        TokenBucket bucket = new(Rate, Start);
        Timestamp later = Start + TimeSpan.FromHours(10);
        Assert.True(bucket.TryTake((int)bucket.Capacity, later));
        Assert.False(bucket.TryTake(1, later));
    }

    [Fact]
    public void Unused_tokens_can_be_put_back()
    {
        TokenBucket bucket = new(Rate, Start);
        Assert.True(bucket.TryTake(1_000_000, Start));
        bucket.Return(1_000_000);
        Assert.True(bucket.TryTake((int)bucket.Capacity, Start));
        Assert.False(bucket.TryTake(1, Start));
    }

    [Fact]
    public void What_goes_in_any_case_makes_others_wait()
    {
        TokenBucket bucket = new(Rate, Start);
        bucket.Charge((int)bucket.Capacity + 500_000);
        Assert.InRange(bucket.Wait(Start), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.501));
    }

    [Fact]
    public void A_new_rate_counts_from_now_on()
    {
        TokenBucket bucket = new(Rate, Start);
        Assert.True(bucket.TryTake((int)bucket.Capacity + 1_000_000, Start));
        bucket.SetRate(new DataRate(10_000_000), Start);
        Assert.InRange(bucket.Wait(Start), TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(0.101));
        bucket.SetRate(null, Start);
        Assert.True(bucket.TryTake(int.MaxValue, Start));
        bucket.SetRate(Rate, Start);
        Assert.InRange(bucket.Wait(Start), TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public void A_clock_that_steps_back_gives_nothing_away()
    {
        TokenBucket bucket = new(Rate, Start);
        Assert.True(bucket.TryTake((int)bucket.Capacity, Start));
        for (int i = 0; i < 100; i++)
        {
            Assert.False(bucket.TryTake(1, Start - TimeSpan.FromSeconds(i)));
            Assert.False(bucket.TryTake(1, Start));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_rate_must_be_positive(long bytesPerSecond) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenBucket(new DataRate(bytesPerSecond), Start));

    [Fact]
    public void Over_any_time_no_more_goes_than_the_rate_allows() =>
        Prop.ForAll<(ushort Bytes, byte Milliseconds)[]>(steps =>
        {
            TokenBucket bucket = new(Rate, Start);
            Timestamp now = Start;
            long taken = 0;
            foreach ((ushort bytes, byte milliseconds) in steps)
            {
                now += TimeSpan.FromMilliseconds(milliseconds);
                if (bucket.TryTake(bytes, now))
                    taken += bytes;
            }

            return taken <= ((now - Start).TotalSeconds * Rate.BytesPerSecond) + bucket.Capacity + ushort.MaxValue;
        }).Holds(500);
}
