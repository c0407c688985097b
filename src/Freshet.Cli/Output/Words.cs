using System.Globalization;

namespace Freshet.Cli.Output;

/// <summary>Formats numbers for people.</summary>
internal static class Words
{
    /// <summary><c>0.04s</c>, <c>4.5s</c>, <c>45s</c>, <c>2m 05s</c>, <c>3h 20m</c>, <c>5d 02h</c>.</summary>
    public static string Of(TimeSpan time) => time switch
    {
        { TotalSeconds: < 1 } => Math.Max(0.01, Math.Round(time.TotalSeconds, 2)).ToString("0.##", CultureInfo.InvariantCulture) + "s",
        { TotalSeconds: < 10 } => time.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture) + "s",
        { TotalMinutes: < 1 } => $"{(int)time.TotalSeconds}s",
        { TotalHours: < 1 } => $"{(int)time.TotalMinutes}m {time.Seconds:00}s",
        { TotalDays: < 1 } => $"{(int)time.TotalHours}h {time.Minutes:00}m",
        { TotalDays: < 365 } => $"{(int)time.TotalDays}d {time.Hours:00}h",
        _ => "more than a year",
    };

    /// <summary>The same, in no more than eight characters.</summary>
    public static string OfShort(TimeSpan time) => time.TotalDays < 365 ? Of(time) : "> 1 year";

    /// <summary>One decimal, rounded down: 100 % is shown only when complete.</summary>
    public static string Percent(double part) =>
        (Math.Floor(part * 1000) / 10).ToString("0.0", CultureInfo.InvariantCulture) + "%";

    /// <summary><c>1,200</c>.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>1 peer</c>, <c>1,200 peers</c>.</summary>
    public static string Count(long count, string noun) =>
        Number(count) + " " + noun + (count == 1 ? "" : "s");
}
