namespace Freshet.Core.Trackers;

/// <summary>The times between announces, and bounds on the times that trackers ask for.</summary>
internal static class AnnounceTimes
{
    /// <summary>Used if a tracker gives no interval, or one that is not positive.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromMinutes(30);

    /// <summary>The minimum time between regular announces to a tracker, whatever it asks for.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The maximum time between regular announces to a tracker, whatever it asks for: most trackers would have dropped us by then.
    /// </summary>
    public static readonly TimeSpan MaxInterval = TimeSpan.FromHours(6);

    /// <summary>How soon more peers may be requested if the tracker gives no min interval, or one that is not positive.</summary>
    public static readonly TimeSpan DefaultEarly = TimeSpan.FromMinutes(5);

    /// <summary>How soon more peers may be requested at the earliest, whatever the tracker says.</summary>
    public static readonly TimeSpan MinEarly = TimeSpan.FromMinutes(1);

    /// <summary>
    /// An announce without an answer within this time has failed. Longer than the time in the queue plus the transports' own time-outs,
    /// which know the reason.
    /// </summary>
    public static readonly TimeSpan AnswerTimeout = TrackerLimits.MaxAnnounceWait + TimeSpan.FromMinutes(2);

    /// <summary>The longest retry delay that a tracker may ask for (BEP 31), unless it says never.</summary>
    public static readonly TimeSpan MaxRetryIn = TimeSpan.FromDays(1);

    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxBackOff = TimeSpan.FromHours(1);

    /// <summary>The time to the next regular announce. A longer min interval takes precedence over the interval.</summary>
    public static TimeSpan Interval(AnnounceResponse response)
    {
        TimeSpan interval = response.Interval > TimeSpan.Zero ? response.Interval : DefaultInterval;
        if (response.MinInterval > interval)
            interval = response.MinInterval.Value;
        return Clamp(interval, MinInterval, MaxInterval);
    }

    /// <summary>The time before which no further peers are requested; never longer than the interval.</summary>
    public static TimeSpan Early(AnnounceResponse response)
    {
        TimeSpan interval = Interval(response);
        TimeSpan early = response.MinInterval is { } least && least > TimeSpan.Zero ? least : DefaultEarly;
        return Clamp(early, MinEarly < interval ? MinEarly : interval, interval);
    }

    /// <summary>
    /// The time before which not even a user may have the tracker asked again: its own min interval, however short. We are more patient
    /// than that only with what nobody has asked for.
    /// </summary>
    public static TimeSpan Asked(AnnounceResponse response)
    {
        TimeSpan early = Early(response);
        return response.MinInterval is { } least && least > TimeSpan.Zero && least < early ? least : early;
    }

    /// <summary>
    /// The given time plus up to a sixteenth, at random: torrents that started together do not keep announcing together. Never less, since
    /// the tracker asked for that time.
    /// </summary>
    public static TimeSpan Spread(TimeSpan time, Random random) => time + (time / 16 * random.NextDouble());

    /// <summary>How long to wait after an announce that was put off for a reason of our own.</summary>
    public static TimeSpan PutOff(Random random) => Spread(TimeSpan.FromMinutes(1), random) * (1 + random.NextDouble());

    /// <summary>How long to wait after the given number of consecutive failures: doubles, up to a maximum, with ±25 % jitter.</summary>
    public static TimeSpan BackOff(int failures, Random random)
    {
        int doublings = Math.Min(failures - 1, 20);
        long ticks = Math.Min(FirstBackOff.Ticks << doublings, MaxBackOff.Ticks);
        return new TimeSpan((long)(ticks * (0.75 + (random.NextDouble() / 2))));
    }

    private static TimeSpan Clamp(TimeSpan value, TimeSpan least, TimeSpan most) => value < least ? least : value > most ? most : value;
}
