namespace Freshet.FileSystem;

/// <summary>
/// All file system calls of the disk code and the state folder go through this interface, so that tests can count them, cut them off and
/// make them fail. Errors are an IOException with the system's error number, or an <see cref="UnsafePathException"/>.
/// </summary>
/// <remarks>
/// No call follows a symbolic link in the last element of a name, or one in the middle that leads out of the root: a file swapped for a
/// link is neither read nor written through it. Every call may block for as long as the disk does.
/// </remarks>
internal interface IFileSystem
{
    /// <summary>Opens a regular file; anything else at the path is an error.</summary>
    IFile Open(FilePath path, FileOpening how);

    /// <summary>The entry at a path; a missing entry is not an error.</summary>
    FileEntry Stat(FilePath path);

    /// <summary>Creates one folder, in a parent that exists.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="isPrivate">Whether it is for this user alone.</param>
    /// <returns>Whether it was created; false if it existed.</returns>
    bool CreateFolder(FilePath path, bool isPrivate = false);

    /// <summary>Creates a symbolic link.</summary>
    /// <param name="path">The link.</param>
    /// <param name="target">What it holds, as it is.</param>
    void CreateLink(FilePath path, string target);

    /// <summary>
    /// Gives a file a second name, beneath the same root or another; an error where it cannot have one. If the name is taken, the error
    /// satisfies <see cref="Errno.IsTaken"/>; if the other root is on another file system, it is <see cref="Errno.CrossDevice"/>.
    /// </summary>
    void Link(FilePath file, FilePath name);

    /// <summary>Renames a file beneath the same root, replacing whatever has the new name.</summary>
    void Rename(FilePath from, FilePath to);

    /// <summary>
    /// Renames a file, beneath the same root or another. If the new name is taken, nothing changes, and the error satisfies
    /// <see cref="Errno.IsTaken"/>; if the other root is on another file system, it is <see cref="Errno.CrossDevice"/>.
    /// </summary>
    void Move(FilePath from, FilePath to);

    /// <summary>Deletes a file or a link, if there is one.</summary>
    void Delete(FilePath path);

    /// <summary>Deletes a folder if it is empty; false if it is not empty or does not exist.</summary>
    bool TryDeleteFolder(FilePath path);

    /// <summary>The names of the entries of a folder, in no particular order; none if there is no folder.</summary>
    IReadOnlyList<string> List(FilePath folder);

    /// <summary>Makes a folder's entries durable, so that creations, renames and deletions survive a power cut.</summary>
    void FlushFolder(FilePath folder);
}
