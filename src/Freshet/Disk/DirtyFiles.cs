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
        if (first is not null)
            Restore(files, folders);
        return first;
    }

    private void Restore(HashSet<int> files, HashSet<string> folders)
    {
        lock (_lock)
        {
            _files.UnionWith(files);
            _folders.UnionWith(folders);
        }
    }
}
