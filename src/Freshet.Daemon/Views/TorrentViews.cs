using System.Collections.Immutable;
using Freshet.Api;
using Freshet.Core.Metainfo;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;
using Freshet.Daemon.Running;

namespace Freshet.Daemon.Views;

/// <summary>A torrent of the engine as the API shows it.</summary>
internal static class TorrentViews
{
    /// <param name="torrent">The torrent.</param>
    /// <param name="status">Its status.</param>
    /// <param name="size">The size of its files, which does not change; null without metadata.</param>
    /// <param name="order">Its queue position.</param>
    /// <param name="move">The progress of moving its files, if they are being moved.</param>
    public static TorrentItem ItemOf(Torrent torrent, TorrentStatus status, long? size, double order, MoveItem? move)
    {
        TorrentTotals totals = torrent.Totals;
        ImmutableArray<TrackerStatus> trackers = torrent.Trackers;
        return new TorrentItem
        {
            Hash = torrent.InfoHash.ToString(),
            Name = torrent.Name,
            State = Codes.Of(status.State),
            Reason = Codes.Of(status.ReasonCode),
            Why = torrent.ReachedSeedLimit is { } limit ? WordsOf(limit) : status.Why,
            Availability = status.Availability,
            Copies = status.DistributedCopies is { } copies ? Math.Round(copies, 3, MidpointRounding.ToZero) : null,
            Progress = Math.Round(status.Progress, 4, MidpointRounding.ToZero),
            Size = size,
            Left = status.Left.Bytes,
            Downloaded = totals.Downloaded.Bytes,
            Uploaded = totals.Uploaded.Bytes,
            Wasted = status.Wasted.Bytes,
            Ratio = RatioOf(totals, status, size),
            DownloadRate = status.DownloadRate.BytesPerSecond,
            UploadRate = status.UploadRate.BytesPerSecond,
            Eta = status.Eta is { } eta ? (long)eta.TotalSeconds : null,
            Peers = status.Peers,
            Seeds = status.Seeds,
            KnownPeers = status.KnownPeers,
            SwarmSeeders = trackers.Max(tracker => tracker.Seeders),
            SwarmLeechers = trackers.Max(tracker => tracker.Leechers),
            HasMetadata = torrent.HasMetadata,
            Pieces = status.PieceCount,
            PiecesHave = status.PiecesHave,
            Labels = Labels.Of(torrent.Options),
            Category = Labels.CategoryOf(torrent.Options),
            Trackers = HostsOf(trackers),
            TrackerError = TroubleOf(trackers),
            Folder = torrent.Folder,
            Move = move,
            Sequential = torrent.Options.Sequential,
            Forced = torrent.Options.ForceStart,
            Order = order,
            QueuedBehind = status.QueuedBehind,
            SeedLimit = torrent.ReachedSeedLimit is { } reached ? Codes.Of(reached) : null,
            AddedAt = torrent.AddedAt == DateTimeOffset.UnixEpoch ? null : torrent.AddedAt,
            CompletedAt = torrent.CompletedAt,
        };
    }

    /// <summary>The size of a torrent's files without padding; null without metadata. Has a small cost per piece.</summary>
    public static long? SizeOf(Torrent torrent) =>
        torrent.HasMetadata ? torrent.Files.Where(file => !file.IsPadding).Sum(file => file.Length.Bytes) : null;

    /// <param name="options">The torrent's options.</param>
    /// <param name="session">The session's seed limits, for torrents without their own.</param>
    public static TorrentSettings SettingsOf(TorrentOptions options, SeedLimits session) => new()
    {
        Sequential = options.Sequential,
        FirstAndLastFirst = options.FirstAndLastFirst,
        MaxDownloadRate = options.MaxDownloadRate?.BytesPerSecond ?? 0,
        MaxUploadRate = options.MaxUploadRate?.BytesPerSecond ?? 0,
        MaxPeerDownloadRate = options.MaxPeerDownloadRate?.BytesPerSecond ?? 0,
        MaxPeerUploadRate = options.MaxPeerUploadRate?.BytesPerSecond ?? 0,
        ForceStart = options.ForceStart,
        OwnSeedLimits = options.SeedLimits is not null,
        SeedRatio = (options.SeedLimits ?? session).Ratio ?? 0,
        SeedTime = SeedLimitsMap.SecondsOf((options.SeedLimits ?? session).SeedTime),
        SeedIdleTime = SeedLimitsMap.SecondsOf((options.SeedLimits ?? session).IdleTime),
        SeedEnd = SeedLimitsMap.CodeOf((options.SeedLimits ?? session).Then),
        MaxPeers = options.MaxPeers,
        UploadSlots = options.UploadSlots ?? 0,
        UseTrackers = options.UseTrackers,
        OwnTrackers = options.Trackers is not null,
        SuperSeed = EngineCodes.Of(options.SuperSeed),
        SeedChoking = EngineCodes.Of(options.SeedChoking),
    };

    public static TorrentMetadata MetadataOf(TorrentMetainfo metainfo) => new()
    {
        PieceLength = metainfo.Layout.PieceLength,
        FileCount = metainfo.Files.Count(file => !file.IsPadding),
        Private = metainfo.IsPrivate,
        Comment = metainfo.Comment,
        CreatedBy = metainfo.CreatedBy,
        CreatedAt = metainfo.CreationDate,
        WebSeeds = metainfo.WebSeeds,
    };

    private static string WordsOf(SeedLimit limit) => limit switch
    {
        SeedLimit.Ratio => "Stopped by a limit: it has reached its ratio.",
        SeedLimit.SeedTime => "Stopped by a limit: it has seeded for as long as it should.",
        _ => "Stopped by a limit: it has sent nothing for as long as its limit allows.",
    };

    private static double? RatioOf(TorrentTotals totals, TorrentStatus status, long? size)
    {
        double there = size is { } whole && status.PieceCount > 0 ? (double)whole * status.PiecesHave / status.PieceCount : 0;
        double taken = Math.Max(totals.Downloaded.Bytes, there);
        return taken > 0 ? Math.Round(totals.Uploaded.Bytes / taken, 4) : null;
    }

    private static string[] HostsOf(ImmutableArray<TrackerStatus> trackers) =>
    [
        .. trackers
            .Select(tracker => Uri.TryCreate(tracker.Url, UriKind.Absolute, out Uri? url) ? url.Host : "")
            .Where(host => host.Length > 0)
            .Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    private static string? TroubleOf(ImmutableArray<TrackerStatus> trackers)
    {
        TrackerStatus? failing = null;
        foreach (TrackerStatus tracker in trackers)
        {
            if (tracker.State == TrackerState.Working)
                return null;
            if (tracker is { Message: not null, State: TrackerState.Failing or TrackerState.GivenUp or TrackerState.Unsupported })
                failing ??= tracker;
        }

        return failing?.Message;
    }
}
