using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>
/// Which files were written, and which folders got new entries, since the last flush. Whatever was written before a flush began is
/// durable after it succeeded; after it failed all of it counts as dirty again. One flush runs at a time: a second that found
/// nothing dirty would vouch for what the first has not made durable yet.
/// </summary>
internal sealed class DirtyFiles
{
    private readonly Lock _lock = new();
    private readonly Lock _flushing = new();
    private HashSet<int> _files = [];
    private HashSet<FilePath> _folders = [];
    private HashSet<int> _flushed = [];
    private StorageError? _failure;

    public void AddFile(int fileIndex)
    {
        lock (_lock)
            _files.Add(fileIndex);
    }

    public void AddFolder(FilePath path)
    {
        lock (_lock)
            _folders.Add(path);
    }

    /// <summary>Whether something was written to a file since the last flush.</summary>
    public bool IsDirty(int fileIndex)
    {
        lock (_lock)
            return _files.Contains(fileIndex);
    }

    /// <summary>Something that was written is lost, or may be: the next flush fails, since it cannot vouch for it.</summary>
    public void NoteFailure(StorageError error)
    {
        lock (_lock)
            _failure ??= error;
    }

    /// <summary>Makes everything durable, files before the folders that name them.</summary>
    public StorageError? Flush(FileStorage storage)
    {
        lock (_flushing)
        {
            HashSet<int> files;
            HashSet<FilePath> folders;
            StorageError? first;
            lock (_lock)
            {
                (files, _files) = (_files, []);
                (folders, _folders) = (_folders, []);
                (first, _failure) = (_failure, null);
            }

            foreach (int file in files)
                first ??= storage.FlushFile(file);
            foreach (FilePath folder in folders)
                first ??= storage.FlushFolder(folder);
            End(files, folders, first is null);
            return first;
        }
    }

    /// <summary>The files that were written and flushed since the last call.</summary>
    public IReadOnlyCollection<int> TakeFlushed()
    {
        lock (_lock)
        {
            HashSet<int> taken = _flushed;
            _flushed = [];
            return taken;
        }
    }

    private void End(HashSet<int> files, HashSet<FilePath> folders, bool isDurable)
    {
        lock (_lock)
        {
            (isDurable ? _flushed : _files).UnionWith(files);
            if (!isDurable)
                _folders.UnionWith(folders);
        }
    }
}
