using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Freshet.FileSystem;

/// <summary>
/// The Linux file system. The kernel resolves every name beneath its root (openat2) in the call that opens it, so that nobody can insert a
/// link between a check and a use.
/// </summary>
internal sealed class LinuxFileSystem : IFileSystem
{
    private const int PublicFile = 0x1B6; // 0666, less the umask
    private const int PublicFolder = 0x1FF; // 0777, less the umask
    private const int PrivateFile = 0x180; // 0600
    private const int PrivateFolder = 0x1C0; // 0700
    private const int MaxAttempts = 100;

    /// <summary>Whether the kernel and the C library have the calls, and no sandbox forbids them.</summary>
    public static bool IsSupported { get; } = FileStat.IsSupported && TryOpenBeneath();

    // Opening a pipe would wait for its writer, and a folder can be opened for reading: hence non-blocking, and then a check of the kind.
    public IFile Open(FilePath path, FileOpening how)
    {
        int locking = how switch
        {
            FileOpening.Lock or FileOpening.LockForAll => Native.LockExclusive,
            FileOpening.LockShared => Native.LockShared,
            _ => 0,
        };
        for (int attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            if (TryOpen(path, how, locking) is { } file)
                return file;
        }

        throw Errno.ToException(Errno.WouldBlock, path.Full);
    }

    public FileEntry Stat(FilePath path) => FileStat.Of(path.Full);

    public bool CreateFolder(FilePath path, bool isPrivate = false) => InParent(path, (folder, name) =>
    {
        if (Native.MakeFolder(folder, name, isPrivate ? PrivateFolder : PublicFolder) == 0)
            return true;
        int error = Marshal.GetLastPInvokeError();
        return error == Errno.Exists && Directory.Exists(path.Full) ? false : throw Errno.ToException(error, path.Full);
    });

    public void CreateLink(FilePath path, string target) =>
        InParent(path, (folder, name) => Native.MakeLink(target, folder, name) == 0 ? true : throw LastError(path.Full));

    public void Link(FilePath file, FilePath name) =>
        InParent(file, (fromFolder, fromName) => InParent(name, (toFolder, toName) =>
        {
            if (Native.LinkTo(fromFolder, fromName, toFolder, toName, 0) == 0)
                return true;
            int error = Marshal.GetLastPInvokeError();
            throw Errno.ToException(error, Errno.IsTaken(error) ? name.Full : file.Full);
        }));

    public void Rename(FilePath from, FilePath to) =>
        InParent(from, (fromFolder, fromName) => InParent(to, (toFolder, toName) =>
            Native.Rename(fromFolder, fromName, toFolder, toName) == 0 ? true : throw LastError(from.Full)));

    public void Move(FilePath from, FilePath to) =>
        InParent(from, (fromFolder, fromName) => InParent(to, (toFolder, toName) =>
        {
            if (Native.RenameToNew(fromFolder, fromName, toFolder, toName) == 0)
                return true;
            int error = Marshal.GetLastPInvokeError();
            if (error != Errno.InvalidArgument && error != Errno.NoSuchCall)
                throw Errno.ToException(error, Errno.IsTaken(error) ? to.Full : from.Full);

            // Some file systems cannot check and rename atomically.
            if (Stat(to).Exists)
                throw Errno.ToException(Errno.Exists, to.Full);
            return Native.Rename(fromFolder, fromName, toFolder, toName) == 0 ? true : throw LastError(from.Full);
        }));

    public void Delete(FilePath path) => Unlink(path, 0, Errno.NotFound);

    public bool TryDeleteFolder(FilePath path) => Unlink(path, Native.RemoveFolder, Errno.NotEmpty);

    public IReadOnlyList<string> List(FilePath folder)
    {
        try
        {
            return [.. new DirectoryInfo(folder.Full).EnumerateFileSystemInfos().Select(entry => entry.Name)];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    public void FlushFolder(FilePath folder)
    {
        using SafeFileHandle handle = new(OpenBeneath(folder, Native.OpenCloseOnExec | Native.OpenFolder, 0), ownsHandle: true);
        DiskFlush.Flush(handle, folder.Full);
    }

    /// <summary>Opens and locks a file; null if it was deleted before it was locked: others do not see that lock.</summary>
    private static SystemFile? TryOpen(FilePath path, FileOpening how, int locking)
    {
        string full = path.Full;
        SafeFileHandle handle = new(OpenToUse(path, how), ownsHandle: true);
        SystemFile? opened = null;
        try
        {
            FileEntry entry = FileStat.Of(handle, full);
            if (entry.Kind != FileKind.File)
                throw Errno.ToException(Errno.IsAFolder, full);
            if (locking != 0 && Native.Lock(handle, locking | Native.LockNonBlocking) != 0)
                throw Errno.OfLock(Marshal.GetLastPInvokeError(), full);
            if (locking == 0 || FileStat.Of(full).Id == entry.Id)
                opened = new SystemFile(handle, full, isLocked: locking != 0);
            return opened;
        }
        finally
        {
            if (opened is null)
                handle.Dispose();
        }
    }

    private static int OpenToUse(FilePath path, FileOpening how)
    {
        int reading = Native.OpenCloseOnExec | Native.OpenNonBlocking | Native.OpenNoFollow;
        int writing = reading | Native.OpenReadWrite;
        switch (how)
        {
            case FileOpening.Read:
                return OpenBeneath(path, reading, 0);
            case FileOpening.Write:
                return OpenBeneath(path, writing, 0);
            case FileOpening.Create:
                return OpenBeneath(path, writing | Native.OpenCreate, PublicFile);
            case FileOpening.LockForAll:
                try
                {
                    return OpenBeneath(path, writing | Native.OpenCreate, PublicFile);
                }
                catch (IOException e) when (e.HResult == Errno.AccessDenied && FileStat.Of(path.Full).Exists)
                {
                    return OpenBeneath(path, reading, 0);
                }

            default:
                return OpenBeneath(path, writing | Native.OpenCreate, PrivateFile);
        }
    }

    private static bool Unlink(FilePath path, int flags, int expected)
    {
        try
        {
            return InParent(path, (folder, name) =>
            {
                if (Native.Unlink(folder, name, flags) == 0)
                    return true;
                int error = Marshal.GetLastPInvokeError();
                return error == expected || error == Errno.NotFound ? false : throw Errno.ToException(error, path.Full);
            });
        }
        catch (IOException e) when (e.HResult is Errno.NotFound or Errno.NotAFolder)
        {
            return false;
        }
    }

    /// <summary>Performs an operation on the last element of a name in its folder, which is held open meanwhile.</summary>
    private static bool InParent(FilePath path, Func<int, string, bool> action)
    {
        int folder = OpenBeneath(path.Parent, Native.OpenCloseOnExec | Native.OpenPathOnly | Native.OpenFolder, 0);
        try
        {
            return action(folder, path.LastElement.ToString());
        }
        finally
        {
            _ = Native.Close(folder);
        }
    }

    private static int OpenBeneath(FilePath path, int flags, int mode)
    {
        // Directly in the root there is no folder in between that could be a link.
        if ((flags & Native.OpenNoFollow) != 0 && !path.Name.Contains('/') && path.Name is not (".." or "." or ""))
            return OpenInRoot(path.Full, flags, mode);
        int root = OpenRoot(path.Root);
        if (path.Name.Length == 0 && (flags & Native.OpenPathOnly) != 0)
            return root;
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                int handle = Native.OpenBeneath(root, path.Name.Length == 0 ? "." : path.Name, flags, mode);
                if (handle >= 0)
                    return handle;
                int error = Marshal.GetLastPInvokeError();
                if (error == Errno.CrossDevice || error == Errno.TooManyLinks)
                    throw UnsafePathException.At(path);

                // A folder in the path was renamed meanwhile, or another process holds a lease on the file, which it is asked to give up.
                bool isPassing = error == Errno.Interrupted || (error == Errno.WouldBlock && attempt < MaxAttempts);
                if (!isPassing)
                    throw Errno.ToException(error, path.Full);
            }
        }
        finally
        {
            _ = Native.Close(root);
        }
    }

    private static int OpenInRoot(string path, int flags, int mode)
    {
        while (true)
        {
            int handle = Native.OpenAt(Native.CurrentFolder, path, flags, mode);
            if (handle >= 0)
                return handle;
            int error = Marshal.GetLastPInvokeError();
            if (error == Errno.TooManyLinks)
                throw new UnsafePathException(path);
            if (error != Errno.Interrupted)
                throw Errno.ToException(error, path);
        }
    }

    private static int OpenRoot(string path)
    {
        while (true)
        {
            int root = Native.Open(path, Native.OpenPathOnly | Native.OpenFolder | Native.OpenCloseOnExec);
            if (root >= 0)
                return root;
            int error = Marshal.GetLastPInvokeError();
            if (error != Errno.Interrupted)
                throw Errno.ToException(error, path);
        }
    }

    private static IOException LastError(string path) => Errno.ToException(Marshal.GetLastPInvokeError(), path);

    private static bool TryOpenBeneath()
    {
        int root = Native.Open("/", Native.OpenPathOnly | Native.OpenFolder | Native.OpenCloseOnExec);
        if (root < 0)
            return false;
        int handle = Native.OpenBeneath(root, ".", Native.OpenPathOnly | Native.OpenFolder | Native.OpenCloseOnExec, 0);
        _ = Native.Close(root);
        return handle >= 0 && Native.Close(handle) == 0;
    }
}
