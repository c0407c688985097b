namespace Freshet.Disk;

/// <summary>
/// Which files were written, and which folders got new entries, since the last flush. Whatever was written before a flush began is
/// durable after it succeeded; after it failed all of it counts as dirty again.
/// </summary>
internal sealed class DirtyFiles
{
    private readonly Lock _lock = new();
    private HashSet<int> _files = [];
    private HashSet<string> _folders = [];
    private HashSet<int> _flushed = [];

    public void AddFile(int fileIndex)
    {
        lock (_lock)
            _files.Add(fileIndex);
    }

    public void AddFolder(string path)
    {
        lock (_lock)
            _folders.Add(path);
    }

    /// <summary>Makes everything durable, files before the folders that name them.</summary>
    public StorageError? Flush(FileStorage storage)
    {
        HashSet<int> files;
        HashSet<string> folders;
        lock (_lock)
        {
            (files, _files) = (_files, []);
            (folders, _folders) = (_folders, []);
        }

        StorageError? first = null;
        foreach (int file in files)
            first ??= storage.FlushFile(file);
        foreach (string folder in folders)
            first ??= FolderFlush.Run(folder);
        Settle(files, folders, first is null);
        return first;
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

    private void Settle(HashSet<int> files, HashSet<string> folders, bool isDurable)
    {
        lock (_lock)
        {
            (isDurable ? _flushed : _files).UnionWith(files);
            if (!isDurable)
                _folders.UnionWith(folders);
        }
    }
}
