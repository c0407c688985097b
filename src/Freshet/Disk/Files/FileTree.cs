using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>A torrent's files and folders in the file system: creates, opens and deletes them, never outside the download folder.</summary>
internal sealed class FileTree(FileStorageOptions options)
{
    private readonly IFileSystem _system = options.System;
    private readonly ImmutableArray<TorrentFile> _files = options.Files;
    private readonly bool _allocates = options.Preallocation == Preallocation.Full;

    /// <summary>Where each file is stored.</summary>
    public FileNames Names { get; } = new(options);

    /// <summary>The part file, treated as if it were a file of the torrent after the last one.</summary>
    public TorrentFile PartFile => field ??= new TorrentFile { Index = _files.Length, Path = options.PartFileName, Length = 0, Offset = 0 };

    /// <summary>Whether the part file exists.</summary>
    public bool HasPartFile => Stat(PartFile).IsFile;

    /// <summary>A file of the torrent, or the part file.</summary>
    public TorrentFile FileAt(int index) => index == _files.Length ? PartFile : _files[index];

    /// <summary>The entry at the path of a file.</summary>
    public FileEntry Stat(TorrentFile file) => Names.Hold(() => _system.Stat(Names.PathOf(file)));

    /// <summary>Whether the download folder exists.</summary>
    public bool HasRoot => _system.Stat(new FilePath(Names.Root, "")).Exists;

    /// <summary>
    /// Any obstacle at the path of a file or of one of its folders: something of another kind, or a link that is not followed. Such an
    /// obstacle does not go away by itself.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="entry">The entry found at its path, following any links.</param>
    /// <param name="clear">Folders that are known to be folders; more are added.</param>
    public StorageError? FindObstacle(TorrentFile file, FileEntry entry, HashSet<FilePath> clear)
    {
        FilePath path = Names.PathOf(file);
        FilePath root = path with { Name = "" };
        if (!entry.Exists && clear.Add(root) && _system.Stat(root).Kind is (FileKind.File or FileKind.Other) and FileKind there)
            return StorageError.InTheWay(root.Full, there, "folder");
        for (int end = path.Name.IndexOf('/', StringComparison.Ordinal); end >= 0; end = path.Name.IndexOf('/', end + 1))
        {
            FilePath folder = path with { Name = path.Name[..end] };
            if (clear.Contains(folder))
                continue;
            FileKind found = _system.Stat(folder).Kind;
            if (found == FileKind.None)
                return null;
            if (found == FileKind.Link && !new SafeFolder(Names.Root).Contains(folder.Name))
                return StorageError.Unsafe(folder.Full);
            if (found is not (FileKind.Folder or FileKind.Link))
                return StorageError.InTheWay(folder.Full, found, "folder");
            clear.Add(folder);
        }

        return entry.Kind switch
        {
            FileKind.None or FileKind.File => null,
            FileKind.Link => StorageError.Unsafe(path.Full),
            FileKind found => StorageError.InTheWay(path.Full, found, "file"),
        };
    }

    /// <summary>Creates what can be created before there is data: an empty or preallocated file, or a link.</summary>
    public StorageError? Prepare(TorrentFile file, DirtyFiles dirty)
    {
        try
        {
            RootFolder.Create(_system, Names.Root);
            if (file.SymlinkTarget is not null)
                Link(file, dirty);
            else if (!file.IsPadding && (file.Length == 0 || _allocates) && !IsWhole(file))
                OpenToWrite(file, dirty).Dispose();
            return null;
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            return StorageError.From(e, "create", Names.PathOf(file).Full);
        }
    }

    public IFile OpenToRead(TorrentFile file) => Names.Hold(() => _system.Open(Names.PathOf(file), FileOpening.Read));

    /// <summary>Opens a file for reading and writing, creating it and its folders if needed.</summary>
    /// <param name="file">The file.</param>
    /// <param name="dirty">Records the file if it is new, and the folders that get entries.</param>
    /// <param name="mustExist">Whether it existed before, so that creating it again would hide that it has disappeared.</param>
    /// <param name="allocate">Whether to allocate its space, if that is done at all; false for a file that is not wanted.</param>
    public IFile OpenToWrite(TorrentFile file, DirtyFiles dirty, bool mustExist = false, bool allocate = true)
    {
        bool isNew = false;
        IFile opened = Names.Hold(() =>
        {
            FilePath path = Names.PathOf(file);
            isNew = !mustExist && !_system.Stat(path).Exists;
            if (isNew)
                RootFolder.CreateParents(_system, path, dirty.AddFolder);
            try
            {
                return _system.Open(path, mustExist ? FileOpening.Write : FileOpening.Create);
            }
            finally
            {
                if (isNew)
                    dirty.AddFolder(path.Parent);
            }
        });
        try
        {
            // Even if nothing is ever written to it: an empty file must exist at the next start and be known as ours.
            if (isNew)
                dirty.AddFile(file.Index);
            if (isNew && (file.Traits & FileTraits.Executable) != 0)
                opened.MakeExecutable();
            if (_allocates && allocate)
                opened.Allocate(file.Length);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>The first folder below the download folder on the way to a file; empty if there is none between.</summary>
    public ReadOnlySpan<char> TopOf(TorrentFile file)
    {
        string path = Names.Map[file].Path;
        return path.AsSpan(0, Math.Max(0, path.IndexOf('/', StringComparison.Ordinal)));
    }

    /// <summary>Throws if the folder of files has disappeared, and the files with it.</summary>
    /// <param name="top">Its name below the download folder; empty for that folder itself.</param>
    /// <exception cref="IOException">The folder has disappeared.</exception>
    public void RequireTop(string top)
    {
        FilePath folder = new(Names.Root, top);
        if (!_system.Stat(folder).Exists)
            throw Errno.ToException(Errno.NotFound, folder.Full);
    }

    /// <summary>Updates the torrent's links to a file that was renamed.</summary>
    public StorageError? LinkAgain(TorrentFile target, DirtyFiles dirty)
    {
        foreach (TorrentFile link in _files.Where(file => file.SymlinkTarget == target.Path))
        {
            FilePath path = Names.PathOf(link);
            try
            {
                if (_system.Stat(path).Kind != FileKind.Link)
                    continue;
                _system.Delete(path);
                Link(link, dirty);
            }
            catch (Exception e) when (StorageError.IsStorageException(e))
            {
                return StorageError.From(e, "change", path.Full);
            }
        }

        return null;
    }

    /// <summary>The folders whose entries lead to a file, from its own to the one that holds the download folder.</summary>
    public IEnumerable<FilePath> FoldersOf(TorrentFile file)
    {
        FilePath folder = Names.PathOf(file).Parent;
        for (; folder.Name.Length > 0; folder = folder.Parent)
            yield return folder;
        yield return folder;
        if (Path.GetDirectoryName(folder.Root) is { } parent)
            yield return new FilePath(parent, "");
    }

    /// <summary>Makes a folder's entries durable.</summary>
    public StorageError? FlushFolder(FilePath folder)
    {
        try
        {
            _system.FlushFolder(folder);
            return null;
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            return StorageError.From(e, "flush", folder.Full);
        }
    }

    /// <summary>Deletes the files and links, then the folders that are empty.</summary>
    public StorageError? Delete(IReadOnlySet<int>? kept = null, Func<bool>? mayGoOn = null)
    {
        HashSet<FilePath> folders = [];
        StorageError? first = null;
        foreach (TorrentFile file in _files)
        {
            if (mayGoOn is not null && !mayGoOn())
                return first;
            if (!file.IsPadding && kept?.Contains(file.Index) != true && DeleteOne(file, folders) is { } error)
                first ??= error;
        }

        if ((mayGoOn is null || mayGoOn()) && DeleteOne(PartFile, folders) is { } left)
            first ??= left;

        // Deepest first.
        foreach (FilePath folder in folders.OrderByDescending(folder => folder.Name.Length))
            DeleteIfEmpty(folder);
        return first;
    }

    /// <summary>Deletes the part file.</summary>
    public StorageError? DeletePartFile() => DeleteOne(PartFile, []);

    // A torrent that is only seeded may be in a place that is not writable.
    private bool IsWhole(TorrentFile file) => Stat(file) is { IsFile: true } entry && entry.Length >= file.Length;

    private StorageError? DeleteOne(TorrentFile file, HashSet<FilePath> folders)
    {
        FilePath path = Names.PathOf(file);
        try
        {
            // A link is deleted itself, and only if the torrent has created it.
            FileKind own = file.SymlinkTarget is null ? FileKind.File : FileKind.Link;
            if (_system.Stat(path).Kind == own)
                _system.Delete(path);
            AddFoldersOf(path, folders);

            // If the file was renamed, its original folder may be left empty.
            AddFoldersOf(new FilePath(Names.Root, file.Path), folders);
            return null;
        }
        catch (UnsafePathException)
        {
            // What lies behind a link out of the folder is not the torrent's.
            return null;
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            return StorageError.From(e, "delete", path.Full);
        }
    }

    private void DeleteIfEmpty(FilePath folder)
    {
        try
        {
            _system.TryDeleteFolder(folder);
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            // It is a link, or may not be deleted: it is kept.
        }
    }

    private static void AddFoldersOf(FilePath path, HashSet<FilePath> folders)
    {
        for (FilePath folder = path.Parent; folder.Name.Length > 0 && folders.Add(folder);)
            folder = folder.Parent;
    }

    private void Link(TorrentFile link, DirtyFiles dirty)
    {
        FilePath path = Names.PathOf(link);
        if (_system.Stat(path).Exists)
            return;
        RootFolder.CreateParents(_system, path, dirty.AddFolder);
        try
        {
            _system.CreateLink(path, Path.GetRelativePath(path.Parent.Full, Names.TargetOf(link).Full));
        }
        finally
        {
            dirty.AddFolder(path.Parent);
        }
    }
}
