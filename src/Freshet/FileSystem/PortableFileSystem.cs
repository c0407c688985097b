using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Freshet.FileSystem;

/// <summary>
/// The file system of any platform, through the framework's calls. A path is checked before it is used; in between, someone who may write
/// to the folder could insert a link, which only <see cref="LinuxFileSystem"/> prevents.
/// </summary>
internal sealed class PortableFileSystem : IFileSystem
{
    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateFolder = PrivateFile | UnixFileMode.UserExecute;

    // Others may read, move and delete the files meanwhile.
    private const FileShare Sharing = FileShare.ReadWrite | FileShare.Delete;

    // Elsewhere than on Windows locks are advisory, and "none" is the only exclusive one.
    private static FileShare Exclusive => OperatingSystem.IsWindows() ? FileShare.Read | FileShare.Delete : FileShare.None;

    public IFile Open(FilePath path, FileOpening how)
    {
        string full = Resolve(path);
        bool isPrivate = how is FileOpening.CreatePrivate or FileOpening.Lock or FileOpening.LockShared;
        FileMode mode = how is FileOpening.Read or FileOpening.Write ? FileMode.Open : FileMode.OpenOrCreate;
        bool isNew = isPrivate && !File.Exists(full);
        SafeFileHandle handle = how == FileOpening.LockForAll
            ? OpenForAll(full)
            : File.OpenHandle(
                full,
                mode,
                how == FileOpening.Read ? FileAccess.Read : FileAccess.ReadWrite,
                how == FileOpening.Lock ? Exclusive : Sharing);
        try
        {
            // The framework passes over every error of a lock except that another process holds it.
            if (how == FileOpening.LockForAll && !OperatingSystem.IsWindows()
                && Native.Lock(handle, Native.LockExclusive | Native.LockNonBlocking) != 0)
                throw Errno.OfLock(Marshal.GetLastPInvokeError(), full);
            if (isNew && !OperatingSystem.IsWindows())
                File.SetUnixFileMode(handle, PrivateFile);
            return new SystemFile(handle, full);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public FileEntry Stat(FilePath path)
    {
        FileInfo info = new(path.Full);
        if (info.LinkTarget is not null)
            return new FileEntry(FileKind.Link, 0, info.LastWriteTimeUtc);
        if (info.Exists)
            return new FileEntry(FileKind.File, info.Length, info.LastWriteTimeUtc);
        return Directory.Exists(path.Full) ? new FileEntry(FileKind.Folder, 0, info.LastWriteTimeUtc) : default;
    }

    public bool CreateFolder(FilePath path, bool isPrivate = false)
    {
        string full = Resolve(path);
        if (Directory.Exists(full))
            return false;
        if (isPrivate && !OperatingSystem.IsWindows())
            Directory.CreateDirectory(full, PrivateFolder);
        else
            Directory.CreateDirectory(full);
        return true;
    }

    public void CreateLink(FilePath path, string target) => File.CreateSymbolicLink(Resolve(path), target);

    // The framework has no call for it.
    public void Link(FilePath file, FilePath name) => throw Errno.ToException(Errno.NotSupported, name.Full);

    public void Rename(FilePath from, FilePath to) => File.Move(InResolvedParent(from), InResolvedParent(to), overwrite: true);

    public void Move(FilePath from, FilePath to)
    {
        string target = InResolvedParent(to);
        if (Stat(to).Exists)
            throw Errno.ToException(Errno.Exists, target);

        // The framework would silently copy the file instead.
        if (!string.Equals(Path.GetPathRoot(from.Full), Path.GetPathRoot(target), StringComparison.OrdinalIgnoreCase))
            throw Errno.ToException(Errno.CrossDevice, from.Full);
        File.Move(InResolvedParent(from), target, overwrite: false);
    }

    public void Delete(FilePath path)
    {
        try
        {
            File.Delete(InResolvedParent(path));
        }
        catch (DirectoryNotFoundException)
        {
            // Then it does not exist either.
        }
    }

    public bool TryDeleteFolder(FilePath path)
    {
        string full = InResolvedParent(path);
        if (new DirectoryInfo(full) is not { Exists: true, LinkTarget: null } || Directory.EnumerateFileSystemEntries(full).Any())
            return false;
        Directory.Delete(full);
        return true;
    }

    public IReadOnlyList<string> List(FilePath folder)
    {
        DirectoryInfo info = new(folder.Full);
        return info.Exists ? [.. info.EnumerateFileSystemInfos().Select(entry => entry.Name)] : [];
    }

    public void FlushFolder(FilePath folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        int opened = Native.Open(folder.Full, 0);
        if (opened < 0)
            throw Errno.ToException(Marshal.GetLastPInvokeError(), folder.Full);
        using SafeFileHandle handle = new(opened, ownsHandle: true);
        if (DiskFlush.TryFlush(handle) is not 0 and int error)
            throw Errno.ToException(error, folder.Full);
    }

    // A file of another user may often only be read, and can be locked all the same.
    private static SafeFileHandle OpenForAll(string full)
    {
        try
        {
            return File.OpenHandle(full, FileMode.OpenOrCreate, FileAccess.ReadWrite, Exclusive);
        }
        catch (UnauthorizedAccessException) when (File.Exists(full))
        {
            FileShare alone = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;
            return File.OpenHandle(full, FileMode.Open, FileAccess.Read, alone);
        }
    }

    private static string Resolve(FilePath path)
    {
        string full = path.Full;
        if (new FileInfo(full).LinkTarget is not null || !new SafeFolder(path.Root).Contains(path.Name))
            throw UnsafePathException.At(path);
        return full;
    }

    // A link is renamed or deleted itself; but none is followed out of the root to what lies there.
    private static string InResolvedParent(FilePath path)
    {
        FilePath parent = path.Parent;
        if (parent.Name.Length > 0 && !new SafeFolder(parent.Root).Contains(parent.Name))
            throw UnsafePathException.At(path);
        return path.Full;
    }
}
