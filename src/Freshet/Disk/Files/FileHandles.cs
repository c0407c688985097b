using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>
/// All open files of a session; the least recently used is closed first. A file in use is never closed; if all are, the limit is exceeded
/// by at most the number of threads. Files are opened and closed outside the lock, so that a slow disk holds up nobody else.
/// </summary>
internal sealed class FileHandles : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<FileKey, OpenFile> _files = [];

    // The most recently used first.
    private readonly LinkedList<OpenFile> _order = new();
    private readonly int _limit;

    public FileHandles(int limit = DiskLimits.DefaultOpenFiles)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        _limit = limit;
    }

    /// <summary>The number of open files, not counting those dropped but in use.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _files.Count;
        }
    }

    /// <summary>Acquires a file, opening it if it is not open with this access. Return it with <see cref="Release"/>.</summary>
    public OpenFile Acquire(FileKey key, FileAccess access)
    {
        lock (_lock)
        {
            if (_files.TryGetValue(key, out OpenFile? file) && (file.Access & access) == access)
                return Use(file);
        }

        OpenFile opened = Open(key, access);
        List<OpenFile> evicted = [];
        OpenFile? superseded = null;
        OpenFile result;
        lock (_lock)
        {
            if (_files.TryGetValue(key, out OpenFile? other) && (other.Access & access) == access)
            {
                // Another thread was faster.
                superseded = opened;
                result = Use(other);
            }
            else
            {
                superseded = other is not null && Remove(other) ? other : null;
                result = opened;
                opened.Users++;
                opened.IsDropped = key.Owner.IsClosed;
                if (!opened.IsDropped)
                {
                    TrimTo(_limit - 1, evicted);
                    _files.Add(key, opened);
                    _order.AddFirst(opened.Node);
                }
            }
        }

        superseded?.File.Dispose();
        Evict(evicted);
        return result;
    }

    /// <summary>Acquires a file if it is open, with any access.</summary>
    public OpenFile? TryAcquireOpen(FileKey key)
    {
        lock (_lock)
            return _files.TryGetValue(key, out OpenFile? file) ? Use(file) : null;
    }

    /// <summary>Returns a file.</summary>
    public void Release(OpenFile file)
    {
        bool isLast;
        lock (_lock)
        {
            file.Users--;
            isLast = file.Users == 0 && file.IsDropped;
        }

        if (isLast)
            file.File.Dispose();
    }

    /// <summary>Drops every file of a storage; those in use are closed when they are returned.</summary>
    public void Drop(IFileOpener owner) => DropAll(file => ReferenceEquals(file.Key.Owner, owner));

    public void Dispose() => DropAll(static _ => true);

    private void DropAll(Func<OpenFile, bool> isMeant)
    {
        List<OpenFile> unused = [];
        lock (_lock)
        {
            foreach (OpenFile file in _order.Where(isMeant).ToList())
            {
                if (Remove(file))
                    unused.Add(file);
            }
        }

        foreach (OpenFile file in unused)
            file.File.Dispose();
    }

    private OpenFile Use(OpenFile file)
    {
        file.Users++;
        _order.Remove(file.Node);
        _order.AddFirst(file.Node);
        return file;
    }

    private OpenFile Open(FileKey key, FileAccess access)
    {
        try
        {
            return new OpenFile(key, key.Owner.Open(key.FileIndex, access), access);
        }
        catch (IOException e) when (Errno.KindOf(e.HResult, StorageErrorKind.Other) == StorageErrorKind.TooManyOpenFiles)
        {
            // The process has reached the system's limit before ours: make room, and retry once.
            List<OpenFile> evicted = [];
            lock (_lock)
                TrimTo(_files.Count / 2, evicted);
            Evict(evicted);
            return new OpenFile(key, key.Owner.Open(key.FileIndex, access), access);
        }
    }

    private void TrimTo(int count, List<OpenFile> evicted)
    {
        LinkedListNode<OpenFile>? node = _order.Last;
        while (node is not null && _files.Count > count)
        {
            LinkedListNode<OpenFile>? previous = node.Previous;
            if (node.Value.Users == 0 && Remove(node.Value))
                evicted.Add(node.Value);
            node = previous;
        }
    }

    private static void Evict(List<OpenFile> files)
    {
        foreach (OpenFile file in files)
        {
            file.Key.Owner.OnEvicted(file.Key.FileIndex, file.File);
            file.File.Dispose();
        }
    }

    /// <summary>Removes a file; returns whether nobody uses it, so that the caller must close it, outside the lock.</summary>
    private bool Remove(OpenFile file)
    {
        _files.Remove(file.Key);
        _order.Remove(file.Node);
        file.IsDropped = true;
        return file.Users == 0;
    }
}
