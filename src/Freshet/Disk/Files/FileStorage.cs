using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>
/// A torrent's bytes in files below a download folder. Every byte of the torrent belongs to one file; those of pad files are zeros
/// that are never stored.
/// </summary>
/// <remarks>
/// Files are created when they are first written, opened for writing only then, and grow as data comes (sparse). A file that the
/// user skips is thus created only if a piece that it shares with a wanted file is written, and holds that piece's bytes alone: they
/// are needed to hash and to seed the piece, and a part file beside the others would save no space.
/// </remarks>
internal sealed class FileStorage : IStorage, IFileOpener
{
    private readonly ImmutableArray<TorrentFile> _files;
    private readonly PieceLayout _layout;
    private readonly FileHandles _handles;
    private readonly FileTree _tree;
    private readonly bool[] _expected;

    // Made for the first change: a torrent at rest has none.
    private DirtyFiles? _dirty;
    private volatile ImmutableHashSet<int> _skipped = [];
    private volatile bool _expectsAny;
    private volatile int _lastExpected;
    private volatile StorageError? _replaced;
    private volatile bool _isClosed;

    public FileStorage(FileStorageOptions options)
    {
        _files = options.Files;
        _layout = options.Layout;
        _handles = options.Handles;
        _tree = new FileTree(options);
        _expected = new bool[options.Files.Length];
    }

    /// <summary>
    /// Creates the download folder, empty files and symbolic links; with full allocation every wanted file.
    /// </summary>
    /// <param name="skipped">Files that are not wanted, by their index; the default wants all.</param>
    public StorageError? Prepare(ImmutableHashSet<int>? skipped = null)
    {
        _skipped = skipped ?? [];
        foreach (TorrentFile file in _files)
        {
            // Nobody waits any more if the torrent was closed while its disk hung.
            if (_isClosed)
                break;
            if (!_skipped.Contains(file.Index) && _tree.Prepare(file, Dirty) is { } error)
                return error;
        }

        return null;
    }

    /// <summary>Whether the download folder is there.</summary>
    public bool HasRoot => _tree.HasRoot;

    public StorageError? Write(long offset, ReadOnlySpan<IoBuffer> buffers)
    {
        IoCursor cursor = new(buffers);
        foreach (FileSlice slice in _layout.SlicesOf(offset, IoBuffer.TotalOf(buffers)))
        {
            if (!IsStored(slice.FileIndex))
                cursor.Advance(slice.Length);
            else if (WriteSlice(slice, ref cursor) is { } error)
                return error;
        }

        return null;
    }

    public StorageError? Read(long offset, ReadOnlySpan<IoBuffer> buffers)
    {
        IoCursor cursor = new(buffers);
        foreach (FileSlice slice in _layout.SlicesOf(offset, IoBuffer.TotalOf(buffers)))
        {
            if (!IsStored(slice.FileIndex))
                cursor.Clear(slice.Length);
            else if (ReadSlice(slice, ref cursor) is { } error)
                return error;
        }

        return null;
    }

    public bool TryReadCached(long offset, ReadOnlySpan<IoBuffer> buffers)
    {
        IoCursor cursor = new(buffers);
        foreach (FileSlice slice in _layout.SlicesOf(offset, IoBuffer.TotalOf(buffers)))
        {
            if (!IsStored(slice.FileIndex))
                cursor.Clear(slice.Length);
            else if (!TryReadCached(slice, ref cursor))
                return false;
        }

        return true;
    }

    public StorageError? Flush() => Volatile.Read(ref _dirty)?.Flush(this);

    public void OnFoundGood(long offset, int length)
    {
        foreach (FileSlice slice in _layout.SlicesOf(offset, length))
        {
            if (IsStored(slice.FileIndex))
                Dirty.AddFound(slice.FileIndex);
        }
    }

    public Extent ExtentOf(long offset, int length)
    {
        Extent extent = Extent.Hole;
        foreach (FileSlice slice in _layout.SlicesOf(offset, length))
        {
            Extent one = IsStored(slice.FileIndex) ? ExtentOf(slice) : Extent.Hole;
            if (one == Extent.Missing)
                return one;
            if (one == Extent.Data)
                extent = one;
        }

        return extent;
    }

    public void Prefetch(long offset, int length)
    {
        foreach (FileSlice slice in _layout.SlicesOf(offset, length))
        {
            if (IsStored(slice.FileIndex) && TryAcquire(slice.FileIndex, FileAccess.Read, "read", out OpenFile? file) is null)
            {
                file!.File.Prefetch(slice.Offset, slice.Length);
                _handles.Release(file);
            }
        }
    }

    /// <summary>What each file looks like; pad files and links look as if they did not exist.</summary>
    public FileStamp[] GetStamps() => Look(static (_, _) => { });

    /// <summary>
    /// What each file looks like, and what lies where files that are to be read or written should, and will not go away by itself.
    /// </summary>
    /// <param name="skipped">Files that are not wanted. If none is wanted, what exists is used all the same: to be seeded.</param>
    public (FileStamp[] Stamps, StorageError? Obstacle) Survey(ImmutableHashSet<int> skipped)
    {
        HashSet<FilePath> clear = [];
        StorageError? obstacle = null;
        FileStamp[] stamps = Look((file, entry) =>
        {
            if (skipped.Count >= _files.Length || !skipped.Contains(file.Index))
                obstacle ??= _tree.FindObstacle(file, entry, clear);
        });
        return (stamps, obstacle);
    }

    /// <summary>A run begins: files that are there now are never created anew in it, for if one goes, its disk may have gone.</summary>
    public void Expect(FileStamp[] stamps)
    {
        for (int i = 0; i < stamps.Length; i++)
            _expected[i] = stamps[i].Exists;
        Volatile.Read(ref _dirty)?.BeginRun();
        _lastExpected = Math.Max(0, Array.IndexOf(_expected, true));
        _expectsAny = _lastExpected < _expected.Length && _expected[_lastExpected];
        _replaced = null;
    }

    /// <summary>Somebody may have written the expected files and not flushed them: the next flush includes them.</summary>
    public void DoubtExpected()
    {
        for (int i = 0; i < _expected.Length; i++)
        {
            if (_expected[i])
                Dirty.AddFound(i);
        }
    }

    /// <summary>The files that were written and flushed since the last call.</summary>
    public IReadOnlyCollection<int> TakeFlushed() => Volatile.Read(ref _dirty)?.TakeFlushed() ?? [];

    /// <summary>Tells of the first file that is not where it was written.</summary>
    public StorageError? FindLoss()
    {
        for (int i = 0; i < _files.Length; i++)
        {
            if (!_expected[i] || !IsStored(i))
                continue;
            OpenFile? open = _handles.TryAcquireOpen(new FileKey(this, i));
            try
            {
                if (FindLoss(i, open?.File) is { } loss)
                    return loss;
            }
            catch (Exception e) when (StorageError.IsStorageException(e))
            {
                return StorageError.From(e, "look at", PathOf(i));
            }
            finally
            {
                if (open is not null)
                    _handles.Release(open);
            }
        }

        return null;
    }

    /// <summary>Where each file is stored.</summary>
    public FileNames Names => _tree.Names;

    /// <summary>Why <see cref="Rename"/> would do nothing; null if it would.</summary>
    public StorageError? FindObstacle(TorrentFile file, string path, bool mustExist) =>
        Names.FindObstacle(file, path, mustExist || _expected[file.Index]);

    /// <summary>
    /// Gives a file another name, in use or not; see <see cref="FileNames.Rename"/>. Links to it follow: an error may concern only them.
    /// </summary>
    /// <param name="file">Which.</param>
    /// <param name="path">Its path below the download folder from now on.</param>
    /// <param name="mustExist">Whether it was there when it was recorded last.</param>
    public StorageError? Rename(TorrentFile file, string path, bool mustExist) =>
        Names.Rename(file, path, mustExist || _expected[file.Index]) ?? _tree.LinkAgain(file, Dirty);

    /// <summary>Deletes the torrent's own files and links, then those of its folders that are empty.</summary>
    /// <param name="mayGoOn">Asked before each file; null for always.</param>
    /// <returns>The first error. Files after it are deleted all the same.</returns>
    public StorageError? DeleteFiles(Func<bool>? mayGoOn = null)
    {
        _handles.Drop(this);
        return _tree.Delete(mayGoOn);
    }

    /// <summary>Closes the files. May still be in use by readers; they open what they need anew.</summary>
    public void Close() => _handles.Drop(this);

    public void Dispose()
    {
        _isClosed = true;
        Close();
    }

    bool IFileOpener.IsClosed => _isClosed;

    void IFileOpener.OnEvicted(int fileIndex, IFile file)
    {
        if (Volatile.Read(ref _dirty) is not { } dirty || !dirty.TryBeginClosing(fileIndex))
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

    IFile IFileOpener.Open(int fileIndex, FileAccess access)
    {
        TorrentFile file = _files[fileIndex];
        if (access == FileAccess.Read)
            return _tree.OpenToRead(file);
        if (!_expected[fileIndex] && _expectsAny)
            _tree.RequireTop(IsTopExpected(file) ? _tree.TopOf(file).ToString() : "");
        IFile opened = _tree.OpenToWrite(file, Dirty, mustExist: _expected[fileIndex], allocate: !_skipped.Contains(fileIndex));
        _expected[fileIndex] = _expectsAny = true;
        _lastExpected = fileIndex;
        return opened;
    }

    /// <summary>Makes one file durable.</summary>
    /// <param name="fileIndex">Which.</param>
    /// <param name="isWritten">Whether this run has written it; else it was found as it is, and may be read-only.</param>
    internal StorageError? FlushFile(int fileIndex, bool isWritten)
    {
        if (_replaced is { } replaced)
            return replaced;

        // Only Windows wants the right to write for this. What we may not write there, no earlier run of ours has written either.
        FileAccess access = OperatingSystem.IsWindows() ? FileAccess.ReadWrite : FileAccess.Read;
        if (TryAcquire(fileIndex, access, "flush", out OpenFile? file) is { } error)
            return !isWritten && error.Kind is StorageErrorKind.PermissionDenied or StorageErrorKind.ReadOnly ? null : error;
        try
        {
            file!.File.Flush();
            return FindLoss(fileIndex, file.File);
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            return StorageError.From(e, "flush", PathOf(fileIndex));
        }
        finally
        {
            _handles.Release(file!);
        }
    }

    /// <summary>Makes one folder's entries durable.</summary>
    internal StorageError? FlushFolder(FilePath folder) => _tree.FlushFolder(folder);

    /// <summary>The folders that name a file, from its own to the one that holds the download folder.</summary>
    internal IEnumerable<FilePath> FoldersOf(int fileIndex) => _tree.FoldersOf(_files[fileIndex]);

    private DirtyFiles Dirty
    {
        get
        {
            if (Volatile.Read(ref _dirty) is { } dirty)
                return dirty;
            DirtyFiles made = new();
            return Interlocked.CompareExchange(ref _dirty, made, null) ?? made;
        }
    }

    private FileStamp[] Look(Action<TorrentFile, FileEntry> onFound)
    {
        FileStamp[] stamps = new FileStamp[_files.Length];
        foreach (TorrentFile file in _files)
        {
            if (!IsStored(file.Index))
                continue;
            try
            {
                FileEntry entry = _tree.Stat(file);
                stamps[file.Index] = FileStamp.Of(entry);
                onFound(file, entry);
            }
            catch (Exception e) when (StorageError.IsStorageException(e))
            {
                // What cannot be looked at cannot be read either; whoever reads it hears why. It may be there later.
            }
        }

        return stamps;
    }

    /// <summary>Why what was written to a file cannot be found at its path any more; null if it can.</summary>
    private StorageError? FindLoss(int fileIndex, IFile? open)
    {
        FileEntry lies = _tree.Stat(_files[fileIndex]);
        if (!lies.Exists)
            return StorageError.Missing(PathOf(fileIndex));
        if (!lies.IsFile)
            return StorageError.Replaced(PathOf(fileIndex));
        if (open is null || lies.Id is null)
            return null;

        // Some file systems make numbers up. A file that looks the same in every way is the same there.
        FileEntry written = open.Stat();
        bool isSame = lies.Id == written.Id || (lies with { Id = null }) == (written with { Id = null });
        return isSame ? null : _replaced = StorageError.Replaced(PathOf(fileIndex));
    }

    private bool IsStored(int fileIndex) => _files[fileIndex] is { IsPadding: false, SymlinkTarget: null };

    private string PathOf(int fileIndex) => Names.PathOf(_files[fileIndex]).Full;

    /// <summary>
    /// Whether a file that is there lies in the same top folder. Of a torrent whose files were not renamed all do, so the first look tells.
    /// </summary>
    private bool IsTopExpected(TorrentFile file)
    {
        ReadOnlySpan<char> top = _tree.TopOf(file);
        if (top.SequenceEqual(_tree.TopOf(_files[_lastExpected])))
            return true;
        for (int i = 0; i < _files.Length; i++)
        {
            if (_expected[i] && top.SequenceEqual(_tree.TopOf(_files[i])))
                return true;
        }

        return false;
    }

    private StorageError? WriteSlice(FileSlice slice, ref IoCursor cursor)
    {
        if (TryAcquire(slice.FileIndex, FileAccess.ReadWrite, "write", out OpenFile? file) is { } error)
            return error;
        try
        {
            VectoredIo.Write(file!.File, ref cursor, slice.Offset, slice.Length);
            return null;
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            return StorageError.From(e, "write", PathOf(slice.FileIndex));
        }
        finally
        {
            // After the write: a flush meanwhile would have forgotten it.
            Dirty.AddFile(slice.FileIndex);
            _handles.Release(file!);
        }
    }

    private StorageError? ReadSlice(FileSlice slice, ref IoCursor cursor)
    {
        if (TryAcquire(slice.FileIndex, FileAccess.Read, "read", out OpenFile? file) is { } error)
            return error;
        try
        {
            return VectoredIo.TryRead(file!.File, ref cursor, slice.Offset, slice.Length)
                ? null
                : StorageError.Missing(PathOf(slice.FileIndex));
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            return StorageError.From(e, "read", PathOf(slice.FileIndex));
        }
        finally
        {
            _handles.Release(file!);
        }
    }

    // A file that is not open would have to be opened, which may take as long as a read.
    private bool TryReadCached(FileSlice slice, ref IoCursor cursor)
    {
        if (_handles.TryAcquireOpen(new FileKey(this, slice.FileIndex)) is not { } file)
            return false;
        try
        {
            return VectoredIo.TryReadCached(file.File, ref cursor, slice.Offset, slice.Length);
        }
        finally
        {
            _handles.Release(file);
        }
    }

    private Extent ExtentOf(FileSlice slice)
    {
        if (TryAcquire(slice.FileIndex, FileAccess.Read, "read", out OpenFile? file) is { } error)
            return error.Kind == StorageErrorKind.Missing ? Extent.Missing : Extent.Data;
        try
        {
            if (file!.File.FindData(slice.Offset) < slice.Offset + slice.Length)
                return Extent.Data;
            return file.File.Stat().Length >= slice.Offset + slice.Length ? Extent.Hole : Extent.Missing;
        }
        catch (IOException)
        {
            return Extent.Data;
        }
        finally
        {
            _handles.Release(file!);
        }
    }

    private StorageError? TryAcquire(int fileIndex, FileAccess access, string action, out OpenFile? file)
    {
        file = null;
        try
        {
            file = _handles.Acquire(new FileKey(this, fileIndex), access);
            return null;
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            return StorageError.From(e, action, PathOf(fileIndex));
        }
    }
}
