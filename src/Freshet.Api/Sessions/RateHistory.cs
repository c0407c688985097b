namespace Freshet.Api;

/// <summary>Rates of the past, oldest first.</summary>
public sealed record RateHistory
{
    /// <summary>Seconds between two values.</summary>
    public required int Interval { get; init; }

    /// <summary>The time of the last value.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>Payload bytes received per second.</summary>
    public required IReadOnlyList<long> DownloadRates { get; init; }

    /// <summary>Payload bytes sent per second.</summary>
    public required IReadOnlyList<long> UploadRates { get; init; }
}
