namespace Freshet.Core.Rates;

/// <summary>
/// A bound on bytes over time. Tokens, a byte each, flow in at the rate and are kept up to the burst; who finds at least one takes
/// as many as it needs, and the debt that may leave is paid off before anyone takes again. So any amount can be taken at once, and
/// over every span of time no more than rate × time + burst + one such amount was.
/// </summary>
internal sealed class TokenBucket
{
    // It makes up for timers that come late. With the sixteenth of a second that is taken at once at most (Share), it keeps any five
    // seconds within five parts in a hundred of the rate.
    private static readonly TimeSpan UsualBurst = TimeSpan.FromMilliseconds(150);

    // A packet's worth: less would cost more than it smooths.
    private const int LeastShare = 1_024;

    private readonly TimeSpan _burst;
    private DataRate? _rate;
    private double _tokens;
    private Timestamp _filled;

    /// <param name="rate">How many bytes a second; null for no limit.</param>
    /// <param name="now">The present. The bucket begins full.</param>
    /// <param name="burst">How long a time's worth is kept; null for what suits the limits of transfers.</param>
    public TokenBucket(DataRate? rate, Timestamp now, TimeSpan? burst = null)
    {
        _burst = burst ?? UsualBurst;
        _filled = now;
        SetRate(rate, now);
        _tokens = Capacity;
    }

    /// <summary>Whether there is no limit.</summary>
    public bool IsUnlimited => _rate is null;

    /// <summary>The most tokens kept.</summary>
    public double Capacity => _rate is { } rate ? Math.Max(rate.BytesPerSecond * _burst.TotalSeconds, LeastShare) : 0;

    /// <summary>
    /// As much as should be taken at once under a rate, so that those who share it take turns: a sixteenth of a second's worth, but not
    /// less than 1 KiB.
    /// </summary>
    public static long ShareOf(DataRate? rate) => rate is { } limit ? Math.Max(limit.BytesPerSecond / 16, LeastShare) : long.MaxValue;

    /// <summary>Changes the rate from now on; what was saved up is kept, as far as it fits.</summary>
    public void SetRate(DataRate? rate, Timestamp now)
    {
        if (rate is { BytesPerSecond: <= 0 })
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "A rate is positive, or null for no limit.");
        Fill(now);
        if (_rate is null)
            _tokens = 0;
        _rate = rate;
        _tokens = Math.Min(_tokens, Capacity);
    }

    /// <summary>Takes so many bytes if at least one may go now.</summary>
    public bool TryTake(int bytes, Timestamp now)
    {
        if (_rate is null)
            return true;
        Fill(now);
        if (_tokens < 1)
            return false;
        _tokens -= bytes;
        return true;
    }

    /// <summary>Takes bytes that go whether they may or not.</summary>
    public void Charge(int bytes)
    {
        if (_rate is not null)
            _tokens -= bytes;
    }

    /// <summary>Puts back what was taken and not used.</summary>
    public void Return(int bytes)
    {
        if (_rate is not null)
            _tokens = Math.Min(_tokens + bytes, Capacity);
    }

    /// <summary>How long until something may be taken; zero if it may now.</summary>
    public TimeSpan Wait(Timestamp now)
    {
        if (_rate is not { } rate)
            return TimeSpan.Zero;
        Fill(now);
        double missing = 1 - _tokens;
        return missing <= 0
            ? TimeSpan.Zero
            : TimeSpan.FromTicks((long)Math.Ceiling(missing * TimeSpan.TicksPerSecond / rate.BytesPerSecond));
    }

    private void Fill(Timestamp now)
    {
        // Threads that share a bucket may bring slightly old times.
        if (now <= _filled)
            return;
        if (_rate is { } rate)
            _tokens = Math.Min(_tokens + ((now - _filled).TotalSeconds * rate.BytesPerSecond), Capacity);
        _filled = now;
    }
}
