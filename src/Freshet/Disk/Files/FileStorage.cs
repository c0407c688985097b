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
/// Files are created when they are first written, opened for writing only then, and grow as data arrives (sparse). What a skipped file
/// shares in a piece with a wanted one goes to the <see cref="PartFile"/>, so that the skipped file itself is not created.
/// </remarks>
internal sealed class FileStorage : IStorage
{
    private readonly ImmutableArray<TorrentFile> _files;
    private readonly FileTree _tree;
    private readonly TorrentFiles _open;
    private readonly PartFile _part;

    public FileStorage(FileStorageOptions options)
    {
        _files = options.Files;
        _tree = new FileTree(options);
        _open = new TorrentFiles(options, _tree);
        _part = new PartFile(options.Layout);
        foreach (int file in options.Map.HeldByPartFile)
            _part.Set(file, isHeld: true);
        Parts = new PartFiling(options, _part, _open, _tree);
    }

    /// <summary>Whether there is a part file, as far as this run knows.</summary>
    public bool HasPartFile => _open.Expected.Contains(_part.Index);

    /// <summary>What the part file holds.</summary>
    public PartFiling Parts { get; }

    /// <summary>
    /// Creates the download folder, empty files and symbolic links; with full allocation every wanted file.
    /// </summary>
    /// <param name="skipped">The indices of unwanted files; by default all are wanted.</param>
    public StorageError? Prepare(ImmutableHashSet<int>? skipped = null)
    {
        ImmutableHashSet<int> unwanted = _open.Skipped = skipped ?? [];
        foreach (TorrentFile file in _files)
        {
            // If the torrent was closed while its disk hung, nobody waits any more.
            if (_open.IsClosed)
                break;
            if (!unwanted.Contains(file.Index) && _tree.Prepare(file, _open.Dirty) is { } error)
                return error;
        }

        return null;
    }

    /// <summary>Whether the download folder exists.</summary>
    public bool HasRoot => _tree.HasRoot;

    public StorageError? Write(long offset, ReadOnlySpan<IoBuffer> buffers) =>
        TryMove(FileTransfer.Write, offset, buffers, out StorageError? error) ? null : error;

    public StorageError? Read(long offset, ReadOnlySpan<IoBuffer> buffers) =>
        TryMove(FileTransfer.Read, offset, buffers, out StorageError? error) ? null : error;

    public bool TryReadCached(long offset, ReadOnlySpan<IoBuffer> buffers) => TryMove(FileTransfer.ReadCached, offset, buffers, out _);

    public StorageError? Flush() => _open.DirtyOrNull?.Flush(_open);

    public void OnFoundGood(long offset, int length)
    {
        foreach (FileSlice slice in _part.SlicesOf(offset, length))
        {
            if (_open.IsStored(slice.FileIndex))
                _open.Dirty.AddFound(slice.FileIndex);
        }
    }

    public Extent ExtentOf(long offset, int length)
    {
        Extent extent = Extent.Hole;
        foreach (FileSlice slice in _part.SlicesOf(offset, length))
        {
            Extent one = _open.IsStored(slice.FileIndex) ? ExtentOf(slice) : Extent.Hole;
            if (one == Extent.Missing)
                return one;
            if (one == Extent.Data)
                extent = one;
        }

        return extent;
    }

    public void Prefetch(long offset, int length)
    {
        foreach (FileSlice slice in _part.SlicesOf(offset, length))
        {
            if (_open.IsStored(slice.FileIndex) && _open.TryAcquire(slice.FileIndex, FileAccess.Read, "read", out OpenFile? file) is null)
            {
                file!.File.Prefetch(slice.Offset, slice.Length);
                _open.Release(file);
            }
        }
    }

    /// <summary>The stamp of each file; pad files and links count as not existing.</summary>
    public FileStamp[] GetStamps() => StatAll(static (_, _) => { });

    /// <summary>
    /// The stamp of each file, and any obstacle at the path of a file to be read or written that will not go away by itself.
    /// </summary>
    /// <param name="skipped">Unwanted files. If none is wanted, existing files are used nevertheless, for seeding.</param>
    public (FileStamp[] Stamps, StorageError? Obstacle) Survey(ImmutableHashSet<int> skipped)
    {
        HashSet<FilePath> clear = [];
        StorageError? obstacle = null;
        FileStamp[] stamps = StatAll((file, entry) =>
        {
            if (skipped.Count >= _files.Length || !skipped.Contains(file.Index))
                obstacle ??= _tree.FindObstacle(file, entry, clear);
        });
        return (stamps, obstacle);
    }

    /// <summary>Begins a run: files that exist now are never created again in it, for if one disappears, its disk may be gone.</summary>
    public void Expect(FileStamp[] stamps)
    {
        _open.Expected.Begin(stamps, hasPartFile: _files.Length > 1 && _tree.HasPartFile);
        _open.DirtyOrNull?.BeginRun();
    }

    /// <summary>The expected files may have been written and not flushed: the next flush includes them.</summary>
    public void DoubtExpected()
    {
        for (int i = 0; i <= _part.Index; i++)
        {
            if (_open.Expected.Contains(i))
                _open.Dirty.AddFound(i);
        }
    }

    /// <summary>The torrent's files written and flushed since the last call.</summary>
    public IReadOnlyCollection<int> TakeFlushed() =>
        _open.DirtyOrNull is { } dirty ? [.. dirty.TakeFlushed().Where(file => file != _part.Index)] : [];

    /// <summary>The first file that is not where it was written.</summary>
    public StorageError? FindLoss() => _open.FindLoss();

    /// <summary>Where each file is stored.</summary>
    public FileNames Names => _tree.Names;

    /// <summary>Why <see cref="Rename"/> would fail; null if it would not.</summary>
    public StorageError? FindObstacle(TorrentFile file, string path, bool mustExist) =>
        Names.FindObstacle(file, path, mustExist || _open.Expected.Contains(file.Index));

    /// <summary>
    /// Renames a file, in use or not; see <see cref="FileNames.Rename"/>. Links to it are updated: an error may concern only them.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its new path below the download folder.</param>
    /// <param name="mustExist">Whether it existed when it was last recorded.</param>
    public StorageError? Rename(TorrentFile file, string path, bool mustExist) =>
        Names.Rename(file, path, mustExist || _open.Expected.Contains(file.Index)) ?? _tree.LinkAgain(file, _open.Dirty);

    /// <summary>Deletes the torrent's own files and links, then those of its folders that are empty.</summary>
    /// <param name="kept">The indices of files to keep; null for none.</param>
    /// <param name="mayGoOn">Called before each file to ask whether to continue; null for always.</param>
    /// <returns>The first error. Files after it are deleted nevertheless.</returns>
    public StorageError? DeleteFiles(IReadOnlySet<int>? kept = null, Func<bool>? mayGoOn = null)
    {
        Close();
        return _tree.Delete(kept, mayGoOn);
    }

    /// <summary>Closes the files. Readers may still use the storage; they reopen what they need.</summary>
    public void Close() => _open.Close(forGood: false);

    public void Dispose() => _open.Close(forGood: true);

    private FileStamp[] StatAll(Action<TorrentFile, FileEntry> onFound)
    {
        FileStamp[] stamps = new FileStamp[_files.Length];
        foreach (TorrentFile file in _files)
        {
            if (!_open.IsStored(file.Index))
                continue;
            try
            {
                FileEntry entry = _tree.Stat(file);
                stamps[file.Index] = FileStamp.Of(entry);
                onFound(file, entry);
            }
            catch (Exception e) when (StorageError.IsStorageException(e))
            {
                // A file that cannot be inspected cannot be read either, and whoever reads it gets the error. It may be available later.
            }
        }

        return stamps;
    }

    /// <summary>Transfers bytes between buffers and files, one file after the other.</summary>
    /// <returns>False if some could not be transferred: because of an error, or because that would need a wait.</returns>
    private bool TryMove(FileTransfer transfer, long offset, ReadOnlySpan<IoBuffer> buffers, out StorageError? error)
    {
        error = null;
        if (!_part.TryEnter(transfer))
            return false;
        try
        {
            IoCursor cursor = new(buffers);
            foreach (FileSlice slice in _part.SlicesOf(offset, IoBuffer.TotalOf(buffers)))
            {
                if (!_open.IsStored(slice.FileIndex))
                    transfer.Skip(ref cursor, slice.Length);
                else if (!TryMove(transfer, slice, ref cursor, out error))
                    return false;
            }

            return true;
        }
        finally
        {
            _part.Leave();
        }
    }

    private bool TryMove(FileTransfer transfer, FileSlice slice, ref IoCursor cursor, out StorageError? error)
    {
        if (!TryOpen(transfer, slice.FileIndex, out OpenFile? file, out error))
            return false;
        try
        {
            if (transfer.TryMove(file!.File, ref cursor, slice))
                return true;
            if (transfer != FileTransfer.ReadCached)
                error = StorageError.Missing(_open.PathOf(slice.FileIndex));
            return false;
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            error = StorageError.From(e, transfer.Verb, _open.PathOf(slice.FileIndex));
            return false;
        }
        finally
        {
            // After the write: a flush meanwhile would have forgotten it.
            if (transfer == FileTransfer.Write)
                _open.Dirty.AddFile(slice.FileIndex);
            _open.Release(file!);
        }
    }

    private bool TryOpen(FileTransfer transfer, int fileIndex, out OpenFile? file, out StorageError? error)
    {
        // A closed file would have to be opened, which may take as long as a read.
        error = null;
        if (transfer == FileTransfer.ReadCached)
            file = _open.TryAcquireOpen(fileIndex);
        else
            error = _open.TryAcquire(fileIndex, transfer.Access, transfer.Verb, out file);
        return file is not null;
    }

    private Extent ExtentOf(FileSlice slice)
    {
        if (_open.TryAcquire(slice.FileIndex, FileAccess.Read, "read", out OpenFile? file) is { } error)
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
            _open.Release(file!);
        }
    }
}
