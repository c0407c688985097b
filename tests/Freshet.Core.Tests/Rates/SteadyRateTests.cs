using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Rates;

/// <summary>A simulated crowd under one limit, with timers that come late: any five seconds keep to the limit.</summary>
public class SteadyRateTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(50_000, 1)]
    [InlineData(50_000, 30)]
    [InlineData(500_000_000, 1)]
    [InlineData(500_000_000, 30)]
    public void Any_five_seconds_are_within_five_percent(long bytesPerSecond, int takers)
    {
        Random random = new(takers);
        DataRate rate = new(bytesPerSecond);
        Timestamp now = new(TimeSpan.TicksPerDay);
        TokenBucket bucket = new(rate, now);
        TurnQueue<object, int> waiting = new();
        object[] crowd = [.. Enumerable.Range(0, takers).Select(_ => new object())];
        foreach (object taker in crowd)
            waiting.Enqueue(taker, ShareOf(rate, random));
        List<(Timestamp When, long Bytes)> passed = [];
        int next = 0;
        for (Timestamp end = now + TimeSpan.FromSeconds(60); now < end;)
        {
            while (waiting.TryPeek(out int bytes) && bucket.TryTake(bytes, now))
            {
                waiting.Dequeue();
                passed.Add((now, bytes));
                waiting.Enqueue(crowd[next++ % takers], ShareOf(rate, random));
            }

            // A timer is at least a millisecond late, and sometimes very late.
            double late = random.Next(50) == 0 ? random.Next(100) : random.Next(1, 4);
            now += bucket.Wait(now) + TimeSpan.FromMilliseconds(late);
        }

        AssertSteady(passed, bytesPerSecond);
    }

    [Fact]
    public void After_a_rest_no_more_than_the_burst_goes_at_once()
    {
        DataRate rate = new(1_000_000);
        TokenBucket bucket = new(rate, new Timestamp(0));
        Timestamp now = new(TimeSpan.TicksPerHour);
        long taken = 0;
        for (; bucket.TryTake(10_000, now); taken += 10_000)
            Assert.True(taken < 1_000_000);
        Assert.InRange(taken, 100_000, 160_000);
    }

    [Fact]
    public void Sources_take_turns_however_many_wait_in_each()
    {
        TurnQueue<string, int> queue = new();
        for (int i = 0; i < 6; i++)
            queue.Enqueue("many", i);
        queue.Enqueue("few", 100);
        queue.Enqueue("few", 101);
        List<int> served = [];
        while (queue.TryPeek(out int next))
        {
            served.Add(next);
            Assert.Equal(next, queue.Dequeue());
        }

        Assert.Equal([0, 100, 1, 101, 2, 3, 4, 5], served);
        Assert.True(queue.IsEmpty);
    }

    [Fact]
    public void A_share_is_small_compared_with_a_second_and_large_compared_with_a_packet()
    {
        Assert.Equal(3_125, TokenBucket.ShareOf(new DataRate(50_000)));
        Assert.Equal(1_024, TokenBucket.ShareOf(new DataRate(1_024)));
        Assert.Equal(long.MaxValue, TokenBucket.ShareOf(null));
    }

    private static int ShareOf(DataRate rate, Random random)
    {
        int share = (int)TokenBucket.ShareOf(rate);
        return random.Next(4) == 0 ? random.Next(1, share) : share;
    }

    private static void AssertSteady(List<(Timestamp When, long Bytes)> passed, long bytesPerSecond)
    {
        double expected = bytesPerSecond * Window.TotalSeconds;
        long sum = 0;
        int first = 0;
        foreach ((Timestamp when, long bytes) in passed)
        {
            sum += bytes;
            for (; when - passed[first].When >= Window; first++)
            {
                // Whole windows only: this one reaches from just after the first event to just before the current one.
                Assert.InRange((sum - bytes) / expected, 0.95, 1.05);
                sum -= passed[first].Bytes;
            }

            Assert.InRange(sum / expected, 0, 1.05);
        }

        Assert.True(first > 0);
    }
}
