namespace Freshet.Core.Rates;

/// <summary>How long something has stood still, all pauses added up. One thread begins and ends pauses, any may ask.</summary>
internal sealed class PauseMeter
{
    // While it moves: the ticks it stood still so far. While it stands still: the moment at which its own clock, which knows of no
    // pauses, has stopped, made negative. One number for both, so that nobody reads half of a change.
    private long _state;

    /// <summary>A pause begins, if none is.</summary>
    public void Begin(Timestamp now)
    {
        long state = Volatile.Read(ref _state);
        if (state >= 0)
            Volatile.Write(ref _state, state - now.Ticks);
    }

    /// <summary>The pause ends, if there is one.</summary>
    public void End(Timestamp now)
    {
        long state = Volatile.Read(ref _state);
        if (state < 0)
            Volatile.Write(ref _state, Math.Max(0, now.Ticks + state));
    }

    /// <summary>All pauses up to a moment, the present one with them.</summary>
    public TimeSpan TotalAt(Timestamp now)
    {
        long state = Volatile.Read(ref _state);
        return new TimeSpan(state >= 0 ? state : Math.Max(0, now.Ticks + state));
    }
}
