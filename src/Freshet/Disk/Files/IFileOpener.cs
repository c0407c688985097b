using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>Opens the files that <see cref="FileHandles"/> keeps open.</summary>
internal interface IFileOpener
{
    /// <summary>Whether the owner is done with its files, so that none is kept open for it any more.</summary>
    bool IsClosed { get; }

    /// <summary>Opens one of the owner's files, creating it if it will be written; throws as <see cref="IFileSystem.Open"/> does.</summary>
    IFile Open(int fileIndex, FileAccess access);

    /// <summary>
    /// A file is about to be closed to make room for others. What was written to it should be made durable: if the system fails to write it
    /// later, only those who have the file open get the error.
    /// </summary>
    void OnEvicted(int fileIndex, IFile file);
}
