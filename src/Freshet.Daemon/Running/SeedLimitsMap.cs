using Freshet.Api;
using Freshet.Core.Torrents;
using Freshet.Daemon.Http;

namespace Freshet.Daemon.Running;

/// <summary>Maps seed limits to the API: 0 means no limit, times are in seconds.</summary>
internal static class SeedLimitsMap
{
    /// <summary>The maximum time: ten years.</summary>
    public const long MostSeconds = 10L * 365 * 24 * 3_600;

    public static readonly ValueLimits Ratio = new() { Least = 0, Most = 1_000_000 };
    public static readonly ValueLimits Time = new() { Least = 0, Most = MostSeconds };
    public static readonly ValueLimits IdleTime = new() { Least = 60, Most = MostSeconds, OrZero = true };

    public static SeedLimits Of(SessionSettings settings) =>
        Of(settings.SeedRatio, settings.SeedTime, settings.SeedIdleTime, settings.SeedEnd);

    /// <summary>A torrent's seed limits after a change; null members take the session's limits.</summary>
    /// <exception cref="ApiException">A limit is out of range.</exception>
    public static SeedLimits? Changed(TorrentChange change, SeedLimits? before)
    {
        bool isNamed = change.SeedRatio is not null || change.SeedTime is not null || change.SeedIdleTime is not null
            || change.SeedEnd is not null;
        if (!(change.OwnSeedLimits ?? (isNamed || before is not null)))
            return null;
        Dictionary<string, string> errors = [];
        Check(change.SeedRatio, change.SeedTime, change.SeedIdleTime, errors);
        if (errors.Count > 0)
            throw ApiException.InvalidValues(errors);
        SeedLimits basis = before ?? SeedLimits.None;
        return Of(
            change.SeedRatio ?? basis.Ratio ?? 0, change.SeedTime ?? SecondsOf(basis.SeedTime),
            change.SeedIdleTime ?? SecondsOf(basis.IdleTime), change.SeedEnd ?? CodeOf(basis.Then));
    }

    /// <summary>Finds what is out of range.</summary>
    public static void Check(double? ratio, long? time, long? idle, Dictionary<string, string> errors)
    {
        if (ratio is { } share && !Ratio.Allows(share))
            errors["seedRatio"] = "is not a number from 0 to 1,000,000";
        if (time is { } seeding && !Time.Allows(seeding))
            errors["seedTime"] = "is not a number of seconds from 0 to ten years";
        if (idle is { } silent && !IdleTime.Allows(silent))
            errors["seedIdleTime"] = "is not a number of seconds from 60 to ten years, or 0 for no limit";
    }

    public static long SecondsOf(TimeSpan? time) => (long)(time?.TotalSeconds ?? 0);

    public static SeedEndCode CodeOf(SeedEnd end) => end switch
    {
        SeedEnd.Remove => SeedEndCode.Remove,
        SeedEnd.RemoveWithFiles => SeedEndCode.RemoveWithFiles,
        _ => SeedEndCode.Stop,
    };

    public static SeedEnd EndOf(SeedEndCode code) => code switch
    {
        SeedEndCode.Remove => SeedEnd.Remove,
        SeedEndCode.RemoveWithFiles => SeedEnd.RemoveWithFiles,
        _ => SeedEnd.Stop,
    };

    private static SeedLimits Of(double ratio, long time, long idle, SeedEndCode end) => new()
    {
        Ratio = ratio == 0 ? null : ratio,
        SeedTime = TimeOf(time),
        IdleTime = TimeOf(idle),
        Then = EndOf(end),
    };

    private static TimeSpan? TimeOf(long seconds) => seconds == 0 ? null : TimeSpan.FromSeconds(seconds);
}
