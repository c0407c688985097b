using System.Collections.Immutable;
using System.Globalization;
using Freshet.Api;
using Freshet.Core.Rates;

namespace Freshet.Daemon.Running;

/// <summary>Maps limits for certain hours of the week to the API and back.</summary>
internal static class ScheduleMap
{
    private static readonly DayCode[] AllDays = Enum.GetValues<DayCode>();

    public static IReadOnlyList<ScheduledLimit> Of(ImmutableArray<ScheduledLimits> schedule) =>
    [
        .. schedule.Select(limits => new ScheduledLimit
        {
            Days = [.. AllDays.Where(day => (limits.Window.Days & (1 << (int)day)) != 0)],
            From = TextOf(limits.Window.From),
            To = limits.Window.To == TimeOnly.MinValue ? "24:00" : TextOf(limits.Window.To),
            MaxDownloadRate = limits.MaxDownloadRate?.BytesPerSecond,
            MaxUploadRate = limits.MaxUploadRate?.BytesPerSecond,
        }),
    ];

    /// <summary>Converts a schedule that <see cref="FindError"/> has accepted.</summary>
    public static ImmutableArray<ScheduledLimits> Of(IReadOnlyList<ScheduledLimit> schedule) =>
    [
        .. schedule.Select(item => new ScheduledLimits
        {
            Window = WindowOf(item) ?? throw new ArgumentException($"{item.From} to {item.To} is no part of a day.", nameof(schedule)),
            MaxDownloadRate = RateOf(item.MaxDownloadRate),
            MaxUploadRate = RateOf(item.MaxUploadRate),
        }),
    ];

    /// <summary>What is wrong with a schedule, in words; null if nothing is.</summary>
    public static string? FindError(IReadOnlyList<ScheduledLimit> schedule)
    {
        if (schedule.Count > Bounds.MaxSchedule)
            return string.Create(CultureInfo.InvariantCulture, $"has {schedule.Count} entries: {Bounds.MaxSchedule} at the most");
        foreach (ScheduledLimit item in schedule)
        {
            if (item.Days.Count == 0)
                return "has an entry without days";
            if (WindowOf(item) is null)
                return $"has {item.From} to {item.To}: write times as 08:00, 23:30 or 24:00";
            if (!SettingsRules.Rate.Allows(item.MaxDownloadRate ?? 0) || !SettingsRules.Rate.Allows(item.MaxUploadRate ?? 0))
                return "has a rate below 1,024";
        }

        return null;
    }

    private static DataRate? RateOf(long? rate) => rate is { } given ? new DataRate(given) : null;

    private static WeeklyWindow? WindowOf(ScheduledLimit item)
    {
        bool isRead = WeeklyWindow.TryParse(
            $"{string.Join(',', item.Days.Select(day => day.ToString()))} {item.From}-{item.To}", out WeeklyWindow? window);
        return isRead ? window : null;
    }

    private static string TextOf(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);
}
