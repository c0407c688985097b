using Freshet.Diagnostics;

namespace Freshet.Disk;

/// <summary>Options of a <see cref="DiskService"/>.</summary>
internal sealed record DiskServiceOptions
{
    /// <summary>The pool of blocks.</summary>
    public required BlockPool Pool { get; init; }

    /// <summary>
    /// The number of threads that write, hash and check. By default one per core, at most four: disks gain little from more.
    /// </summary>
    public int Workers { get; init; } = Math.Min(Environment.ProcessorCount, 4);

    /// <summary>Receives an exception that escaped a worker's step, which is always a bug. The worker continues.</summary>
    public Action<Exception>? OnFault { get; init; }

    /// <summary>Records how long items wait for their worker; null if nobody wants to know.</summary>
    public LatencyMeter? Waits { get; init; }

    /// <summary>The clock for the time limits at the end.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
