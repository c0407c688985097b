namespace Freshet.Core.Utp;

/// <summary>
/// Estimates the smoothed round-trip time, and how long to wait for an acknowledgement before a packet counts as lost (BEP 29).
/// </summary>
internal sealed class RttEstimator
{
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(30);

    private long _smoothed;
    private long _variance;

    /// <summary>The smoothed round-trip time; zero before the first sample.</summary>
    public TimeSpan Smoothed => new(Volatile.Read(ref _smoothed));

    /// <summary>How long to wait for an acknowledgement; one second before the first sample.</summary>
    public TimeSpan Timeout { get; private set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Adds the round-trip time of a packet that was sent only once: for others it is unknown which transmission was acknowledged.
    /// </summary>
    public void Add(TimeSpan sample)
    {
        if (_smoothed == 0)
        {
            _smoothed = Math.Max(sample.Ticks, 1);
            _variance = sample.Ticks / 2;
        }
        else
        {
            long delta = _smoothed - sample.Ticks;
            _variance += (Math.Abs(delta) - _variance) / 4;
            _smoothed = Math.Max(_smoothed - (delta / 8), 1);
        }

        TimeSpan timeout = new(_smoothed + (4 * _variance));
        Timeout = timeout < Least ? Least : timeout > Most ? Most : timeout;
    }
}
