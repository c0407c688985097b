using Freshet.Api;
using Freshet.Cli.Output;

namespace Freshet.Cli.Daemons;

/// <summary>Describes a tracker of a daemon's torrent to people.</summary>
internal static class TrackerLines
{
    /// <param name="tracker">The tracker.</param>
    /// <param name="now">The current time.</param>
    public static string Of(TrackerItem tracker, DateTimeOffset now)
    {
        IEnumerable<string?> parts = [StateOf(tracker), SwarmOf(tracker), TimesOf(tracker, now), tracker.Message];
        return $"{tracker.Url}: {string.Join("; ", parts.Where(static part => !string.IsNullOrEmpty(part)))}";
    }

    private static string StateOf(TrackerItem tracker) => tracker.State switch
    {
        TrackerStateCode.Idle => "not asked in this run",
        TrackerStateCode.Announcing => "being asked",
        TrackerStateCode.Working => "working",
        TrackerStateCode.Failing => $"failing, {Words.Count(tracker.Failures, "time")} in a row",
        TrackerStateCode.GivenUp => "asked never to be asked again",
        _ => "of a kind that cannot be asked",
    };

    private static string? SwarmOf(TrackerItem tracker)
    {
        string?[] parts =
        [
            tracker.Seeders is { } seeders ? Words.Count(seeders, "seed") : null,
            tracker.Leechers is { } leechers ? Words.Count(leechers, "leecher") : null,
            tracker.Peers is { } peers ? $"{Words.Count(peers, "peer")} named" : null,
        ];
        return string.Join(", ", parts.Where(static part => part is not null));
    }

    private static string? TimesOf(TrackerItem tracker, DateTimeOffset now)
    {
        string? last = tracker.LastAnnounce is { } before ? $"answered {Words.Of(Between(before, now))} ago" : null;
        string? next = tracker.NextAnnounce is { } after ? $"asked again in {Words.Of(Between(now, after))}" : null;
        return string.Join(", ", new[] { last, next }.Where(static part => part is not null));
    }

    // The daemon's clock may differ from ours.
    private static TimeSpan Between(DateTimeOffset earlier, DateTimeOffset later) =>
        later > earlier ? later - earlier : TimeSpan.Zero;
}
