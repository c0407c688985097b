using System.Collections.Immutable;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;
using Freshet.Core.WebSeeds;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>A torrent at one moment, for whoever reads. Immutable.</summary>
/// <param name="Status">How it stood.</param>
/// <param name="Totals">What it had done.</param>
/// <param name="Run">What it was doing.</param>
/// <param name="Clock">The session's running time then.</param>
internal sealed record TorrentSnapshot(TorrentStatus Status, TorrentTotals Totals, RunState Run, TimeSpan Clock)
{
    /// <summary>The pieces that were there and verified. Not to be changed.</summary>
    public required Bitfield Have { get; init; }

    /// <summary>How it stood with each connected peer.</summary>
    public ImmutableArray<PeerStatus> Peers { get; init; } = [];

    /// <summary>How it stood with each web seed.</summary>
    public ImmutableArray<WebSeedStatus> WebSeeds { get; init; } = [];

    /// <summary>How it stood with each tracker.</summary>
    public IReadOnlyList<TrackerStatus> Trackers { get; init; } = [];

    /// <summary>How it stood with the DHT; null if it does not use it.</summary>
    public TorrentDhtStatus? Dht { get; init; }

    /// <summary>How it stands with the DHT, if nothing has happened since.</summary>
    public TorrentDhtStatus? DhtAt(TimeSpan clock) => Dht is null ? null : Dht with
    {
        LastSearch = Dht.LastSearch + (clock - Clock),
        NextSearch = Less(Dht.NextSearch, clock - Clock),
    };

    /// <summary>How it stands with each web seed, if nothing has happened since.</summary>
    public ImmutableArray<WebSeedStatus> WebSeedsAt(TimeSpan clock) =>
        [.. WebSeeds.Select(seed => seed with { RetryIn = Less(seed.RetryIn, clock - Clock) })];

    /// <summary>How it stands with each tracker, if nothing has happened since.</summary>
    public ImmutableArray<TrackerStatus> TrackersAt(TimeSpan clock) =>
        [.. Trackers.Select(tracker => tracker with
        {
            LastAnnounce = tracker.LastAnnounce + (clock - Clock),
            NextAnnounce = Less(tracker.NextAnnounce, clock - Clock),
        })];

    /// <summary>The totals now: a torrent at rest is seldom looked at, but its times go on.</summary>
    public TorrentTotals TotalsAt(TimeSpan clock) => WithTimes(Totals, Run, clock - Clock);

    /// <summary>Totals after some more time of a torrent that does this.</summary>
    public static TorrentTotals WithTimes(TorrentTotals totals, RunState run, TimeSpan passed) =>
        run is not (RunState.Running or RunState.Seeding) ? totals : totals with
        {
            ActiveTime = totals.ActiveTime + passed,
            SeedingTime = totals.SeedingTime + (run == RunState.Seeding ? passed : default),
        };

    private static TimeSpan? Less(TimeSpan? time, TimeSpan passed) => time > passed ? time - passed : time is null ? null : TimeSpan.Zero;
}
