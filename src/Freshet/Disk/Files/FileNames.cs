using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Disk.Moving;
using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>Where each file of a torrent is stored. During a rename, lookups wait, and then find the new name.</summary>
// The lock allocates a handle only when someone waits, and may still be in use when the torrent is released, so it is not disposed.
#pragma warning disable CA1001
internal sealed class FileNames(FileStorageOptions options)
#pragma warning restore CA1001
{
    private readonly IFileSystem _system = options.System;
    private readonly ImmutableArray<TorrentFile> _files = options.Files;
    private readonly ReaderWriterLockSlim _lock = new();
    private volatile FileMap _map = options.Map;

    /// <summary>The absolute download folder.</summary>
    public string Root { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Folder));

    /// <summary>Where each file is stored below the download folder.</summary>
    public FileMap Map => _map;

    /// <summary>Where a file is stored; the only place that decides it.</summary>
    public FilePath PathOf(TorrentFile file) => new(Root, _map[file].Path);

    /// <summary>The target of a link of the torrent, which may have been renamed.</summary>
    public FilePath TargetOf(TorrentFile link)
    {
        foreach (int index in _map.Files)
        {
            if (_files[index].Path == link.SymlinkTarget)
                return PathOf(_files[index]);
        }

        return new FilePath(Root, link.SymlinkTarget!);
    }

    /// <summary>Everything stored under its own name, as a list of files to move.</summary>
    public IReadOnlyList<MovedFile> List()
    {
        List<MovedFile> files = [];
        foreach (TorrentFile file in _files)
        {
            if (file.IsPadding)
                continue;
            FilePath path = PathOf(file);
            files.Add(new MovedFile(file.Index, path.Name)
            {
                IsExecutable = (file.Traits & FileTraits.Executable) != 0,
                Link = file.SymlinkTarget is null ? null : Path.GetRelativePath(path.Parent.Full, TargetOf(file).Full),
            });
        }

        if (_map.HasPartFile)
            files.Add(new MovedFile(_files.Length, options.PartFileName));
        return files;
    }

    /// <summary>The bytes that a file shares with others are stored in another place from now on.</summary>
    public void Place(TorrentFile file, FileHome home) => _map = _map.Place(file, home);

    /// <summary>Makes system calls during which no file is renamed.</summary>
    public T Hold<T>(Func<T> calls)
    {
        _lock.EnterReadLock();
        try
        {
            return calls();
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    /// <summary>
    /// Renames a file. One that does not exist yet will be created under the new name. An existing file at the new name is kept, and is an
    /// error.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its new path below the download folder.</param>
    /// <param name="mustExist">Whether the file existed, so that it is an error if it does not.</param>
    public StorageError? Rename(TorrentFile file, string path, bool mustExist)
    {
        FilePath from = PathOf(file);
        FilePath to = new(Root, path);
        _lock.EnterWriteLock();
        try
        {
            if (FindObstacle(from, to, mustExist) is { } obstacle)
                return obstacle;
            CreateDurableParents(to);
            if (_system.Stat(to).Exists)
                _system.Rename(from, to);
            else if (_system.Stat(from).Exists)
                _system.Move(from, to);
            _map = _map.WithPath(file, path);
            return null;
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            return Errno.IsTaken(e.HResult) ? StorageError.Taken(to.Full) : StorageError.From(e, "rename", from.Full);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
    }

    /// <summary>Why <see cref="Rename"/> would fail; null if it would not.</summary>
    public StorageError? FindObstacle(TorrentFile file, string path, bool mustExist)
    {
        FilePath from = PathOf(file);
        try
        {
            return FindObstacle(from, new FilePath(Root, path), mustExist);
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            return StorageError.From(e, "rename", from.Full);
        }
    }

    /// <summary>Finds out, after a crash, which of two names a file has: the new one, if it exists only under that.</summary>
    /// <exception cref="IOException">The disk fails.</exception>
    public void FindRenamed(TorrentFile file, string path)
    {
        if (!_system.Stat(PathOf(file)).IsFile && _system.Stat(new FilePath(Root, path)).IsFile)
            _map = _map.WithPath(file, path);
    }

    /// <summary>Makes a rename durable.</summary>
    public StorageError? FlushRenamed(string from, string to)
    {
        FilePath[] folders = [new FilePath(Root, to).Parent, new FilePath(Root, from).Parent];
        foreach (FilePath folder in folders)
        {
            try
            {
                // It does not exist before anything was stored.
                if (_system.Stat(folder).Exists)
                    _system.FlushFolder(folder);
            }
            catch (Exception e) when (StorageError.IsStorageException(e))
            {
                return StorageError.From(e, "flush", folder.Full);
            }
        }

        return null;
    }

    // A name in a folder that a power cut removes would be lost with the folder.
    private void CreateDurableParents(FilePath path)
    {
        List<FilePath> changed = [];
        RootFolder.CreateParents(_system, path, changed.Add);
        foreach (FilePath folder in changed)
            _system.FlushFolder(folder);
    }

    private StorageError? FindObstacle(FilePath from, FilePath to, bool mustExist)
    {
        FileEntry entry = _system.Stat(from);
        FileEntry taken = _system.Stat(to);

        // On a case-insensitive file system it may be the file itself.
        bool isItself = entry.IsFile && entry.Id is not null && entry.Id == taken.Id;
        if (taken.Exists && !isItself)
            return StorageError.Taken(to.Full);
        return !entry.IsFile && (mustExist || entry.Exists) ? StorageError.Missing(from.Full) : null;
    }
}
