namespace Freshet.Core.Torrents;

/// <summary>What a torrent is doing.</summary>
public enum TorrentState
{
    /// <summary>Stopped by the user.</summary>
    Stopped,

    /// <summary>Checking existing data.</summary>
    Checking,

    /// <summary>Wanted pieces are missing.</summary>
    Downloading,

    /// <summary>All wanted pieces are complete.</summary>
    Seeding,

    /// <summary>The disk fails to write or read data; the torrent continues on its own once the disk works again.</summary>
    WaitingForDisk,

    /// <summary>An error that only the user can fix.</summary>
    Failed,

    /// <summary>The metadata is unknown: looking for peers that have it.</summary>
    FetchingMetadata,

    /// <summary>
    /// Started, and waiting until fewer other torrents are active; <see cref="TorrentStatus.QueuedBehind"/> says how many are ahead.
    /// </summary>
    Queued,
}
