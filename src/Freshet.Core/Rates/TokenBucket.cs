namespace Freshet.Core.Rates;

/// <summary>
/// Limits bytes over time. Tokens, one per byte, accumulate at the rate up to the burst size. Whoever finds at least one token takes as
/// many as needed, and any resulting debt is paid off before the next can take. So any amount can be taken at once, and over any period the
/// total never exceeds rate × time + burst + one such amount.
/// </summary>
internal sealed class TokenBucket
{
    // The burst makes up for late timers. Together with the largest amount taken at once, a sixteenth of a second (Share), it keeps any
    // five seconds within 5 % of the rate.
    private static readonly TimeSpan UsualBurst = TimeSpan.FromMilliseconds(150);

    // About one packet: a smaller share would cost more than it smooths.
    private const int LeastShare = 1_024;

    private const int LeastPart = 4_096;

    private readonly TimeSpan _burst;
    private DataRate? _rate;
    private double _tokens;
    private Timestamp _filled;

    /// <param name="rate">The limit in bytes per second; null for no limit.</param>
    /// <param name="now">The current time. The bucket starts full.</param>
    /// <param name="burst">The burst, as time at the rate; null for the default for transfer limits.</param>
    public TokenBucket(DataRate? rate, Timestamp now, TimeSpan? burst = null)
    {
        _burst = burst ?? UsualBurst;
        _filled = now;
        SetRate(rate, now);
        _tokens = Capacity;
    }

    /// <summary>Whether there is no limit.</summary>
    public bool IsUnlimited => _rate is null;

    /// <summary>The burst size in tokens.</summary>
    public double Capacity => _rate is { } rate ? Math.Max(rate.BytesPerSecond * _burst.TotalSeconds, LeastShare) : 0;

    /// <summary>
    /// The most that should be taken at once under a rate, so that those who share it alternate: a sixteenth of a second's worth, but at
    /// least 1 KiB.
    /// </summary>
    public static long ShareOf(DataRate? rate) => rate is { } limit ? Math.Max(limit.BytesPerSecond / 16, LeastShare) : long.MaxValue;

    /// <summary>
    /// The most that should be taken at once now: what has been saved up, so that whoever had to wait elsewhere gets what he missed
    /// meanwhile, or the usual share. If others wait, it is a part of that, so that each is back soon, but still some packets.
    /// </summary>
    /// <param name="waiting">The number of others who wait.</param>
    /// <param name="now">The current time.</param>
    public long ShareAt(int waiting, Timestamp now)
    {
        Fill(now);
        long usual = ShareOf(_rate);
        return Math.Max((long)_tokens, Math.Max(Math.Min(usual, LeastPart), usual / (1 + waiting)));
    }

    /// <summary>Changes the rate from now on; saved tokens are kept up to the new capacity.</summary>
    public void SetRate(DataRate? rate, Timestamp now)
    {
        if (rate is { BytesPerSecond: <= 0 })
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "The rate must be positive, or null for no limit.");
        Fill(now);
        if (_rate is null)
            _tokens = 0;
        _rate = rate;
        _tokens = Math.Min(_tokens, Capacity);
    }

    /// <summary>Takes the given number of bytes if at least one token is available.</summary>
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

    /// <summary>Takes bytes unconditionally.</summary>
    public void Charge(int bytes)
    {
        if (_rate is not null)
            _tokens -= bytes;
    }

    /// <summary>Returns bytes that were taken and not used.</summary>
    public void Return(int bytes)
    {
        if (_rate is not null)
            _tokens = Math.Min(_tokens + bytes, Capacity);
    }

    /// <summary>How long until something can be taken; zero if it can be taken now.</summary>
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
        // Threads that share a bucket may pass slightly old times.
        if (now <= _filled)
            return;
        if (_rate is { } rate)
            _tokens = Math.Min(_tokens + ((now - _filled).TotalSeconds * rate.BytesPerSecond), Capacity);
        _filled = now;
    }
}
