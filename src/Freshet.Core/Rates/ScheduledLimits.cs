using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Rates;

/// <summary>Rate limits that replace the usual ones during some hours of the week. Immutable.</summary>
public sealed record ScheduledLimits
{
    /// <summary>When these limits apply.</summary>
    public required WeeklyWindow Window { get; init; }

    /// <summary>The download limit during the window. Null, the default, leaves the usual limit as it is; zero is no limit.</summary>
    public DataRate? MaxDownloadRate { get; init; }

    /// <summary>The upload limit during the window, likewise.</summary>
    public DataRate? MaxUploadRate { get; init; }

    /// <summary>
    /// Parses <c>DAYS FROM-TO [down=RATE] [up=RATE]</c>, such as <c>mon-fri 08:00-18:00 down=1MiB/s up=100kB/s</c>. A direction without a
    /// rate keeps its usual limit; 0 is no limit.
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
            if (pair.Length != 2 || !DataRate.TryParse(pair[1], out DataRate rate) || rate.BytesPerSecond is > 0 and < 1024)
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

    /// <summary>The limit in force for one direction; null is none.</summary>
    /// <param name="scheduled">What is scheduled for it.</param>
    /// <param name="usual">Its usual limit.</param>
    internal static DataRate? InForce(DataRate? scheduled, DataRate? usual) =>
        scheduled is null ? usual : scheduled == default(DataRate) ? null : scheduled;

    /// <summary>The first scheduled limits that apply at a moment; null if none do, so that the usual limits apply.</summary>
    /// <param name="schedule">All scheduled limits, the most important first.</param>
    /// <param name="local">The local time.</param>
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
