using Freshet.Core;

namespace Freshet.Disk;

/// <summary>
/// All files that a session has open, the least recently used closed first. A file in use is never closed; if all are, the limit is
/// exceeded by as many as there are threads. Files are opened outside the lock, so a slow network disk holds up nobody else.
/// </summary>
internal sealed class FileHandles : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<FileKey, OpenFile> _files = [];

    // The most recently used first.
    private readonly LinkedList<OpenFile> _order = new();
    private readonly int _limit;

    public FileHandles(int limit = Limits.DefaultOpenFiles)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        _limit = limit;
    }

    /// <summary>How many files are open, those dropped but in use not counted.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _files.Count;
        }
    }

    /// <summary>Takes a file into use, opening it if it is not open that way. Give it back with <see cref="Release"/>.</summary>
    public OpenFile Acquire(FileKey key, FileAccess access)
    {
        lock (_lock)
        {
            if (_files.TryGetValue(key, out OpenFile? file) && (file.Access & access) == access)
                return Use(file);
        }

        OpenFile opened = Open(key, access);
        lock (_lock)
        {
            if (_files.TryGetValue(key, out OpenFile? other))
            {
                if ((other.Access & access) == access)
                {
                    // Somebody was faster.
                    opened.Handle.Dispose();
                    return Use(other);
                }

                Drop(other);
            }

            TrimTo(_limit - 1);
            _files.Add(key, opened);
            _order.AddFirst(opened.Node);
            opened.Users++;
            return opened;
        }
    }

    /// <summary>Takes a file into use if it is open, in whatever way.</summary>
    public OpenFile? TryAcquireOpen(FileKey key)
    {
        lock (_lock)
            return _files.TryGetValue(key, out OpenFile? file) ? Use(file) : null;
    }

    /// <summary>Gives a file back.</summary>
    public void Release(OpenFile file)
    {
        lock (_lock)
        {
            file.Users--;
            if (file.Users == 0 && file.IsDropped)
                file.Handle.Dispose();
        }
    }

    /// <summary>Drops every file of a storage; those in use are closed when they are given back.</summary>
    public void Drop(IFileOpener owner)
    {
        lock (_lock)
        {
            LinkedListNode<OpenFile>? node = _order.First;
            while (node is not null)
            {
                LinkedListNode<OpenFile>? next = node.Next;
                if (ReferenceEquals(node.Value.Key.Owner, owner))
                    Drop(node.Value);
                node = next;
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            while (_order.First is { } node)
                Drop(node.Value);
        }
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
            // The process has reached the system's limit before ours: make room, and try once more.
            lock (_lock)
                TrimTo(_files.Count / 2);
            return new OpenFile(key, key.Owner.Open(key.FileIndex, access), access);
        }
    }

    private void TrimTo(int count)
    {
        LinkedListNode<OpenFile>? node = _order.Last;
        while (node is not null && _files.Count > count)
        {
            LinkedListNode<OpenFile>? previous = node.Previous;
            if (node.Value.Users == 0)
                Drop(node.Value);
            node = previous;
        }
    }

    private void Drop(OpenFile file)
    {
        _files.Remove(file.Key);
        _order.Remove(file.Node);
        file.IsDropped = true;
        if (file.Users == 0)
            file.Handle.Dispose();
    }
}
