using Microsoft.Win32.SafeHandles;

namespace Freshet.Disk;

/// <summary>What opens the files that <see cref="FileHandles"/> keeps open.</summary>
internal interface IFileOpener
{
    /// <summary>Opens one of the owner's files, creating it where it is to be written; throws as the framework does.</summary>
    SafeFileHandle Open(int fileIndex, FileAccess access);
}
