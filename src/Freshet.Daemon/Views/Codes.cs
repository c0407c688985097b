using Freshet.Api;
using Freshet.Core.Torrents;
using Freshet.Core.Trackers;

namespace Freshet.Daemon.Views;

/// <summary>Maps the engine's enumerations to those of the API, whose names are stable.</summary>
internal static class Codes
{
    public static StateCode Of(TorrentState state) => state switch
    {
        TorrentState.Stopped => StateCode.Stopped,
        TorrentState.FetchingMetadata => StateCode.FetchingMetadata,
        TorrentState.Checking => StateCode.Checking,
        TorrentState.Downloading => StateCode.Downloading,
        TorrentState.Seeding => StateCode.Seeding,
        TorrentState.Queued => StateCode.Queued,
        TorrentState.WaitingForDisk => StateCode.WaitingForDisk,
        TorrentState.Failed => StateCode.Failed,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "The API has no word for it."),
    };

    public static ReasonCode? Of(TorrentReason reason) => reason switch
    {
        TorrentReason.None => null,
        TorrentReason.DiskFull => ReasonCode.DiskFull,
        TorrentReason.QuotaExceeded => ReasonCode.QuotaExceeded,
        TorrentReason.PermissionDenied => ReasonCode.PermissionDenied,
        TorrentReason.ReadOnly => ReasonCode.ReadOnly,
        TorrentReason.Missing => ReasonCode.Missing,
        TorrentReason.IoError => ReasonCode.IoError,
        TorrentReason.TooManyOpenFiles => ReasonCode.TooManyOpenFiles,
        TorrentReason.FileTooLarge => ReasonCode.FileTooLarge,
        TorrentReason.UnsafePath => ReasonCode.UnsafePath,
        TorrentReason.NotAFile => ReasonCode.NotAFile,
        TorrentReason.Replaced => ReasonCode.Replaced,
        TorrentReason.StateNotWritable => ReasonCode.StateNotWritable,
        TorrentReason.UnusableMetadata => ReasonCode.UnusableMetadata,
        _ => ReasonCode.Other,
    };

    public static SeedLimitCode Of(SeedLimit limit) => limit switch
    {
        SeedLimit.Ratio => SeedLimitCode.Ratio,
        SeedLimit.SeedTime => SeedLimitCode.SeedTime,
        _ => SeedLimitCode.IdleTime,
    };

    public static TrackerStateCode Of(TrackerState state) => state switch
    {
        TrackerState.Idle => TrackerStateCode.Idle,
        TrackerState.Announcing => TrackerStateCode.Announcing,
        TrackerState.Working => TrackerStateCode.Working,
        TrackerState.Failing => TrackerStateCode.Failing,
        TrackerState.GivenUp => TrackerStateCode.GivenUp,
        TrackerState.Unsupported => TrackerStateCode.Unsupported,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "The API has no word for it."),
    };

    public static PriorityCode Of(FilePriority priority) => priority switch
    {
        FilePriority.Skip => PriorityCode.Skip,
        FilePriority.Low => PriorityCode.Low,
        FilePriority.High => PriorityCode.High,
        _ => PriorityCode.Normal,
    };

    public static FilePriority Of(PriorityCode priority) => priority switch
    {
        PriorityCode.Skip => FilePriority.Skip,
        PriorityCode.Low => FilePriority.Low,
        PriorityCode.High => FilePriority.High,
        _ => FilePriority.Normal,
    };
}
