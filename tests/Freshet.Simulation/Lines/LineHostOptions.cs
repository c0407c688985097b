namespace Freshet.Simulation.Lines;

/// <summary>What a host is like.</summary>
internal sealed record LineHostOptions
{
    /// <summary>How far its clock is ahead at first; its 32 bits of microseconds may be about to wrap around.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>How much faster than others its clock goes, in parts of a million.</summary>
    public double ClockDrift { get; init; }

    /// <summary>The most connections.</summary>
    public int MaxConnections { get; init; } = 1_000;

    /// <summary>Whether others may connect.</summary>
    public bool AcceptsIncoming { get; init; } = true;
}
