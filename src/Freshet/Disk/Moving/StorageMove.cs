using Freshet.FileSystem;

namespace Freshet.Disk.Moving;

/// <summary>
/// Moves files from one folder to another, step by step, by renaming them or, to another file system, by copying. At every moment each file
/// is complete in one of the two folders, under its name; a copy has a temporary name until it was flushed and compared with its source.
/// Nothing is overwritten, and no source is deleted before <see cref="DeleteSources"/>, which requires the copy to exist.
/// </summary>
/// <param name="system">The file system.</param>
/// <param name="from">The source folder, absolute.</param>
/// <param name="to">The destination folder, absolute.</param>
/// <param name="key">Makes the temporary names of copies unique to the torrent.</param>
/// <param name="files">The files.</param>
internal sealed class StorageMove(IFileSystem system, string from, string to, string key, IReadOnlyList<MovedFile> files)
{
    private readonly FileCopy _copy = new(system);
    private readonly HashSet<int> _copied = [];
    private readonly HashSet<FilePath> _changed = [];

    /// <summary>Bytes of the files still to move, as if all were copied.</summary>
    public long CountBytes() => files.Sum(file => system.Stat(At(from, file)) is { IsFile: true } entry ? entry.Length : 0);

    /// <summary>The first existing destination; null if there is none.</summary>
    public StorageError? FindConflict()
    {
        foreach (MovedFile file in files)
        {
            if (system.Stat(At(from, file)).Exists && system.Stat(At(to, file)).Exists)
                return StorageError.Taken(At(to, file).Full);
        }

        return null;
    }

    /// <summary>
    /// Moves every file to its destination, durably; the progress of an earlier attempt is kept. Yields the bytes moved by each step.
    /// </summary>
    /// <exception cref="IOException">A disk fails, or a different file exists at a destination.</exception>
    public IEnumerable<long> Forward()
    {
        RootFolder.Create(system, to);
        foreach (MovedFile file in files)
        {
            foreach (long bytes in Forward(file))
                yield return bytes;
        }

        FlushFolders();
    }

    /// <summary>Undoes the move: files return to their source, and copies are deleted.</summary>
    /// <exception cref="IOException">A disk fails. Can be retried.</exception>
    public IEnumerable<long> Back()
    {
        foreach (MovedFile file in files)
        {
            FilePath source = At(from, file);
            FilePath target = At(to, file);
            if (system.Stat(new FilePath(to, "")).Exists)
                system.Delete(CopyOf(file));
            if (system.Stat(target).Kind != KindOf(file))
                continue;
            if (!system.Stat(source).Exists)
            {
                foreach (long bytes in Rename(file, target, source))
                    yield return bytes;
            }
            else if (_copied.Contains(file.Index))
            {
                system.Delete(target);
                NoteFolders(target);
            }
        }

        FlushFolders();
        DeleteFolders(to);
    }

    /// <summary>Deletes the sources of copies, and folders that are empty afterwards.</summary>
    /// <exception cref="IOException">A copy is missing, so its source is kept.</exception>
    public IEnumerable<long> DeleteSources()
    {
        foreach (MovedFile file in files)
        {
            FilePath source = At(from, file);
            FileEntry left = system.Stat(source);
            if (left.Kind != KindOf(file))
                continue;
            FileEntry copy = system.Stat(At(to, file));
            if (copy.Kind != left.Kind || copy.Length < left.Length)
                throw Errno.ToException(Errno.NotFound, At(to, file).Full);
            system.Delete(source);
            NoteFolders(source);
            yield return 0;
        }

        // Before the end of the move is recorded.
        FlushFolders();
        DeleteFolders(from);
    }

    private static FileKind KindOf(MovedFile file) => file.Link is null ? FileKind.File : FileKind.Link;

    private static FilePath At(string folder, MovedFile file) => new(folder, file.Path);

    private FilePath CopyOf(MovedFile file) => new(to, $".{key}.{file.Index}.freshet-copy");

    private IEnumerable<long> Forward(MovedFile file)
    {
        FilePath source = At(from, file);
        FilePath target = At(to, file);
        bool isThere = system.Stat(target).Exists;
        if (isThere)
            NoteFolders(target);
        if (system.Stat(source).Kind != KindOf(file))
        {
            // Perhaps an earlier attempt renamed it, but did not get to making that durable.
            NoteFolders(source);
            return [];
        }

        if (file.Link is not null)
            return Link(file, target, isThere);
        return isThere ? Accept(file, source, target) : Rename(file, source, target);
    }

    // Perhaps an earlier attempt, or someone else, has copied it: a file that is identical byte by byte is accepted.
    private IEnumerable<long> Accept(MovedFile file, FilePath source, FilePath target)
    {
        foreach (long bytes in _copy.Compare(source, target))
            yield return bytes;
        _copy.Flush(target);
        _copied.Add(file.Index);
        yield return system.Stat(source).Length;
    }

    // It is created again, since its target moves as well.
    private IEnumerable<long> Link(MovedFile file, FilePath target, bool isThere)
    {
        if (isThere && system.Stat(target).Kind != FileKind.Link)
            throw Errno.ToException(Errno.Exists, target.Full);
        if (!isThere)
        {
            CreateDurableParents(target);
            system.CreateLink(target, file.Link!);
            NoteFolders(target);
        }

        _copied.Add(file.Index);
        return [];
    }

    private IEnumerable<long> Rename(MovedFile file, FilePath source, FilePath target)
    {
        CreateDurableParents(target);
        try
        {
            system.Move(source, target);
        }
        catch (IOException e) when (e.HResult == Errno.CrossDevice)
        {
            return Copy(file, source, target);
        }

        NoteFolders(source);
        NoteFolders(target);
        return [system.Stat(target).Length];
    }

    private IEnumerable<long> Copy(MovedFile file, FilePath source, FilePath target)
    {
        FilePath copy = CopyOf(file) with { Root = target.Root };
        long length = system.Stat(source).Length;
        long copied = 0;
        foreach (long bytes in _copy.Copy(source, copy, file.IsExecutable))
        {
            copied += bytes;
            yield return bytes;
        }

        foreach (long bytes in _copy.Compare(source, copy))
            yield return bytes;
        system.Move(copy, target);
        _copied.Add(file.Index);
        NoteFolders(target);
        yield return length - copied;
    }

    // A name in a folder that a power cut removes would be lost with the folder.
    private void CreateDurableParents(FilePath path)
    {
        List<FilePath> changed = [];
        RootFolder.CreateParents(system, path, changed.Add);
        foreach (FilePath folder in changed)
            system.FlushFolder(folder);
    }

    // Up to the folder that holds the root: an earlier attempt may have created any of them.
    private void NoteFolders(FilePath path)
    {
        FilePath folder = path.Parent;
        for (; folder.Name.Length > 0; folder = folder.Parent)
            _changed.Add(folder);
        _changed.Add(folder);
        if (Path.GetDirectoryName(folder.Root) is { } above)
            _changed.Add(new FilePath(above, ""));
    }

    private void FlushFolders()
    {
        foreach (FilePath folder in _changed)
        {
            if (system.Stat(folder).Exists)
                system.FlushFolder(folder);
        }

        _changed.Clear();
    }

    private void DeleteFolders(string root)
    {
        HashSet<FilePath> folders = [];
        foreach (MovedFile file in files)
        {
            for (FilePath folder = At(root, file).Parent; folder.Name.Length > 0 && folders.Add(folder);)
                folder = folder.Parent;
        }

        foreach (FilePath folder in folders.OrderByDescending(folder => folder.Name.Length))
        {
            try
            {
                system.TryDeleteFolder(folder);
            }
            catch (Exception e) when (StorageError.IsStorageException(e))
            {
                // It is a link, or may not be deleted: it is kept.
            }
        }
    }
}
