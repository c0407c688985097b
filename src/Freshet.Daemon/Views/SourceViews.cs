using Freshet.Api;
using Freshet.Core.Trackers;
using Freshet.Core.WebSeeds;

namespace Freshet.Daemon.Views;

/// <summary>Trackers and web seeds as the API shows them.</summary>
internal static class SourceViews
{
    /// <param name="tracker">The tracker.</param>
    /// <param name="withKeys">Whether its URL is shown whole, passkey and all.</param>
    /// <param name="now">The time.</param>
    public static TrackerItem ItemOf(TrackerStatus tracker, bool withKeys, DateTimeOffset now) => new()
    {
        Url = withKeys ? tracker.Url : tracker.MaskedUrl,
        Tier = tracker.Tier,
        State = Codes.Of(tracker.State),
        Message = tracker.Message,
        LastAnnounce = now - tracker.LastAnnounce,
        NextAnnounce = now + tracker.NextAnnounce,
        Failures = tracker.Failures,
        Seeders = tracker.Seeders,
        Leechers = tracker.Leechers,
        Peers = tracker.Peers,
    };

    public static WebSeedItem ItemOf(WebSeedStatus seed, DateTimeOffset now) => new()
    {
        Url = seed.MaskedUrl,
        State = CodeOf(seed.State),
        Message = seed.Message,
        RetryAt = now + seed.RetryIn,
        Failures = seed.Failures,
        Requests = seed.Requests,
        Progress = seed.Progress,
        Downloaded = seed.Downloaded.Bytes,
        DownloadRate = seed.DownloadRate.BytesPerSecond,
    };

    private static WebSeedStateCode CodeOf(WebSeedState state) => state switch
    {
        WebSeedState.Idle => WebSeedStateCode.Idle,
        WebSeedState.Active => WebSeedStateCode.Active,
        WebSeedState.Resting => WebSeedStateCode.Resting,
        WebSeedState.GivenUp => WebSeedStateCode.GivenUp,
        WebSeedState.Banned => WebSeedStateCode.Banned,
        WebSeedState.Unsupported => WebSeedStateCode.Unsupported,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "The API has no word for it."),
    };
}
