using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Disk;

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
    private readonly DirtyFiles _dirty = new();
    private readonly bool[] _expected;
    private volatile bool _expectsAny;
    private volatile StorageError? _replaced;

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
        foreach (TorrentFile file in _files)
        {
            if (skipped?.Contains(file.Index) != true && _tree.Prepare(file, _dirty) is { } error)
                return error;
        }

        return null;
    }

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

    public StorageError? Flush() => _dirty.Flush(this);

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
        if (!Native.HasFileAdvice)
            return;
        foreach (FileSlice slice in _layout.SlicesOf(offset, length))
        {
            if (IsStored(slice.FileIndex) && TryAcquire(slice.FileIndex, FileAccess.Read, "read", out OpenFile? file) is null)
            {
                // Advice that is not taken does no harm.
                _ = Native.FAdvise(file!.Handle, slice.Offset, slice.Length, Native.AdviseWillNeed);
                _handles.Release(file);
            }
        }
    }

    /// <summary>What each file looks like; pad files and links look as if they did not exist.</summary>
    public FileLook[] Look()
    {
        FileLook[] looks = new FileLook[_files.Length];
        foreach (TorrentFile file in _files)
        {
            FileInfo info = new(_tree.PathOf(file));
            if (IsStored(file.Index) && info.Exists)
                looks[file.Index] = new FileLook(true, info.Length, info.LastWriteTimeUtc);
        }

        return looks;
    }

    /// <summary>A run begins: files that are there now are never created anew in it, for if one goes, its disk may have gone.</summary>
    public void Expect(FileLook[] looks)
    {
        for (int i = 0; i < looks.Length; i++)
            _expected[i] = looks[i].Exists;
        _expectsAny = Array.IndexOf(_expected, true) >= 0;
        _replaced = null;
    }

    /// <summary>The files that were written and flushed since the last call.</summary>
    public IReadOnlyCollection<int> TakeFlushed() => _dirty.TakeFlushed();

    /// <summary>Tells of the first file that is not where it was written.</summary>
    public StorageError? FindLoss()
    {
        for (int i = 0; i < _files.Length; i++)
        {
            if (!_expected[i] || !IsStored(i))
                continue;
            string path = PathOf(i);
            OpenFile? open = _handles.TryAcquireOpen(new FileKey(this, i));
            try
            {
                StorageError? loss = open is not null ? FindLoss(path, open.Handle) : File.Exists(path) ? null : StorageError.Missing(path);
                if (loss is not null)
                    return loss;
            }
            finally
            {
                if (open is not null)
                    _handles.Release(open);
            }
        }

        return null;
    }

    /// <summary>Deletes the torrent's own files and links, then those of its folders that are empty.</summary>
    public StorageError? DeleteFiles()
    {
        _handles.Drop(this);
        return _tree.Delete();
    }

    /// <summary>Closes the files. May still be in use by readers; they open what they need anew.</summary>
    public void Close() => _handles.Drop(this);

    public void Dispose() => Close();

    SafeFileHandle IFileOpener.Open(int fileIndex, FileAccess access)
    {
        TorrentFile file = _files[fileIndex];
        if (access == FileAccess.Read)
            return _tree.OpenToRead(file);
        if (!_expected[fileIndex] && _expectsAny)
            _tree.RequireTop(file);
        SafeFileHandle handle = _tree.OpenToWrite(file, _dirty, mustExist: _expected[fileIndex]);
        _expected[fileIndex] = _expectsAny = true;
        return handle;
    }

    /// <summary>Makes one file durable.</summary>
    internal StorageError? FlushFile(int fileIndex)
    {
        if (_replaced is { } replaced)
            return replaced;
        if (TryAcquire(fileIndex, FileAccess.ReadWrite, "flush", out OpenFile? file) is { } error)
            return error;
        try
        {
            RandomAccess.FlushToDisk(file!.Handle);
            return FindLoss(PathOf(fileIndex), file.Handle);
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

    /// <summary>Tells if what was written to an open file cannot be found at its path any more.</summary>
    private StorageError? FindLoss(string path, SafeFileHandle handle) => FileIdentity.Compare(path, handle) switch
    {
        FileIdentity.Verdict.Gone => StorageError.Missing(path),
        FileIdentity.Verdict.Another => _replaced = StorageError.Replaced(path),
        _ => null,
    };

    private bool IsStored(int fileIndex) => _files[fileIndex] is { IsPadding: false, SymlinkTarget: null };

    private string PathOf(int fileIndex) => _tree.PathOf(_files[fileIndex]);

    private StorageError? WriteSlice(FileSlice slice, ref IoCursor cursor)
    {
        if (TryAcquire(slice.FileIndex, FileAccess.ReadWrite, "write", out OpenFile? file) is { } error)
            return error;
        try
        {
            VectoredIo.Write(file!.Handle, ref cursor, slice.Offset, slice.Length);
            return null;
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            return StorageError.From(e, "write", PathOf(slice.FileIndex));
        }
        finally
        {
            // After the write: a flush meanwhile would have forgotten it.
            _dirty.AddFile(slice.FileIndex);
            _handles.Release(file!);
        }
    }

    private StorageError? ReadSlice(FileSlice slice, ref IoCursor cursor)
    {
        if (TryAcquire(slice.FileIndex, FileAccess.Read, "read", out OpenFile? file) is { } error)
            return error;
        try
        {
            return VectoredIo.TryRead(file!.Handle, ref cursor, slice.Offset, slice.Length)
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

    private Extent ExtentOf(FileSlice slice)
    {
        if (TryAcquire(slice.FileIndex, FileAccess.Read, "read", out OpenFile? file) is { } error)
            return error.Kind == StorageErrorKind.Missing ? Extent.Missing : Extent.Data;
        try
        {
            long data = Native.HasFileAdvice ? Native.LSeek(file!.Handle, slice.Offset, Native.SeekData) : slice.Offset;
            bool isHole = data >= slice.Offset + slice.Length
                || (data < 0 && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == Errno.NoSuchDeviceOrAddress);
            if (!isHole)
                return Extent.Data;
            return RandomAccess.GetLength(file!.Handle) >= slice.Offset + slice.Length ? Extent.Hole : Extent.Missing;
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
        catch (UnsafePathException)
        {
            return StorageError.Unsafe(PathOf(fileIndex));
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            return StorageError.From(e, action, PathOf(fileIndex));
        }
    }
}
