using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>A torrent's files, each opened when it is needed, and made durable on request or before it is closed to make room.</summary>
internal sealed class TorrentFiles : IFileOpener
{
    private readonly ImmutableArray<TorrentFile> _files;
    private readonly FileHandles _handles;
    private readonly FileTree _tree;

    // Created for the first change: an idle torrent has none.
    private DirtyFiles? _dirty;
    private volatile bool _isClosed;

    public TorrentFiles(FileStorageOptions options, FileTree tree)
    {
        _files = options.Files;
        _handles = options.Handles;
        _tree = tree;
        Expected = new ExpectedFiles(options.Files.Length, tree);
    }

    /// <summary>The files that must stay where they are.</summary>
    public ExpectedFiles Expected { get; }

    /// <summary>Unwanted files: no space is allocated for them in advance.</summary>
    public ImmutableHashSet<int> Skipped { get; set => Volatile.Write(ref field, value); } = [];

    public DirtyFiles Dirty
    {
        get
        {
            if (DirtyOrNull is { } dirty)
                return dirty;
            DirtyFiles made = new();
            return Interlocked.CompareExchange(ref _dirty, made, null) ?? made;
        }
    }

    /// <summary>Null before the first change.</summary>
    public DirtyFiles? DirtyOrNull => Volatile.Read(ref _dirty);

    public bool IsClosed => _isClosed;

    /// <summary>Whether a file has bytes of its own; pad files are all zeros, and links have none.</summary>
    public bool IsStored(int fileIndex) => _tree.FileAt(fileIndex) is { IsPadding: false, SymlinkTarget: null };

    public string PathOf(int fileIndex) => _tree.Names.PathOf(_tree.FileAt(fileIndex)).Full;

    /// <summary>Acquires a file, opening it if needed. Return it with <see cref="Release"/>.</summary>
    public StorageError? TryAcquire(int fileIndex, FileAccess access, string verb, out OpenFile? file)
    {
        file = null;
        try
        {
            file = _handles.Acquire(new FileKey(this, fileIndex), access);
            return null;
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            return StorageError.From(e, verb, PathOf(fileIndex));
        }
    }

    /// <summary>Acquires a file if it is open.</summary>
    public OpenFile? TryAcquireOpen(int fileIndex) => _handles.TryAcquireOpen(new FileKey(this, fileIndex));

    public void Release(OpenFile file) => _handles.Release(file);

    /// <summary>The first file that is not where it was written.</summary>
    public StorageError? FindLoss()
    {
        for (int i = 0; i <= _files.Length; i++)
        {
            if (!Expected.Contains(i) || !IsStored(i))
                continue;
            OpenFile? open = TryAcquireOpen(i);
            try
            {
                if (Expected.FindLoss(i, open?.File) is { } loss)
                    return loss;
            }
            catch (Exception e) when (StorageError.IsStorageException(e))
            {
                return StorageError.From(e, "look at", PathOf(i));
            }
            finally
            {
                if (open is not null)
                    Release(open);
            }
        }

        return null;
    }

    /// <summary>Makes one file durable.</summary>
    /// <param name="fileIndex">The file's index.</param>
    /// <param name="isWritten">Whether this run has written it; otherwise it was found as it is, and may be read-only.</param>
    public StorageError? Flush(int fileIndex, bool isWritten)
    {
        if (Expected.Replaced is { } replaced)
            return replaced;

        // Only Windows requires write access for this. A file that we may not write was not written by an earlier run of ours either.
        FileAccess access = OperatingSystem.IsWindows() ? FileAccess.ReadWrite : FileAccess.Read;
        if (TryAcquire(fileIndex, access, "flush", out OpenFile? file) is { } error)
            return !isWritten && error.Kind is StorageErrorKind.PermissionDenied or StorageErrorKind.ReadOnly ? null : error;
        try
        {
            file!.File.Flush();
            return Expected.FindLoss(fileIndex, file.File);
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            return StorageError.From(e, "flush", PathOf(fileIndex));
        }
        finally
        {
            Release(file!);
        }
    }

    /// <summary>Makes one folder's entries durable.</summary>
    public StorageError? FlushFolder(FilePath folder) => _tree.FlushFolder(folder);

    /// <summary>The folders whose entries lead to a file, from its own to the one that holds the download folder.</summary>
    public IEnumerable<FilePath> FoldersOf(int fileIndex) => _tree.FoldersOf(_tree.FileAt(fileIndex));

    /// <summary>Closes the files; those in use are closed when they are returned.</summary>
    /// <param name="forGood">Whether none is kept open any more; otherwise files are reopened as needed.</param>
    public void Close(bool forGood)
    {
        _isClosed |= forGood;
        _handles.Drop(this);
    }

    IFile IFileOpener.Open(int fileIndex, FileAccess access)
    {
        TorrentFile file = _tree.FileAt(fileIndex);
        if (access == FileAccess.Read)
            return _tree.OpenToRead(file);
        Expected.RequireFolderFor(file);
        bool isWanted = fileIndex < _files.Length && !Skipped.Contains(fileIndex);
        IFile opened = _tree.OpenToWrite(file, Dirty, mustExist: Expected.Contains(fileIndex), allocate: isWanted);
        Expected.Add(fileIndex);
        return opened;
    }

    void IFileOpener.OnEvicted(int fileIndex, IFile file)
    {
        if (DirtyOrNull is not { } dirty || !dirty.TryBeginClosing(fileIndex))
            return;
        StorageError? error = null;
        try
        {
            file.Flush();
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            error = StorageError.From(e, "flush", PathOf(fileIndex));
        }
        finally
        {
            dirty.EndClosing(fileIndex, error);
        }
    }
}
