using System.Diagnostics.Metrics;

namespace Freshet.Diagnostics;

/// <summary>How long calls to the file system take, by what is asked of it.</summary>
internal sealed class DiskMeters(Histogram<double> durations)
{
    private const string Operation = "freshet.disk.operation";

    /// <summary>Reads that may wait for the disk.</summary>
    public LatencyMeter Read { get; } = new(durations, new(Operation, "read"));

    /// <summary>Reads of what the system had in memory.</summary>
    public LatencyMeter CachedRead { get; } = new(durations, new(Operation, "cached_read"));

    public LatencyMeter Write { get; } = new(durations, new(Operation, "write"));

    public LatencyMeter Flush { get; } = new(durations, new(Operation, "flush"));
}
