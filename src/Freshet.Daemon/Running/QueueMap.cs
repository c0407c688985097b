using Freshet.Api;
using Freshet.Core.Rates;

namespace Freshet.Daemon.Running;

/// <summary>Maps the queue's limits to the API's settings, where 0 means no limit.</summary>
internal static class QueueMap
{
    public static QueueOptions Of(SessionSettings settings) => new()
    {
        MaxActiveDownloads = LimitOf(settings.MaxActiveDownloads),
        MaxActiveSeeds = LimitOf(settings.MaxActiveSeeds),
        MaxActive = LimitOf(settings.MaxActive),
        MaxChecks = LimitOf(settings.MaxChecks),
        IgnoreSlow = settings.IgnoreSlow
            ? new SlowTorrents { Below = new DataRate(settings.SlowRate), For = TimeSpan.FromSeconds(settings.SlowTime) }
            : null,
    };

    public static int? LimitOf(int limit) => limit == 0 ? null : limit;
}
