namespace Freshet.FileSystem;

/// <summary>
/// Every call that the disk and the state folder make to the system's files goes through here, so that tests can count, cut and
/// fail each of them. Trouble is an IOException with the system's error number, or an <see cref="UnsafePathException"/>.
/// </summary>
/// <remarks>
/// No call follows a symbolic link in the last element of a name, nor one in the middle that leads out of the root: a file that is
/// swapped for a link is neither read nor written through. Every call may block for as long as the disk likes.
/// </remarks>
internal interface IFileSystem
{
    /// <summary>Opens a regular file; anything else at the path is an error.</summary>
    IFile Open(FilePath path, FileOpening how);

    /// <summary>What lies at a path; never an error if there is nothing.</summary>
    FileEntry Stat(FilePath path);

    /// <summary>Creates one folder, in a parent that exists.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="isPrivate">Whether it is for this user alone.</param>
    /// <returns>Whether it was created; false if it was there.</returns>
    bool CreateFolder(FilePath path, bool isPrivate = false);

    /// <summary>Creates a symbolic link.</summary>
    /// <param name="path">The link.</param>
    /// <param name="target">What it holds, as it is.</param>
    void CreateLink(FilePath path, string target);

    /// <summary>Gives a file another name, beneath the same root, in the place of what has it already.</summary>
    void Rename(FilePath from, FilePath to);

    /// <summary>
    /// Gives a file another name, beneath the same root or another. If something has it already, nothing changes, and it is an error for
    /// which <see cref="Errno.IsTaken"/> holds; if the other root is on another file system, it is <see cref="Errno.CrossDevice"/>.
    /// </summary>
    void Move(FilePath from, FilePath to);

    /// <summary>Deletes a file or a link, if there is one.</summary>
    void Delete(FilePath path);

    /// <summary>Deletes a folder if it is empty; false if it is not, or not there.</summary>
    bool TryDeleteFolder(FilePath path);

    /// <summary>The names of what lies in a folder, in no order; none if there is no folder.</summary>
    IReadOnlyList<string> List(FilePath folder);

    /// <summary>Makes a folder's entries durable, so that new, renamed and deleted files stay so after a power cut.</summary>
    void FlushFolder(FilePath folder);
}
