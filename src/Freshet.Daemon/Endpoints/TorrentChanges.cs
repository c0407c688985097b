using System.Collections.Immutable;
using Freshet.Api;
using Freshet.Core.Rates;
using Freshet.Daemon.Running;
using Freshet.Daemon.Views;

namespace Freshet.Daemon.Endpoints;

/// <summary>Applies new settings to a torrent.</summary>
internal static class TorrentChanges
{
    /// <exception cref="Http.ApiException">A label or category is invalid.</exception>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public static Task ApplyAsync(Torrent torrent, TorrentChange change) => torrent.ApplyAsync(options => Changed(options, change));

    private static TorrentOptions Changed(TorrentOptions options, TorrentChange change)
    {
        if (change.Labels is not null || change.AddLabels is not null || change.RemoveLabels is not null)
        {
            IEnumerable<string> labels = change.Labels ?? Labels.Of(options);
            options = Labels.With(options, labels.Except(change.RemoveLabels ?? []).Concat(change.AddLabels ?? []));
        }

        if (change.Category is { } category)
            options = Labels.WithCategory(options, category);
        return options with
        {
            Sequential = change.Sequential ?? options.Sequential,
            FirstAndLastFirst = change.FirstAndLastFirst ?? options.FirstAndLastFirst,
            MaxDownloadRate = RateOf(change.MaxDownloadRate, options.MaxDownloadRate),
            MaxUploadRate = RateOf(change.MaxUploadRate, options.MaxUploadRate),
            MaxPeerDownloadRate = RateOf(change.MaxPeerDownloadRate, options.MaxPeerDownloadRate),
            MaxPeerUploadRate = RateOf(change.MaxPeerUploadRate, options.MaxPeerUploadRate),
            ForceStart = change.ForceStart ?? options.ForceStart,
            SeedLimits = SeedLimitsMap.Changed(change, options.SeedLimits),
            MaxPeers = change.MaxPeers ?? options.MaxPeers,
            UploadSlots = change.UploadSlots == 0 ? null : change.UploadSlots ?? options.UploadSlots,
            UseTrackers = change.UseTrackers ?? options.UseTrackers,
            Trackers = TrackersOf(change, options.Trackers),
            SuperSeed = change.SuperSeed is { } superSeed ? EngineCodes.Of(superSeed) : options.SuperSeed,
            SeedChoking = change.SeedChoking is { } choking ? EngineCodes.Of(choking) : options.SeedChoking,
        };
    }

    private static ImmutableArray<ImmutableArray<string>>? TrackersOf(
        TorrentChange change, ImmutableArray<ImmutableArray<string>>? before) =>
        change.Trackers is { } tiers ? [.. tiers.Select(static tier => tier.ToImmutableArray())]
        : change.OwnTrackers == false ? null
        : before;

    private static DataRate? RateOf(long? change, DataRate? before) => change switch
    {
        null => before,
        0 => null,
        _ => new DataRate(change.Value),
    };
}
