using System.Collections.Immutable;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;
using Freshet.Core.WebSeeds;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>A torrent at one moment, for readers. Immutable.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Totals">Its totals.</param>
/// <param name="Run">Its run state.</param>
/// <param name="Clock">The session's running time at that moment.</param>
internal sealed record TorrentSnapshot(TorrentStatus Status, TorrentTotals Totals, RunState Run, TimeSpan Clock)
{
    /// <summary>The verified pieces. Must not be modified.</summary>
    public required Bitfield Have { get; init; }

    /// <summary>The status of each connected peer.</summary>
    public ImmutableArray<PeerStatus> Peers { get; init; } = [];

    /// <summary>The status of each web seed.</summary>
    public ImmutableArray<WebSeedStatus> WebSeeds { get; init; } = [];

    /// <summary>The status of each tracker.</summary>
    public IReadOnlyList<TrackerStatus> Trackers { get; init; } = [];

    /// <summary>The DHT status; null if the torrent does not use the DHT.</summary>
    public TorrentDhtStatus? Dht { get; init; }

    /// <summary>The DHT status now, if nothing has happened since.</summary>
    public TorrentDhtStatus? DhtAt(TimeSpan clock) => Dht is null ? null : Dht with
    {
        LastSearch = Dht.LastSearch + (clock - Clock),
        NextSearch = Less(Dht.NextSearch, clock - Clock),
    };

    /// <summary>The status of each web seed now, if nothing has happened since.</summary>
    public ImmutableArray<WebSeedStatus> WebSeedsAt(TimeSpan clock) =>
        [.. WebSeeds.Select(seed => seed with { RetryIn = Less(seed.RetryIn, clock - Clock) })];

    /// <summary>The status of each tracker now, if nothing has happened since.</summary>
    public ImmutableArray<TrackerStatus> TrackersAt(TimeSpan clock) =>
        [.. Trackers.Select(tracker => tracker with
        {
            LastAnnounce = tracker.LastAnnounce + (clock - Clock),
            LastScrape = tracker.LastScrape + (clock - Clock),
            NextAnnounce = Less(tracker.NextAnnounce, clock - Clock),
        })];

    /// <summary>The totals now: an idle torrent rarely gets a new snapshot, but its times advance.</summary>
    public TorrentTotals TotalsAt(TimeSpan clock) => WithTimes(Totals, Run, clock - Clock);

    /// <summary>Totals after some more time in a run state.</summary>
    public static TorrentTotals WithTimes(TorrentTotals totals, RunState run, TimeSpan passed) =>
        run is not (RunState.Running or RunState.Seeding) ? totals : totals with
        {
            ActiveTime = totals.ActiveTime + passed,
            SeedingTime = totals.SeedingTime + (run == RunState.Seeding ? passed : default),
        };

    private static TimeSpan? Less(TimeSpan? time, TimeSpan passed) => time > passed ? time - passed : time is null ? null : TimeSpan.Zero;
}
