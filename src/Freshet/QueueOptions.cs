namespace Freshet;

/// <summary>
/// How many of a session's torrents may be active at once. The others wait, in the order of <see cref="Session.Torrents"/>, as
/// <see cref="Core.Torrents.TorrentState.Queued"/>: they have no connections, and trackers do not hear of them. Each limit is 0 or more;
/// null, the default, is none. Immutable.
/// </summary>
public sealed record QueueOptions
{
    /// <summary>Torrents that download, or fetch their metadata.</summary>
    public int? MaxActiveDownloads { get; init; }

    /// <summary>Torrents that seed.</summary>
    public int? MaxActiveSeeds { get; init; }

    /// <summary>Both together. Downloads have their turns first; slow torrents count here in any case.</summary>
    public int? MaxActive { get; init; }

    /// <summary>
    /// Torrents whose files are being hashed, 1 or more. Default: as many as there are <see cref="SessionOptions.DiskThreads"/>.
    /// </summary>
    public int? MaxChecks { get; init; }

    /// <summary>
    /// When an active torrent is slow, so that it does not count among the active downloads or seeds, and the next has its turn too. Null,
    /// the default: every active torrent counts.
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
