using Freshet.Api;

namespace Freshet.Daemon.Running;

/// <summary>How the session stands, as the API shows it.</summary>
internal static class SessionStates
{
    public static SessionState Of(SessionStatus status, SessionControl control, DiskSpace disks)
    {
        SessionSettings settings = control.Settings;
        (long Free, long Total)? space = disks.Of(settings.DownloadFolder);
        (long down, long up, bool scheduled) = control.LimitsInForce;
        int running = status.FetchingMetadata + status.Checking
            + status.Downloading + status.Seeding + status.Queued + status.WaitingForDisk + status.Failed;
        return new SessionState
        {
            Torrents = status.Torrents,
            Stopped = status.Torrents - running,
            FetchingMetadata = status.FetchingMetadata,
            Checking = status.Checking,
            Downloading = status.Downloading,
            Seeding = status.Seeding,
            Queued = status.Queued,
            WaitingForDisk = status.WaitingForDisk,
            Failed = status.Failed,
            Connections = status.Connections,
            DownloadRate = status.DownloadRate.BytesPerSecond,
            UploadRate = status.UploadRate.BytesPerSecond,
            AlternativeLimits = settings.AlternativeLimits,
            ScheduledLimits = scheduled,
            Reachable = status.Reachability.IsReachable,
            MaxDownloadRate = down,
            MaxUploadRate = up,
            FreeSpace = space?.Free,
            TotalSpace = space?.Total,
        };
    }
}
