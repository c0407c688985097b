namespace Freshet.Core.WebSeeds;

/// <summary>How long a web seed is left alone after it failed.</summary>
internal static class WebSeedBackOff
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>
    /// Doubles with each failure in a row, up to an hour, with a quarter of jitter either way. What the server asks for comes first, within
    /// the same bounds.
    /// </summary>
    /// <param name="end">How it failed.</param>
    /// <param name="failures">Failures in a row, this one counted.</param>
    /// <param name="random">The jitter's source.</param>
    public static TimeSpan After(in FetchEnd end, int failures, Random random)
    {
        if (end.RetryAfter is { } asked)
            return TimeSpan.FromSeconds(Math.Clamp(asked.TotalSeconds, Shortest.TotalSeconds, WebSeedLimits.MaxRetryAfterSeconds));
        double first = end.Fault switch
        {
            FetchFault.Busy => 30,
            FetchFault.Refused => 60,
            _ => 5,
        };
        double seconds = Math.Min(Longest.TotalSeconds, first * Math.Pow(2, Math.Clamp(failures - 1, 0, 16)));
        return TimeSpan.FromSeconds(seconds * (0.75 + (0.5 * random.NextDouble())));
    }
}
