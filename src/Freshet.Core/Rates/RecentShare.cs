namespace Freshet.Core.Rates;

/// <summary>The share of the last few seconds in which something was paused, from samples of its <see cref="PauseMeter"/>.</summary>
/// <param name="now">When it began, not paused.</param>
internal struct RecentShare(Timestamp now)
{
    // After this time, a sample's weight has dropped to a third.
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(2);

    private Timestamp _at = now;
    private TimeSpan _total;

    /// <summary>The share, from 0 (never paused) to 1.</summary>
    public double Value { get; private set; }

    /// <summary>Adds a sample: the total of all pauses up to now.</summary>
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
