namespace Freshet.FileSystem;

/// <summary>The kind of a disk error, as far as it matters for the reaction to it.</summary>
internal enum StorageErrorKind
{
    /// <summary>No space left (ENOSPC).</summary>
    DiskFull,

    /// <summary>The user's disk quota is exceeded (EDQUOT).</summary>
    QuotaExceeded,

    /// <summary>Permission is denied (EACCES, EPERM).</summary>
    PermissionDenied,

    /// <summary>The file system is read-only (EROFS).</summary>
    ReadOnly,

    /// <summary>A file or folder does not exist, or a file ends too early (ENOENT, ENOTDIR).</summary>
    Missing,

    /// <summary>The device fails (EIO, ENXIO, ENODEV, ESTALE).</summary>
    IoError,

    /// <summary>Too many files are open (EMFILE, ENFILE).</summary>
    TooManyOpenFiles,

    /// <summary>The file system cannot hold a file so large (EFBIG).</summary>
    FileTooLarge,

    /// <summary>The path is a symbolic link, or leads out of the download folder.</summary>
    UnsafePath,

    /// <summary>A folder, a device or a pipe is at the path of a file (EISDIR).</summary>
    NotAFile,

    /// <summary>A file that we write was replaced by another.</summary>
    Replaced,

    /// <summary>The destination of a file exists already (EEXIST).</summary>
    NameTaken,

    /// <summary>Anything else.</summary>
    Other,
}
