namespace Freshet.Core.Rates;

/// <summary>
/// Measures how long something has been paused in total. One thread begins and ends pauses; any thread may read the total.
/// </summary>
internal sealed class PauseMeter
{
    // While running: the total pause so far, in ticks. While paused: the time on its own clock, which does not count pauses, negated. A
    // single number holds both, so that no reader sees half of a change.
    private long _state;

    /// <summary>Begins a pause unless one is in progress.</summary>
    public void Begin(Timestamp now)
    {
        long state = Volatile.Read(ref _state);
        if (state >= 0)
            Volatile.Write(ref _state, state - now.Ticks);
    }

    /// <summary>Ends the pause, if there is one.</summary>
    public void End(Timestamp now)
    {
        long state = Volatile.Read(ref _state);
        if (state < 0)
            Volatile.Write(ref _state, Math.Max(0, now.Ticks + state));
    }

    /// <summary>The total of all pauses up to a moment, including the current one.</summary>
    public TimeSpan TotalAt(Timestamp now)
    {
        long state = Volatile.Read(ref _state);
        return new TimeSpan(state >= 0 ? state : Math.Max(0, now.Ticks + state));
    }
}
