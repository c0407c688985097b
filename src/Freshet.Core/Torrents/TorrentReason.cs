namespace Freshet.Core.Torrents;

/// <summary>
/// Why a torrent is <see cref="TorrentState.WaitingForDisk"/> or <see cref="TorrentState.Failed"/>, as a code for programs; see
/// <see cref="TorrentStatus.Reason"/> for the text.
/// </summary>
public enum TorrentReason
{
    /// <summary>The torrent is in neither state.</summary>
    None,

    /// <summary>No space is left on the disk.</summary>
    DiskFull,

    /// <summary>The user's quota on the disk is used up.</summary>
    QuotaExceeded,

    /// <summary>The process lacks permission to read or write a file or folder.</summary>
    PermissionDenied,

    /// <summary>The file system is mounted read-only.</summary>
    ReadOnly,

    /// <summary>A file or folder does not exist, or a file is too short: the volume is not mounted, or data was removed.</summary>
    Missing,

    /// <summary>The device reported an I/O error.</summary>
    IoError,

    /// <summary>Too many open files.</summary>
    TooManyOpenFiles,

    /// <summary>The file system does not support files of that size.</summary>
    FileTooLarge,

    /// <summary>A symbolic link is in the place of a file, or leads out of the download folder.</summary>
    UnsafePath,

    /// <summary>A folder, a device or a pipe is in the place of a file.</summary>
    NotAFile,

    /// <summary>Another program moved or replaced a file while it was being written.</summary>
    Replaced,

    /// <summary>The state folder cannot be written.</summary>
    StateNotWritable,

    /// <summary>The metadata that peers sent for a magnet link matches the link's info-hash but cannot be used.</summary>
    UnusableMetadata,

    /// <summary>Anything else; the text says what.</summary>
    Other,
}
