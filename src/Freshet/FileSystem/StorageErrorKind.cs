namespace Freshet.FileSystem;

/// <summary>What is wrong with the disk, as far as it matters for what to do about it.</summary>
internal enum StorageErrorKind
{
    /// <summary>No space left (ENOSPC).</summary>
    DiskFull,

    /// <summary>The user's share of the disk is used up (EDQUOT).</summary>
    QuotaExceeded,

    /// <summary>We may not (EACCES, EPERM).</summary>
    PermissionDenied,

    /// <summary>The file system takes no changes (EROFS).</summary>
    ReadOnly,

    /// <summary>A file or folder is not there, or a file ends too early (ENOENT, ENOTDIR).</summary>
    Missing,

    /// <summary>The device fails (EIO, ENXIO, ENODEV, ESTALE).</summary>
    IoError,

    /// <summary>Too many files are open (EMFILE, ENFILE).</summary>
    TooManyOpenFiles,

    /// <summary>The file system cannot hold a file so large (EFBIG).</summary>
    FileTooLarge,

    /// <summary>The path is a symbolic link, or leads out of the download folder.</summary>
    UnsafePath,

    /// <summary>A folder, a device or a pipe lies where a file should (EISDIR).</summary>
    NotAFile,

    /// <summary>Another file lies where one that we write was.</summary>
    Replaced,

    /// <summary>Something has the name that a file is to get (EEXIST).</summary>
    NameTaken,

    /// <summary>Anything else.</summary>
    Other,
}
