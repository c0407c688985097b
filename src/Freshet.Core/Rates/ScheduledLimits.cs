using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Rates;

/// <summary>Limits that hold instead of the usual ones in some hours of the week. Immutable.</summary>
public sealed record ScheduledLimits
{
    /// <summary>When they hold.</summary>
    public required WeeklyWindow Window { get; init; }

    /// <summary>The most received per second then. Null is no limit.</summary>
    public DataRate? MaxDownloadRate { get; init; }

    /// <summary>The most sent per second then. Null is no limit.</summary>
    public DataRate? MaxUploadRate { get; init; }

    /// <summary>
    /// Reads <c>DAYS FROM-TO [down=RATE] [up=RATE]</c>, such as <c>mon-fri 08:00-18:00 down=1MiB/s up=100kB/s</c>; a rate that is not named
    /// is not limited then.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ScheduledLimits? limits)
    {
        limits = null;
        string[] parts = (text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length < 2 || !WeeklyWindow.TryParse($"{parts[0]} {parts[1]}", out WeeklyWindow? window))
            return false;
        ScheduledLimits read = new() { Window = window };
        foreach (string part in parts.AsSpan(2))
        {
            string[] pair = part.Split('=', 2);
            if (pair.Length != 2 || !DataRate.TryParse(pair[1], out DataRate rate) || rate.BytesPerSecond < 1024)
                return false;
            if (pair[0] == "down" && read.MaxDownloadRate is null)
                read = read with { MaxDownloadRate = rate };
            else if (pair[0] == "up" && read.MaxUploadRate is null)
                read = read with { MaxUploadRate = rate };
            else
                return false;
        }

        limits = read;
        return true;
    }

    /// <summary>The first that holds at a moment; null if none does, so that the usual limits hold.</summary>
    /// <param name="schedule">All, the most important first.</param>
    /// <param name="local">What the clock on the wall shows.</param>
    internal static ScheduledLimits? At(ImmutableArray<ScheduledLimits> schedule, DateTime local)
    {
        foreach (ScheduledLimits limits in schedule)
        {
            if (limits.Window.Contains(local))
                return limits;
        }

        return null;
    }
}
