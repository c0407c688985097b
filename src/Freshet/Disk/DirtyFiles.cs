using System.Runtime.InteropServices;

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
            first ??= FlushFolder(folder);
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

    // The framework opens no folders; Windows needs no such thing.
    private static StorageError? FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            return null;
        int folder = Native.Open(path, 0);
        int error = folder < 0 || Native.FSync(folder) < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (folder >= 0)
            _ = Native.Close(folder);

        // Some network file systems cannot flush folders (EINVAL); there is nothing more to be done there.
        return error is 0 or Errno.InvalidArgument ? null : StorageError.From(Errno.ToException(error), "flush", path);
    }
}
