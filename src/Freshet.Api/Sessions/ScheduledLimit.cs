namespace Freshet.Api;

/// <summary>Limits that hold instead of the usual ones in some hours of the week, by the clock of the server.</summary>
public sealed record ScheduledLimit
{
    /// <summary>The days on which it begins, at least one.</summary>
    public required IReadOnlyList<DayCode> Days { get; init; }

    /// <summary>When it begins, as 08:00.</summary>
    public required string From { get; init; }

    /// <summary>When it ends, as 18:00 or 24:00; at or before the beginning, on the next day.</summary>
    public required string To { get; init; }

    /// <summary>Payload bytes received per second, 1,024 or more; 0 is no limit, null leaves the usual limit as it is.</summary>
    public long? MaxDownloadRate { get; init; }

    /// <summary>Payload bytes sent per second, likewise.</summary>
    public long? MaxUploadRate { get; init; }
}
