namespace Freshet.FileSystem;

/// <summary>How a file is opened.</summary>
internal enum FileOpening
{
    /// <summary>To read; it must exist.</summary>
    Read,

    /// <summary>To read and write; it must exist.</summary>
    Write,

    /// <summary>To read and write; created, with the rights that the user's umask leaves, if it does not exist.</summary>
    Create,

    /// <summary>To read and write; created, for this user alone, if it does not exist.</summary>
    CreatePrivate,

    /// <summary>
    /// As <see cref="CreatePrivate"/>, and locked until it is closed. If another process has locked it, the error satisfies
    /// <see cref="Errno.IsLocked"/>.
    /// </summary>
    Lock,

    /// <summary>As <see cref="Lock"/>, but others may hold such a lock too.</summary>
    LockShared,

    /// <summary>
    /// As <see cref="Lock"/>, but other users can lock it as well: it is created with the rights that the user's umask leaves, and a file
    /// that may only be read is locked all the same.
    /// </summary>
    LockForAll,
}
