using Freshet.Diagnostics;

namespace Freshet.Disk;

/// <summary>How a <see cref="DiskService"/> works.</summary>
internal sealed record DiskServiceOptions
{
    /// <summary>Where blocks come from, and go back to.</summary>
    public required BlockPool Pool { get; init; }

    /// <summary>Threads that write, hash and check. One per core, but four at most: disks gain little from more.</summary>
    public int Workers { get; init; } = Math.Min(Environment.ProcessorCount, 4);

    /// <summary>Told of an exception that escaped a worker's step: always a bug of ours. The worker goes on.</summary>
    public Action<Exception>? OnFault { get; init; }

    /// <summary>Records how long items wait for their worker; null if nobody wants to know.</summary>
    public LatencyMeter? Waits { get; init; }

    /// <summary>What time passes while an end waits for a disk.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
