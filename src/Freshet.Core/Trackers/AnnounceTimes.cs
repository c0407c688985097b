namespace Freshet.Core.Trackers;

/// <summary>The times between announces, and the bounds of those that trackers ask for.</summary>
internal static class AnnounceTimes
{
    /// <summary>For trackers that name no interval, or one of zero and less.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromMinutes(30);

    /// <summary>The least time between regular announces to a tracker, whatever it says.</summary>
    public static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(30);

    /// <summary>The most time between regular announces to a tracker, whatever it says: most would have forgotten us by then.</summary>
    public static readonly TimeSpan MaxInterval = TimeSpan.FromHours(6);

    /// <summary>How soon more peers may be asked for, where the tracker names no min interval, or one of zero and less.</summary>
    public static readonly TimeSpan DefaultEarly = TimeSpan.FromMinutes(5);

    /// <summary>How soon more peers may be asked for, whatever the tracker says.</summary>
    public static readonly TimeSpan MinEarly = TimeSpan.FromMinutes(1);

    /// <summary>
    /// An announce that is not answered by then has failed. Longer than it may wait for its turn and than the transports' own limits, which
    /// know the reason.
    /// </summary>
    public static readonly TimeSpan AnswerTimeout = TrackerLimits.MaxAnnounceWait + TimeSpan.FromMinutes(2);

    /// <summary>How long a tracker may put us off (BEP 31), unless it says never.</summary>
    public static readonly TimeSpan MaxRetryIn = TimeSpan.FromDays(1);

    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxBackOff = TimeSpan.FromHours(1);

    /// <summary>The time to the next regular announce. A min interval that is longer wins over the interval.</summary>
    public static TimeSpan Interval(AnnounceResponse response)
    {
        TimeSpan interval = response.Interval > TimeSpan.Zero ? response.Interval : DefaultInterval;
        if (response.MinInterval > interval)
            interval = response.MinInterval.Value;
        return Clamp(interval, MinInterval, MaxInterval);
    }

    /// <summary>The time before which no more peers are asked for; never beyond the interval.</summary>
    public static TimeSpan Early(AnnounceResponse response)
    {
        TimeSpan interval = Interval(response);
        TimeSpan early = response.MinInterval is { } least && least > TimeSpan.Zero ? least : DefaultEarly;
        return Clamp(early, MinEarly < interval ? MinEarly : interval, interval);
    }

    /// <summary>
    /// A time, or up to a sixteenth more, at random: torrents that began together do not announce together for ever. Never less, since the
    /// tracker asked for the time.
    /// </summary>
    public static TimeSpan Spread(TimeSpan time, Random random) => time + (time / 16 * random.NextDouble());

    /// <summary>How long to wait after an announce that was put off for a reason of our own.</summary>
    public static TimeSpan PutOff(Random random) => Spread(TimeSpan.FromMinutes(1), random) * (1 + random.NextDouble());

    /// <summary>
    /// How long a tracker is left alone after so many failures in a row: doubling, bounded, and up to a quarter more or less.
    /// </summary>
    public static TimeSpan BackOff(int failures, Random random)
    {
        int doublings = Math.Min(failures - 1, 20);
        long ticks = Math.Min(FirstBackOff.Ticks << doublings, MaxBackOff.Ticks);
        return new TimeSpan((long)(ticks * (0.75 + (random.NextDouble() / 2))));
    }

    private static TimeSpan Clamp(TimeSpan value, TimeSpan least, TimeSpan most) => value < least ? least : value > most ? most : value;
}
