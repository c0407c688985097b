namespace Freshet.Core.WebSeeds;

/// <summary>How long to wait before using a web seed again after a failure.</summary>
internal static class WebSeedBackOff
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>
    /// Doubles with each consecutive failure, up to an hour, with ±25 % jitter. A delay requested by the server takes precedence, within
    /// the same bounds.
    /// </summary>
    /// <param name="end">How the request failed.</param>
    /// <param name="failures">The number of consecutive failures, including this one.</param>
    /// <param name="random">The source of the jitter.</param>
    public static TimeSpan After(in FetchEnd end, int failures, Random random)
    {
        if (end.RetryAfter is { } asked)
            return TimeSpan.FromSeconds(Math.Clamp(asked.TotalSeconds, Shortest.TotalSeconds, WebSeedLimits.MaxRetryAfterSeconds));
        double first = end.Fault switch
        {
            FetchFault.Busy => 30,
            FetchFault.Refused or FetchFault.Misdirected => 60,
            _ => 5,
        };
        double seconds = Math.Min(Longest.TotalSeconds, first * Math.Pow(2, Math.Clamp(failures - 1, 0, 16)));
        return TimeSpan.FromSeconds(seconds * (0.75 + (0.5 * random.NextDouble())));
    }
}
