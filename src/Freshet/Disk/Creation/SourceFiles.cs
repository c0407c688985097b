using System.Collections.Immutable;
using Freshet.Core.Pieces;
using Freshet.Disk.Files;
using Freshet.FileSystem;

namespace Freshet.Disk.Creation;

/// <summary>The files of a new torrent, read as one run of bytes; they must not change from the start on.</summary>
internal sealed class SourceFiles : IFileOpener, IDisposable
{
    private readonly ImmutableArray<SourceFile> _files;
    private readonly FileStamp[] _stamps;
    private readonly FileHandles _handles = new();

    public SourceFiles(TorrentHasherOptions options)
    {
        _files = options.Files;
        Layout = new PieceLayout(options.PieceLength, [.. _files.Select(file => file.Length)]);
        _stamps = [.. _files.Select(StampOf)];
    }

    public PieceLayout Layout { get; }

    /// <summary>The first file that has changed, or whose length differs from the stated one.</summary>
    public StorageError? FindChange()
    {
        for (int i = 0; i < _files.Length; i++)
        {
            if (_files[i].Path is { } path
                && (StampOf(_files[i]) != _stamps[i] || !_stamps[i].Exists || _stamps[i].Length != _files[i].Length))
                return Changed(path);
        }

        return null;
    }

    /// <summary>Reads a run of bytes.</summary>
    public StorageError? Read(long offset, IoBuffer buffer)
    {
        IoCursor cursor = new([buffer]);
        foreach (FileSlice slice in Layout.SlicesOf(offset, (int)buffer.Length))
        {
            if (_files[slice.FileIndex].Path is not { } path)
                cursor.Clear(slice.Length);
            else if (Read(slice, path, ref cursor) is { } error)
                return error;
        }

        return null;
    }

    public void Dispose() => _handles.Dispose();

    bool IFileOpener.IsClosed => false;

    // Links are followed, since the user has named the path.
    IFile IFileOpener.Open(int fileIndex, FileAccess access) => new SystemFile(
        File.OpenHandle(
            _files[fileIndex].Path!, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan),
        _files[fileIndex].Path!);

    void IFileOpener.OnEvicted(int fileIndex, IFile file)
    {
    }

    private StorageError? Read(FileSlice slice, string path, ref IoCursor cursor)
    {
        OpenFile? file = null;
        try
        {
            file = _handles.Acquire(new FileKey(this, slice.FileIndex), FileAccess.Read);
            return VectoredIo.TryRead(file.File, ref cursor, slice.Offset, slice.Length) ? null : Changed(path);
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            return StorageError.From(e, "read", path);
        }
        finally
        {
            if (file is not null)
                _handles.Release(file);
        }
    }

    private static FileStamp StampOf(SourceFile file)
    {
        if (file.Path is null)
            return default;
        FileInfo info = new(file.Path);
        return info.Exists ? new FileStamp(true, info.Length, info.LastWriteTimeUtc) : default;
    }

    private static StorageError Changed(string path) =>
        new(StorageErrorKind.Other, path, $"{path} changed while it was hashed. Wait until nothing writes to it, then try again.");
}
