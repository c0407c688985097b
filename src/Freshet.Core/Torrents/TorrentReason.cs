namespace Freshet.Core.Torrents;

/// <summary>
/// Why a torrent is <see cref="TorrentState.WaitingForDisk"/> or <see cref="TorrentState.Failed"/>, for programs; the words are beside it.
/// </summary>
public enum TorrentReason
{
    /// <summary>It is neither.</summary>
    None,

    /// <summary>No space is left on the disk.</summary>
    DiskFull,

    /// <summary>The user's quota on the disk is used up.</summary>
    QuotaExceeded,

    /// <summary>The process may not read or write there.</summary>
    PermissionDenied,

    /// <summary>The file system is mounted read-only.</summary>
    ReadOnly,

    /// <summary>A file or folder does not exist, or a file is too short: a missing mount, or data that was removed.</summary>
    Missing,

    /// <summary>The device reports an input/output error.</summary>
    IoError,

    /// <summary>Too many files are open.</summary>
    TooManyOpenFiles,

    /// <summary>The file system cannot hold a file of that size.</summary>
    FileTooLarge,

    /// <summary>A symbolic link lies in the place of a file, or leads out of the download folder.</summary>
    UnsafePath,

    /// <summary>A folder, a device or a pipe lies where a file should.</summary>
    NotAFile,

    /// <summary>Another program moved or replaced a file while it was written.</summary>
    Replaced,

    /// <summary>The state folder cannot be written.</summary>
    StateNotWritable,

    /// <summary>The metadata that peers gave for a magnet link has the link's hash, and cannot be used all the same.</summary>
    UnusableMetadata,

    /// <summary>Anything else; the words say what.</summary>
    Other,
}
