using System.Buffers;
using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>
/// Decides which files the part file holds bytes for, and copies the bytes of a file that is wanted again into the file itself, durably,
/// before anyone looks for them there. The part file is deleted only when it is recorded as empty, so that whenever the process ends,
/// everything is where the record says.
/// </summary>
internal sealed class PartFiling(FileStorageOptions options, PartFile part, TorrentFiles open, FileTree tree)
{
    private const int CopyLength = 128 * 1024;

    /// <summary>
    /// Makes the part file hold what files that are neither wanted nor existing share with wanted ones, and nothing of wanted files. An
    /// existing file that belongs to someone else counts as not existing. Blocks.
    /// </summary>
    /// <param name="skipped">The indices of unwanted files.</param>
    /// <param name="foreign">Files that exist but are not the torrent's; null for none.</param>
    public StorageError? Arrange(ImmutableHashSet<int> skipped, IReadOnlySet<int>? foreign = null) => part.Change(() =>
    {
        HashSet<PieceIndex> wanted = [];
        if (!skipped.IsEmpty && skipped.Count < options.Files.Length)
        {
            foreach (TorrentFile file in options.Files)
            {
                if (!skipped.Contains(file.Index) && open.IsStored(file.Index))
                    wanted.UnionWith(part.SharedBy(file.Index));
            }
        }

        foreach (TorrentFile file in options.Files)
        {
            bool isHeld = part.Holds(file.Index);
            if (isHeld && !skipped.Contains(file.Index) && BringOut(file) is { } error)
                return error;
            bool isOwn = open.Expected.Contains(file.Index) && foreign?.Contains(file.Index) != true;
            bool isToBeHeld = !isHeld && !isOwn && wanted.Count > 0 && skipped.Contains(file.Index) && open.IsStored(file.Index)
                && part.SharedBy(file.Index).Any(wanted.Contains);
            if (!isToBeHeld)
                continue;
            open.Expected.Remove(file.Index);
            Place(file, FileHome.PartFile);
        }

        return null;
    });

    /// <summary>Whether verified pieces were in the part file and it no longer exists. Blocks.</summary>
    public bool HasLost(Bitfield have) => !part.IsEmpty
        && options.Files.Any(file => part.Holds(file.Index) && part.SharedBy(file.Index).Any(piece => have[piece]))
        && !tree.HasPartFile;

    /// <summary>Deletes the part file if it is empty. Blocks.</summary>
    public StorageError? Tidy() => part.Change(() =>
    {
        if (!part.IsEmpty || !open.Expected.Contains(part.Index))
            return null;
        open.Close(forGood: false);
        open.Expected.Remove(part.Index);
        return tree.DeletePartFile();
    });

    private StorageError? BringOut(TorrentFile file)
    {
        foreach (PieceIndex piece in part.SharedBy(file.Index))
        {
            long begin = Math.Max(file.Offset, options.Layout.OffsetOf(piece)) - file.Offset;
            long end = Math.Min(file.Length, options.Layout.OffsetOf(piece) + options.Layout.LengthOf(piece) - file.Offset);
            FileSlice from = part.Locate(new FileSlice(file.Index, begin, (int)(end - begin)));
            if (Copy(from, file.Index, begin) is { } error)
                return error;
        }

        // There may be nothing to copy, and no file yet.
        if (open.Expected.Contains(file.Index) && MakeDurable(file.Index) is { } trouble)
            return trouble;
        Place(file, FileHome.Output);
        return null;
    }

    private void Place(TorrentFile file, FileHome home)
    {
        part.Set(file.Index, home == FileHome.PartFile);
        tree.Names.Place(file, home);
    }

    private StorageError? Copy(FileSlice from, int to, long offset)
    {
        if (open.TryAcquire(part.Index, FileAccess.Read, "read", out OpenFile? source) is { } missing)
            return missing.Kind == StorageErrorKind.Missing ? null : missing;
        try
        {
            return CopyData(source!.File, from, to, offset);
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            return StorageError.From(e, "copy what it shares with others to", open.PathOf(to));
        }
        finally
        {
            open.Release(source!);
        }
    }

    // Holes stay holes, and what lies beyond the end was never written.
    private StorageError? CopyData(IFile source, FileSlice from, int to, long offset)
    {
        long end = Math.Min(from.Offset + from.Length, source.Stat().Length);
        long begin = source.FindData(from.Offset);
        if (begin >= end)
            return null;
        if (open.TryAcquire(to, FileAccess.ReadWrite, "write", out OpenFile? target) is { } error)
            return error;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(CopyLength);
        try
        {
            for (long at = begin; at < end;)
            {
                int length = (int)Math.Min(CopyLength, end - at);
                Copy(source, at, target!.File, offset + at - from.Offset, buffer.AsSpan(0, length));
                at += length;
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            open.Dirty.AddFile(to);
            open.Release(target!);
        }
    }

    private static unsafe void Copy(IFile source, long from, IFile target, long to, Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            for (int read = 0; read < buffer.Length;)
            {
                int more = source.Read([new IoBuffer((nint)bytes + read, buffer.Length - read)], from + read);
                if (more == 0)
                    throw new EndOfStreamException("The file ends early.");
                read += more;
            }

            for (int written = 0; written < buffer.Length;)
                written += target.Write([new IoBuffer((nint)bytes + written, buffer.Length - written)], to + written);
        }
    }

    private StorageError? MakeDurable(int file)
    {
        if (open.Flush(file, isWritten: true) is { } error)
            return error;
        foreach (FilePath folder in open.FoldersOf(file))
        {
            // We cannot have created anything in a folder that this user may not access.
            if (open.FlushFolder(folder) is { Kind: not StorageErrorKind.PermissionDenied } trouble)
                return trouble;
        }

        return null;
    }
}
