namespace Freshet.Api;

/// <summary>How the session stands at one moment.</summary>
public sealed record SessionState
{
    /// <summary>All torrents.</summary>
    public required int Torrents { get; init; }

    /// <summary>Torrents that are stopped.</summary>
    public required int Stopped { get; init; }

    /// <summary>Torrents whose files are not known yet.</summary>
    public required int FetchingMetadata { get; init; }

    /// <summary>Torrents that are checked.</summary>
    public required int Checking { get; init; }

    /// <summary>Torrents that download.</summary>
    public required int Downloading { get; init; }

    /// <summary>Torrents that seed.</summary>
    public required int Seeding { get; init; }

    /// <summary>Torrents that wait for their turn.</summary>
    public required int Queued { get; init; }

    /// <summary>Torrents that wait for a disk.</summary>
    public required int WaitingForDisk { get; init; }

    /// <summary>Torrents that failed.</summary>
    public required int Failed { get; init; }

    /// <summary>Connected peers of all torrents.</summary>
    public required int Connections { get; init; }

    /// <summary>Payload bytes received per second.</summary>
    public required long DownloadRate { get; init; }

    /// <summary>Payload bytes sent per second.</summary>
    public required long UploadRate { get; init; }

    /// <summary>Whether the alternative limits are in force.</summary>
    public required bool AlternativeLimits { get; init; }

    /// <summary>Whether limits of the schedule are in force.</summary>
    public required bool ScheduledLimits { get; init; }

    /// <summary>Whether peers on the internet can connect to us; null if that is not known.</summary>
    public required bool? Reachable { get; init; }

    /// <summary>The limit in force, payload bytes per second; 0 is no limit.</summary>
    public required long MaxDownloadRate { get; init; }

    /// <summary>The limit in force, payload bytes per second; 0 is no limit.</summary>
    public required long MaxUploadRate { get; init; }

    /// <summary>Free bytes of the download folder; null if unknown.</summary>
    public required long? FreeSpace { get; init; }

    /// <summary>Bytes of its file system; null if unknown.</summary>
    public required long? TotalSpace { get; init; }
}
