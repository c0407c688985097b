using Freshet.Daemon.Running;

namespace Freshet.Daemon.Tests.Running;

public class WatchdogTests
{
    [Fact]
    public void Signs_of_life_go_on_when_the_clock_is_set_back()
    {
        ShiftedTime time = new();
        int signs = 0;
        Watchdog watchdog = new(TimeSpan.FromSeconds(30), () => signs++, time);
        watchdog.OnTick();
        Assert.Equal(1, signs);
        time.Clock = TimeSpan.FromHours(-1);
        for (int second = 1; second <= 60; second++)
        {
            time.Passed = TimeSpan.FromSeconds(second);
            watchdog.OnTick();
        }

        Assert.Equal(3, signs);
    }

    [Fact]
    public void A_clock_that_is_set_forward_causes_no_flood_of_them()
    {
        ShiftedTime time = new();
        int signs = 0;
        Watchdog watchdog = new(TimeSpan.FromSeconds(30), () => signs++, time);
        watchdog.OnTick();
        for (int hour = 1; hour <= 10; hour++)
        {
            time.Clock = TimeSpan.FromHours(hour);
            watchdog.OnTick();
        }

        Assert.Equal(1, signs);
    }

    [Fact]
    public void Without_a_watchdog_there_are_none()
    {
        ShiftedTime time = new();
        Watchdog watchdog = new(interval: null, () => Assert.Fail("a sign"), time);
        time.Passed = TimeSpan.FromHours(1);
        watchdog.OnTick();
    }

    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan Passed { get; set; }

        public TimeSpan Clock { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + TimeSpan.FromDays(10_000) + Passed + Clock;

        public override long GetTimestamp() => Passed.Ticks;
    }
}
