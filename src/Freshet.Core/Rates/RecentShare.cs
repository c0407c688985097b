namespace Freshet.Core.Rates;

/// <summary>The part of the last few seconds in which something stood still, from samples of its <see cref="PauseMeter"/>.</summary>
/// <param name="now">When it began, moving.</param>
internal struct RecentShare(Timestamp now)
{
    // What happened so long ago counts for a third.
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(2);

    private Timestamp _at = now;
    private TimeSpan _total;

    /// <summary>0 (it never stood still) to 1.</summary>
    public double Value { get; private set; }

    /// <summary>All its pauses up to now are this long.</summary>
    public void Sample(TimeSpan total, Timestamp now)
    {
        TimeSpan passed = now - _at;
        if (passed <= TimeSpan.Zero)
            return;
        double part = Math.Clamp((total - _total) / passed, 0, 1);
        double kept = Math.Exp(-(passed / Memory));
        Value = (Value * kept) + (part * (1 - kept));
        (_at, _total) = (now, total);
    }
}
