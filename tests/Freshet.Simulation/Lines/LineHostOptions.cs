namespace Freshet.Simulation.Lines;

/// <summary>The properties of a host.</summary>
internal sealed record LineHostOptions
{
    /// <summary>How far its clock is ahead at the start; its 32 bits of microseconds may be about to wrap around.</summary>
    public TimeSpan ClockOffset { get; init; }

    /// <summary>How much faster its clock runs than others, in parts per million.</summary>
    public double ClockDrift { get; init; }

    /// <summary>The maximum number of connections.</summary>
    public int MaxConnections { get; init; } = 1_000;

    /// <summary>Whether others may connect.</summary>
    public bool AcceptsIncoming { get; init; } = true;
}
