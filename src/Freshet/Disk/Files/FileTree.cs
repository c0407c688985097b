using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>
/// A torrent's files and folders as entries of the file system: creates, opens and deletes them, never outside the download folder.
/// </summary>
internal sealed class FileTree(FileStorageOptions options)
{
    private readonly IFileSystem _system = options.System;
    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Folder));
    private readonly ImmutableArray<TorrentFile> _files = options.Files;
    private readonly bool _allocates = options.Preallocation == Preallocation.Full;

    /// <summary>Where a file is stored; the only place that says so.</summary>
    public FilePath PathOf(TorrentFile file) => new(_root, file.Path);

    /// <summary>What lies in the place of a file.</summary>
    public FileEntry Stat(TorrentFile file) => _system.Stat(PathOf(file));

    /// <summary>Creates what can be created before there is data: the file if it is empty or allocated, the link if it is one.</summary>
    public StorageError? Prepare(TorrentFile file, DirtyFiles dirty)
    {
        FilePath path = PathOf(file);
        try
        {
            RootFolder.Create(_system, _root);
            if (file.SymlinkTarget is { } target)
                Link(path, target, dirty);
            else if (!file.IsPadding && (file.Length == 0 || _allocates) && !IsWhole(file))
                OpenToWrite(file, dirty).Dispose();
            return null;
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            return StorageError.From(e, "create", path.Full);
        }
    }

    public IFile OpenToRead(TorrentFile file) => _system.Open(PathOf(file), FileOpening.Read);

    /// <summary>Opens a file to read and write, creating it and its folders if need be.</summary>
    /// <param name="file">Which.</param>
    /// <param name="dirty">Notes the file if it is new, and the folders that get entries.</param>
    /// <param name="mustExist">Whether it was there before, so that creating it anew would hide that it has gone.</param>
    /// <param name="allocate">Whether its space is to be taken, if that is done at all; not that of a file that nobody wants.</param>
    public IFile OpenToWrite(TorrentFile file, DirtyFiles dirty, bool mustExist = false, bool allocate = true)
    {
        FilePath path = PathOf(file);
        bool isNew = !mustExist && !_system.Stat(path).Exists;
        if (isNew)
            CreateFolderOf(path, dirty);
        IFile opened = _system.Open(path, mustExist ? FileOpening.Write : FileOpening.Create);
        try
        {
            // Though nothing may ever be written to it: an empty file is to be there at the next start, and to be known as ours.
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

    /// <summary>Throws if the folder that all of the torrent's files lie in has gone, and with it the files that were there.</summary>
    /// <exception cref="IOException">It has.</exception>
    public void RequireTop(TorrentFile file)
    {
        int end = file.Path.IndexOf('/', StringComparison.Ordinal);
        FilePath top = new(_root, end < 0 ? "" : file.Path[..end]);
        if (!_system.Stat(top).Exists)
            throw Errno.ToException(Errno.NotFound, top.Full);
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
    public StorageError? Delete()
    {
        HashSet<FilePath> folders = [];
        StorageError? first = null;
        foreach (TorrentFile file in _files)
        {
            if (!file.IsPadding)
                first ??= DeleteOne(file, folders);
        }

        // The deepest first.
        foreach (FilePath folder in folders.OrderByDescending(folder => folder.Name.Length))
            DeleteIfEmpty(folder);
        return first;
    }

    // A torrent that is only seeded may lie where nothing can be written.
    private bool IsWhole(TorrentFile file) => Stat(file) is { IsFile: true } entry && entry.Length >= file.Length;

    private StorageError? DeleteOne(TorrentFile file, HashSet<FilePath> folders)
    {
        FilePath path = PathOf(file);
        try
        {
            // A link is deleted itself, and only if it is the torrent's own.
            FileKind own = file.SymlinkTarget is null ? FileKind.File : FileKind.Link;
            if (_system.Stat(path).Kind == own)
                _system.Delete(path);
            for (FilePath folder = path.Parent; folder.Name.Length > 0; folder = folder.Parent)
                folders.Add(folder);
            return null;
        }
        catch (UnsafePathException)
        {
            // What lies behind a link that leads out of the folder is not the torrent's.
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
            // It is a link, or may not be deleted: it stays.
        }
    }

    private void Link(FilePath path, string target, DirtyFiles dirty)
    {
        if (_system.Stat(path).Exists)
            return;
        CreateFolderOf(path, dirty);
        _system.CreateLink(path, Path.GetRelativePath(path.Parent.Full, new FilePath(_root, target).Full));
    }

    // Every folder that gets an entry is to be flushed.
    private void CreateFolderOf(FilePath path, DirtyFiles dirty)
    {
        RootFolder.Create(_system, _root);
        FilePath folder = path.Parent;
        dirty.AddFolder(folder);
        for (int end = 0; end < folder.Name.Length; end++)
        {
            end = folder.Name.IndexOf('/', end);
            end = end < 0 ? folder.Name.Length : end;
            FilePath next = folder with { Name = folder.Name[..end] };
            if (_system.CreateFolder(next))
                dirty.AddFolder(next.Parent);
        }
    }
}
