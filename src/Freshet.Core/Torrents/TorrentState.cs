namespace Freshet.Core.Torrents;

/// <summary>What a torrent is about, in a word.</summary>
public enum TorrentState
{
    /// <summary>Stopped by the user.</summary>
    Stopped,

    /// <summary>Reading from disk what is there already.</summary>
    Checking,

    /// <summary>Wanted pieces are missing.</summary>
    Downloading,

    /// <summary>All wanted pieces are there.</summary>
    Seeding,

    /// <summary>The disk does not take or give data; goes on by itself when it does again.</summary>
    WaitingForDisk,

    /// <summary>Something that only the user can mend.</summary>
    Failed,

    /// <summary>It is not known yet what the torrent holds: peers are looked for that can tell.</summary>
    FetchingMetadata,

    /// <summary>
    /// Started, and waiting until fewer others are active; <see cref="TorrentStatus.QueuedBehind"/> says behind how many.
    /// </summary>
    Queued,
}
