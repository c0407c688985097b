using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Disk;

/// <summary>A torrent's files and folders as entries of the file system: creates, opens and deletes them, never outside the download folder.</summary>
internal sealed class FileTree(FileStorageOptions options)
{
    // Others may read, move and delete the files meanwhile.
    private const FileShare Sharing = FileShare.ReadWrite | FileShare.Delete;

    private readonly SafeFolder _folder = new(options.Folder);
    private readonly ImmutableArray<TorrentFile> _files = options.Files;
    private readonly bool _allocates = options.Preallocation == Preallocation.Full;

    /// <summary>The download folder.</summary>
    public string Folder => _folder.Root;

    public string PathOf(TorrentFile file) => _folder.FullPathOf(file.Path);

    /// <summary>Creates what can be created before there is data: the file if it is empty or allocated, the link if it is one.</summary>
    public StorageError? Prepare(TorrentFile file, DirtyFiles dirty)
    {
        string path = PathOf(file);
        try
        {
            Directory.CreateDirectory(Folder);
            if (file.SymlinkTarget is { } target)
                Link(file, path, target, dirty);
            else if (!file.IsPadding && (file.Length == 0 || _allocates) && !IsWhole(file, path))
                OpenToWrite(file, dirty).Dispose();
            return null;
        }
        catch (UnsafePathException)
        {
            return StorageError.Unsafe(path);
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            return StorageError.From(e, "create", path);
        }
    }

    public SafeFileHandle OpenToRead(TorrentFile file) => File.OpenHandle(PathOf(file), FileMode.Open, FileAccess.Read, Sharing);

    /// <summary>Opens a file to read and write, creating it and its folders if need be.</summary>
    /// <param name="file">Which.</param>
    /// <param name="dirty">Told of folders that get entries.</param>
    /// <param name="mustExist">Whether it was there before, so that creating it anew would hide that it has gone.</param>
    public SafeFileHandle OpenToWrite(TorrentFile file, DirtyFiles dirty, bool mustExist = false)
    {
        string path = PathOf(file);
        if (!_folder.Contains(file.Path))
            throw new UnsafePathException(path);
        bool isNew = !mustExist && !File.Exists(path);
        if (isNew)
            CreateFolderOf(path, dirty);
        SafeFileHandle handle = File.OpenHandle(path, mustExist ? FileMode.Open : FileMode.OpenOrCreate, FileAccess.ReadWrite, Sharing);
        try
        {
            if (isNew)
                SetTraits(file, handle);
            if (_allocates)
                Allocate(handle, file.Length);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Throws if the folder that all of the torrent's files lie in has gone, and with it the files that were there.</summary>
    /// <exception cref="DirectoryNotFoundException">It has.</exception>
    public void RequireTop(TorrentFile file)
    {
        int end = file.Path.IndexOf('/', StringComparison.Ordinal);
        string top = end < 0 ? Folder : _folder.FullPathOf(file.Path[..end]);
        if (!Directory.Exists(top))
            throw new DirectoryNotFoundException($"{top} is not there any more.");
    }

    /// <summary>Deletes the files and links, then the folders that are empty.</summary>
    public StorageError? Delete()
    {
        HashSet<string> folders = [];
        StorageError? first = null;
        foreach (TorrentFile file in _files)
        {
            if (!file.IsPadding)
                first ??= DeleteOne(file, folders);
        }

        // The deepest first.
        foreach (string folder in folders.OrderByDescending(folder => folder.Length))
            DeleteIfEmpty(folder);
        return first;
    }

    // A torrent that is only seeded may lie where nothing can be written.
    private static bool IsWhole(TorrentFile file, string path) => new FileInfo(path) is { Exists: true } info && info.Length >= file.Length;

    private StorageError? DeleteOne(TorrentFile file, HashSet<string> folders)
    {
        string path = PathOf(file);
        string parent = Path.GetDirectoryName(file.Path.Replace('/', Path.DirectorySeparatorChar)) ?? "";
        try
        {
            // A link is deleted itself; but none is followed out of the folder to what lies there.
            bool isInside = parent.Length == 0 || _folder.Contains(parent);
            bool isLink = new FileInfo(path).LinkTarget is not null;
            if (isInside && isLink == file.SymlinkTarget is not null)
                File.Delete(path);
            for (string? folder = parent; isInside && !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
                folders.Add(Path.Combine(Folder, folder));
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            return StorageError.From(e, "delete", path);
        }
    }

    private static void DeleteIfEmpty(string folder)
    {
        try
        {
            if (new DirectoryInfo(folder) is { Exists: true, LinkTarget: null })
                Directory.Delete(folder);
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            // Something else lies in it: it stays.
        }
    }

    private void Link(TorrentFile file, string path, string target, DirtyFiles dirty)
    {
        string parent = Path.GetDirectoryName(path)!;
        if (!_folder.Contains(file.Path) || !_folder.Contains(target))
            throw new UnsafePathException(path);
        if (File.Exists(path) || Directory.Exists(path) || new FileInfo(path).LinkTarget is not null)
            return;
        CreateFolderOf(path, dirty);
        File.CreateSymbolicLink(path, Path.GetRelativePath(parent, _folder.FullPathOf(target)));
    }

    // Every folder that gets an entry is to be flushed.
    private void CreateFolderOf(string path, DirtyFiles dirty)
    {
        string folder = Path.GetDirectoryName(path)!;
        dirty.AddFolder(folder);
        for (string next = folder; next.Length > Folder.Length && !Directory.Exists(next);)
        {
            next = Path.GetDirectoryName(next)!;
            dirty.AddFolder(next);
        }

        Directory.CreateDirectory(folder);
    }

    private static void SetTraits(TorrentFile file, SafeFileHandle handle)
    {
        if ((file.Traits & FileTraits.Executable) == 0 || OperatingSystem.IsWindows())
            return;

        // Whoever may read it may run it.
        UnixFileMode mode = File.GetUnixFileMode(handle);
        const UnixFileMode read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        File.SetUnixFileMode(handle, mode | (UnixFileMode)((int)(mode & read) >> 2));
    }

    private static void Allocate(SafeFileHandle handle, long length)
    {
        if (RandomAccess.GetLength(handle) >= length)
            return;
        int error = Errno.InvalidArgument;
        while (Native.HasFileAdvice && (error = Native.FAllocate(handle, 0, length)) == Errno.Interrupted)
        {
            // Again: a signal came in between.
        }

        if (error is 0)
            return;

        // Not every file system can; then the length alone is set, which most refuse if there is not the space.
        if (error is not Errno.InvalidArgument && error != Errno.NotSupported)
            throw Errno.ToException(error);
        RandomAccess.SetLength(handle, length);
    }
}
