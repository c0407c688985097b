namespace Freshet;

/// <summary>
/// How many of a session's torrents may be active at once. The others wait, in the order of <see cref="Session.Torrents"/>, in state
/// <see cref="Core.Torrents.TorrentState.Queued"/>: they have no connections and do not announce. Each limit is 0 or more; null, the
/// default, means no limit. Immutable.
/// </summary>
public sealed record QueueOptions
{
    /// <summary>The limit for torrents that download or fetch their metadata.</summary>
    public int? MaxActiveDownloads { get; init; }

    /// <summary>The limit for torrents that seed.</summary>
    public int? MaxActiveSeeds { get; init; }

    /// <summary>The limit for downloads and seeds together. Downloads go first; slow torrents always count here.</summary>
    public int? MaxActive { get; init; }

    /// <summary>
    /// The limit for torrents whose files are being checked, 1 or more. Default: the number of <see cref="SessionOptions.DiskThreads"/>.
    /// </summary>
    public int? MaxChecks { get; init; }

    /// <summary>
    /// When an active torrent is slow enough not to count against <see cref="MaxActiveDownloads"/> and <see cref="MaxActiveSeeds"/>, so
    /// that the next one starts as well. Null, the default: every active torrent counts.
    /// </summary>
    public SlowTorrents? IgnoreSlow { get; init; }

    internal void Validate(List<string> errors)
    {
        RequireAtLeast(0, MaxActiveDownloads, nameof(MaxActiveDownloads), errors);
        RequireAtLeast(0, MaxActiveSeeds, nameof(MaxActiveSeeds), errors);
        RequireAtLeast(0, MaxActive, nameof(MaxActive), errors);
        RequireAtLeast(1, MaxChecks, nameof(MaxChecks), errors);
        IgnoreSlow?.Validate(errors);
    }

    private static void RequireAtLeast(int least, int? value, string name, List<string> errors)
    {
        if (value < least)
            errors.Add($"{nameof(SessionOptions.Queue)}.{name} is {value}: {least} or more, or null for no limit");
    }
}
