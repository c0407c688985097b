using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>
/// Which files were written, and which folders got new entries, since the last flush. Whatever was written before a flush began is
/// durable after it succeeded; after it failed all of it counts as dirty again. One flush may run at a time: a second that found
/// nothing dirty would vouch for what the first has not made durable yet.
/// </summary>
internal sealed class DirtyFiles
{
    private readonly object _gate = new();
    private readonly List<int> _closing = [];
    private HashSet<int> _files = [];
    private HashSet<FilePath> _folders = [];
    private HashSet<int> _flushed = [];
    private StorageError? _failure;

    public void AddFile(int fileIndex)
    {
        lock (_gate)
            _files.Add(fileIndex);
    }

    /// <summary>A folder got a new entry. To be called after that: a flush meanwhile would have forgotten it.</summary>
    public void AddFolder(FilePath path)
    {
        lock (_gate)
            _folders.Add(path);
    }

    /// <summary>
    /// A file is about to be closed; whether something was written to it since the last flush. Then it is to be flushed before, since
    /// only so is it certain that an error is told, and <see cref="EndClosing"/> is to be called.
    /// </summary>
    public bool TryBeginClosing(int fileIndex)
    {
        lock (_gate)
        {
            if (!_files.Contains(fileIndex))
                return false;
            _closing.Add(fileIndex);
            return true;
        }
    }

    /// <summary>A file was flushed to be closed.</summary>
    /// <param name="fileIndex">Which.</param>
    /// <param name="error">Why what was written to it may be lost: no flush can vouch for it, so one fails. Null if it is not.</param>
    public void EndClosing(int fileIndex, StorageError? error)
    {
        lock (_gate)
        {
            _failure ??= error;
            _closing.Remove(fileIndex);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Makes everything durable, files before the folders that name them.</summary>
    public StorageError? Flush(FileStorage storage)
    {
        HashSet<int> files;
        HashSet<FilePath> folders;
        StorageError? first;
        lock (_gate)
        {
            (files, _files) = (_files, []);
            (folders, _folders) = (_folders, []);
            (first, _failure) = (_failure, null);
        }

        foreach (int file in files)
            first ??= storage.FlushFile(file);
        foreach (FilePath folder in folders)
            first ??= storage.FlushFolder(folder);
        return End(files, folders, first);
    }

    /// <summary>The files that were written and flushed since the last call.</summary>
    public IReadOnlyCollection<int> TakeFlushed()
    {
        lock (_gate)
        {
            HashSet<int> taken = _flushed;
            _flushed = [];
            return taken;
        }
    }

    private StorageError? End(HashSet<int> files, HashSet<FilePath> folders, StorageError? error)
    {
        lock (_gate)
        {
            // Of two flushes of a file, the one before it is closed may be the one that is told of an error.
            while (error is null && _closing.Exists(files.Contains))
                Monitor.Wait(_gate);
            error ??= _failure;
            _failure = null;
            (error is null ? _flushed : _files).UnionWith(files);
            if (error is not null)
                _folders.UnionWith(folders);
            return error;
        }
    }
}
