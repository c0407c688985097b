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
/// Files are created when they are first written, opened for writing only then, and grow as data comes (sparse). What a file that the
/// user skips shares in a piece with a wanted one goes to the <see cref="PartFile"/>, so that the file itself is not made.
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
    /// <param name="skipped">Files that are not wanted, by their index; the default wants all.</param>
    public StorageError? Prepare(ImmutableHashSet<int>? skipped = null)
    {
        ImmutableHashSet<int> unwanted = _open.Skipped = skipped ?? [];
        foreach (TorrentFile file in _files)
        {
            // Nobody waits any more if the torrent was closed while its disk hung.
            if (_open.IsClosed)
                break;
            if (!unwanted.Contains(file.Index) && _tree.Prepare(file, _open.Dirty) is { } error)
                return error;
        }

        return null;
    }

    /// <summary>Whether the download folder is there.</summary>
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
        _open.Expected.Begin(stamps, hasPartFile: _files.Length > 1 && _tree.HasPartFile);
        _open.DirtyOrNull?.BeginRun();
    }

    /// <summary>Somebody may have written the expected files and not flushed them: the next flush includes them.</summary>
    public void DoubtExpected()
    {
        for (int i = 0; i <= _part.Index; i++)
        {
            if (_open.Expected.Contains(i))
                _open.Dirty.AddFound(i);
        }
    }

    /// <summary>The torrent's files that were written and flushed since the last call.</summary>
    public IReadOnlyCollection<int> TakeFlushed() =>
        _open.DirtyOrNull is { } dirty ? [.. dirty.TakeFlushed().Where(file => file != _part.Index)] : [];

    /// <summary>Tells of the first file that is not where it was written.</summary>
    public StorageError? FindLoss() => _open.FindLoss();

    /// <summary>Where each file is stored.</summary>
    public FileNames Names => _tree.Names;

    /// <summary>Why <see cref="Rename"/> would do nothing; null if it would.</summary>
    public StorageError? FindObstacle(TorrentFile file, string path, bool mustExist) =>
        Names.FindObstacle(file, path, mustExist || _open.Expected.Contains(file.Index));

    /// <summary>
    /// Gives a file another name, in use or not; see <see cref="FileNames.Rename"/>. Links to it follow: an error may concern only them.
    /// </summary>
    /// <param name="file">Which.</param>
    /// <param name="path">Its path below the download folder from now on.</param>
    /// <param name="mustExist">Whether it was there when it was recorded last.</param>
    public StorageError? Rename(TorrentFile file, string path, bool mustExist) =>
        Names.Rename(file, path, mustExist || _open.Expected.Contains(file.Index)) ?? _tree.LinkAgain(file, _open.Dirty);

    /// <summary>Deletes the torrent's own files and links, then those of its folders that are empty.</summary>
    /// <param name="kept">Files that stay, by their index; null for none.</param>
    /// <param name="mayGoOn">Asked before each file; null for always.</param>
    /// <returns>The first error. Files after it are deleted all the same.</returns>
    public StorageError? DeleteFiles(IReadOnlySet<int>? kept = null, Func<bool>? mayGoOn = null)
    {
        Close();
        return _tree.Delete(kept, mayGoOn);
    }

    /// <summary>Closes the files. May still be in use by readers; they open what they need anew.</summary>
    public void Close() => _open.Close(forGood: false);

    public void Dispose() => _open.Close(forGood: true);

    private FileStamp[] Look(Action<TorrentFile, FileEntry> onFound)
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
                // What cannot be looked at cannot be read either; whoever reads it hears why. It may be there later.
            }
        }

        return stamps;
    }

    /// <summary>Moves bytes between buffers and files, one file after the other.</summary>
    /// <returns>False if some could not be moved: for an error, or because they would have to be waited for.</returns>
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
        // A file that is not open would have to be opened, which may take as long as a read.
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
