using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Freshet.Diagnostics;

/// <summary>
/// Records how long one kind of thing takes. Does not even look at the clock while nobody listens, and never allocates: some of it happens
/// once a block.
/// </summary>
/// <param name="histogram">Of all kinds, in seconds.</param>
/// <param name="kind">The attribute that tells this kind from the others.</param>
internal sealed class LatencyMeter(Histogram<double> histogram, KeyValuePair<string, object?> kind)
{
    // The same for all, so that a board can show them beside each other.
    private static readonly double[] Boundaries =
    [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300,
    ];

    /// <summary>A histogram for such meters; the buckets go from a tenth of a millisecond to five minutes.</summary>
    public static Histogram<double> Create(Meter meter, string name, string description) => meter.CreateHistogram(
        name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Boundaries });

    /// <summary>The moment at which something begins, for <see cref="End"/>; 0 if nobody listens.</summary>
    public long Begin() => histogram.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <summary>It has ended. Nothing is recorded of what began when nobody listened.</summary>
    public void End(long began)
    {
        if (began != 0)
            histogram.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, kind);
    }

    /// <summary>Something has lasted so long.</summary>
    public void Add(TimeSpan duration) => histogram.Record(duration.TotalSeconds, kind);
}
