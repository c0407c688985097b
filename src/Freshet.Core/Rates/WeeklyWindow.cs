using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Freshet.Core.Rates;

/// <summary>
/// A time window on some days of each week, in local time: <c>mon-fri 08:00-18:00</c>. A window that ends at or before its start ends on
/// the next day. At clock changes, an hour that is skipped in spring is skipped here, and one that is repeated in autumn counts twice.
/// </summary>
public sealed record WeeklyWindow
{
    private const int MinutesPerDay = 24 * 60;
    private static readonly string[] DayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>The days on which the window starts, one bit each, with Sunday as the lowest bit. At least one.</summary>
    public required int Days { get; init; }

    /// <summary>The start time.</summary>
    public required TimeOnly From { get; init; }

    /// <summary>The end time; on the next day if it is at or before <see cref="From"/>.</summary>
    public required TimeOnly To { get; init; }

    /// <summary>
    /// Parses <c>DAYS FROM-TO</c>: days of the week by their first three letters, single, as ranges (<c>fri-mon</c>) or separated by
    /// commas, or <c>daily</c>; times such as <c>8:00</c> or <c>23:30</c>, where <c>24:00</c> is the end of the day.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out WeeklyWindow? window)
    {
        window = null;
        string[] parts = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length != 2 || !TryParseDays(parts[0], out int days))
            return false;
        string[] times = parts[1].Split('-');
        if (times.Length != 2 || !TryParseTime(times[0], out TimeOnly from) || !TryParseTime(times[1], out TimeOnly to))
            return false;
        window = new WeeklyWindow { Days = days, From = from, To = to };
        return true;
    }

    /// <summary>Whether a moment is in the window.</summary>
    /// <param name="local">The local time.</param>
    public bool Contains(DateTime local)
    {
        int minute = (local.Hour * 60) + local.Minute;
        int from = MinuteOf(From);
        int to = MinuteOf(To);
        if (to <= from)
            to += MinutesPerDay;
        int today = (int)local.DayOfWeek;
        int yesterday = (today + 6) % 7;
        return (BeginsOn(today) && minute >= from && minute < to) || (BeginsOn(yesterday) && minute + MinutesPerDay < to);
    }

    internal void Validate(string name, List<string> errors)
    {
        if (Days is <= 0 or >= 1 << 7)
            errors.Add($"{name}.{nameof(Days)} is {Days}: a bit for each day of the week, and at least one");
    }

    private static int MinuteOf(TimeOnly time) => (time.Hour * 60) + time.Minute;

    private bool BeginsOn(int day) => (Days & (1 << day)) != 0;

    private static bool TryParseDays(string text, out int days)
    {
        days = 0;
        if (text.Equals("daily", StringComparison.OrdinalIgnoreCase))
        {
            days = (1 << 7) - 1;
            return true;
        }

        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split('-');
            int first = DayOf(ends[0]);
            int last = DayOf(ends[^1]);
            if (ends.Length > 2 || first < 0 || last < 0)
                return false;
            for (int day = first; ; day = (day + 1) % 7)
            {
                days |= 1 << day;
                if (day == last)
                    break;
            }
        }

        return true;
    }

    private static int DayOf(string name) => Array.FindIndex(DayNames, day => day.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static bool TryParseTime(string text, out TimeOnly time)
    {
        time = default;
        return text == "24:00" || TimeOnly.TryParseExact(text, ["H:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }
}
