using System.Collections.Immutable;
using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Rates;

public class ScheduleTests
{
    [Theory]
    [InlineData("mon-fri 08:00-18:00", "2026-11-23 08:00", true)]
    [InlineData("mon-fri 08:00-18:00", "2026-11-23 07:59", false)]
    [InlineData("mon-fri 08:00-18:00", "2026-11-27 17:59", true)]
    [InlineData("mon-fri 08:00-18:00", "2026-11-27 18:00", false)]
    [InlineData("mon-fri 08:00-18:00", "2026-11-22 12:00", false)]
    [InlineData("fri-mon 08:00-18:00", "2026-11-22 12:00", true)]
    [InlineData("wed,SUN 8:00-9:00", "2026-11-22 08:30", true)]
    [InlineData("sat 22:00-06:00", "2026-11-22 05:59", true)]
    [InlineData("sat 22:00-06:00", "2026-11-22 06:00", false)]
    [InlineData("sat 22:00-06:00", "2026-11-22 22:00", false)]
    [InlineData("sun 22:00-06:00", "2026-11-22 22:00", true)]
    [InlineData("sun 00:00-24:00", "2026-11-22 23:59", true)]
    [InlineData("sun 00:00-24:00", "2026-11-23 00:00", false)]
    [InlineData("daily 12:00-12:00", "2026-11-23 11:59", true)]
    public void A_window_follows_the_clock_on_the_wall(string text, string local, bool holds)
    {
        Assert.True(WeeklyWindow.TryParse(text, out WeeklyWindow? window));
        Assert.Equal(holds, window.Contains(DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("mon")]
    [InlineData("mon 8-18")]
    [InlineData("mon 08:00")]
    [InlineData("mon 08:00-25:00")]
    [InlineData("monday 08:00-18:00")]
    [InlineData("mon-tue-wed 08:00-18:00")]
    [InlineData("mon, 08:00-18:00")]
    [InlineData("mon 08:00-18:00 sideways=1MiB")]
    [InlineData("mon 08:00-18:00 down=1")]
    [InlineData("mon 08:00-18:00 down=1MiB down=2MiB")]
    [InlineData("mon 08:00-18:00 down")]
    public void Text_that_is_not_a_schedule_is_refused(string text) => Assert.False(ScheduledLimits.TryParse(text, out _));

    [Fact]
    public void The_first_window_that_holds_counts()
    {
        ImmutableArray<ScheduledLimits> schedule = [Read("daily 12:00-13:00 up=50kB/s"), Read("daily 08:00-18:00 down=1MiB/s up=100kB/s")];
        Assert.Null(ScheduledLimits.At(schedule, new DateTime(2026, 11, 22, 7, 0, 0)));
        Assert.Equal(schedule[1], ScheduledLimits.At(schedule, new DateTime(2026, 11, 22, 8, 0, 0)));
        ScheduledLimits noon = ScheduledLimits.At(schedule, new DateTime(2026, 11, 22, 12, 30, 0))!;
        Assert.Equal((null, new DataRate(50_000)), (noon.MaxDownloadRate, noon.MaxUploadRate));
    }

    [Theory]
    [InlineData("daily 12:00-13:00 up=50kB/s", 2_000L, 50_000L)]
    [InlineData("daily 12:00-13:00 down=50kB/s", 50_000L, 3_000L)]
    [InlineData("daily 12:00-13:00 down=0 up=0", null, null)]
    [InlineData("daily 12:00-13:00", 2_000L, 3_000L)]
    public void What_it_does_not_name_keeps_its_usual_limit_and_0_is_none(string text, long? down, long? up)
    {
        ScheduledLimits limits = Read(text);
        Assert.Equal(down, ScheduledLimits.InForce(limits.MaxDownloadRate, new DataRate(2_000))?.BytesPerSecond);
        Assert.Equal(up, ScheduledLimits.InForce(limits.MaxUploadRate, new DataRate(3_000))?.BytesPerSecond);
    }

    // Berlin's clocks go from 2:00 to 3:00 on 29 March 2026, and from 3:00 back to 2:00 on 25 October.
    [Theory]
    [InlineData("2026-03-29", "sun 02:00-03:00", 0)]
    [InlineData("2026-03-29", "sun 01:00-04:00", 120)]
    [InlineData("2026-10-25", "sun 02:00-03:00", 120)]
    [InlineData("2026-10-24", "sun 02:00-03:00", 0)]
    [InlineData("2026-11-01", "sun 02:00-03:00", 60)]
    public void It_follows_the_clock_changes_in_spring_and_autumn(string date, string text, int minutes)
    {
        TimeZoneInfo berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        Assert.True(WeeklyWindow.TryParse(text, out WeeklyWindow? window));
        DateTime day = DateTime.Parse(date, System.Globalization.CultureInfo.InvariantCulture);
        DateTime begin = TimeZoneInfo.ConvertTimeToUtc(day, berlin);
        DateTime end = TimeZoneInfo.ConvertTimeToUtc(day.AddDays(1), berlin);
        int held = 0;
        for (DateTime now = begin; now < end; now = now.AddMinutes(1))
            held += window.Contains(TimeZoneInfo.ConvertTimeFromUtc(now, berlin)) ? 1 : 0;
        Assert.Equal(minutes, held);
    }

    private static ScheduledLimits Read(string text)
    {
        Assert.True(ScheduledLimits.TryParse(text, out ScheduledLimits? limits));
        return limits;
    }
}
