namespace Freshet.Simulation;

/// <summary>The simulated clock as the framework's.</summary>
internal sealed class SimTime(SimClock clock) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => clock.Now.Ticks;

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(clock.Now.Ticks);
}
