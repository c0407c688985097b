using System.Security.Cryptography;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.FileSystem;

namespace Freshet.Disk.Matching;

/// <summary>
/// Finds out by length and hash which files are a torrent's, whatever they are called. First those that hold whole pieces: one of which at
/// least half of these are good is taken. Then the small ones, whose pieces span several files: combinations are tried until the hash of
/// one such piece is right. What is read for it is bounded, whatever the torrent says: see <see cref="MatchLimits.MaxReadTimes"/>.
/// </summary>
internal sealed class FileMatching(
    IFileSystem system, TorrentMetainfo metainfo, FileCandidates candidates, CancellationToken cancellationToken) : IDisposable
{
    private readonly string?[] _paths = new string?[metainfo.Files.Length];
    private readonly Bitfield _good = new(metainfo.Layout.PieceCount);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
    private readonly byte[] _buffer = new byte[MatchLimits.BufferLength];
    private (string Path, IFile File)? _open;

    /// <summary>How many bytes may still be read. What was found by then is all that is found.</summary>
    public long MayRead { get; set; } = (MatchLimits.MaxReadTimes * metainfo.Layout.TotalLength) + MatchLimits.MaxBytesBeside;

    /// <summary>Whether something was not tried because no more could be read.</summary>
    public bool IsCutShort { get; private set; }

    private PieceLayout Layout => metainfo.Layout;

    /// <summary>Whether a file of a torrent is on disk with bytes of its own.</summary>
    public static bool IsStored(TorrentFile file) => !file.IsPadding && file.SymlinkTarget is null && file.Length > 0;

    /// <summary>The files that were found.</summary>
    /// <param name="findExisting">The path of a file that is in its place, which is not looked for; null if it is not there.</param>
    public IReadOnlyList<FoundFile> Run(Func<TorrentFile, string?> findExisting)
    {
        HashSet<int> existing = [];
        foreach (TorrentFile file in metainfo.Files)
        {
            if (!IsStored(file))
                continue;
            _paths[file.Index] = findExisting(file);
            if (_paths[file.Index] is not null)
                existing.Add(file.Index);
            else if (InnerPieces(file) is { Count: > 0 } inner)
                MatchByOwnPieces(file, inner);
        }

        for (int i = 0; i < Layout.PieceCount; i++)
        {
            PieceIndex piece = new(i);
            if (_good[piece])
                continue;
            TorrentFile[] files = FilesOf(piece);
            if (Array.Exists(files, file => !existing.Contains(file.Index)))
                MatchTogether(piece, files);
        }

        return [.. metainfo.Files
            .Where(file => _paths[file.Index] is not null && !existing.Contains(file.Index))
            .Select(file => new FoundFile(file, _paths[file.Index]!, IsWhole(file)))];
    }

    public void Dispose()
    {
        _open?.File.Dispose();
        _hash.Dispose();
    }

    private void MatchByOwnPieces(TorrentFile file, PieceRange inner)
    {
        int best = inner.Count / 2;
        foreach (string path in candidates.Of(file))
        {
            if (best == inner.Count || !CanGoOn())
                return;
            if (!HasGoodSample(path, inner))
                continue;
            int bad = 0;
            Bitfield good = new(inner.Count);
            for (int i = 0; i < inner.Count && inner.Count - bad > best; i++)
            {
                if (IsGood(new PieceIndex(inner.First.Value + i), path))
                    good.Add(new PieceIndex(i));
                else
                    bad++;
            }

            if (good.Count <= best)
                continue;
            best = good.Count;
            _paths[file.Index] = path;
            for (int i = 0; i < inner.Count; i++)
            {
                PieceIndex piece = new(inner.First.Value + i);
                if (good[new PieceIndex(i)])
                    _good.Add(piece);
                else
                    _good.Remove(piece);
            }
        }
    }

    private bool HasGoodSample(string path, PieceRange inner)
    {
        int samples = Math.Min(inner.Count, MatchLimits.Samples);
        for (int i = 0; i < samples; i++)
        {
            if (IsGood(new PieceIndex(inner.First.Value + (int)((long)i * inner.Count / samples)), path))
                return true;
        }

        return false;
    }

    private void MatchTogether(PieceIndex piece, TorrentFile[] files)
    {
        if (files.Length > MatchLimits.MaxFilesOfPiece)
            return;
        IReadOnlyList<string>[] choices = Array.ConvertAll(files, ChoicesOf);
        long combinations = choices.Aggregate(1L, (product, choice) => Math.Min(product * choice.Count, MatchLimits.MaxCombinations));
        string[] paths = new string[files.Length];
        for (long combination = 0; combination < combinations && CanGoOn(); combination++)
        {
            long rest = combination;
            for (int i = 0; i < files.Length; i++)
            {
                paths[i] = choices[i][(int)(rest % choices[i].Count)];
                rest /= choices[i].Count;
            }

            if (!IsGood(piece, paths))
                continue;
            for (int i = 0; i < files.Length; i++)
                _paths[files[i].Index] = paths[i];
            _good.Add(piece);
            return;
        }
    }

    private bool CanGoOn()
    {
        IsCutShort |= MayRead <= 0;
        return MayRead > 0;
    }

    // One that has pieces of its own was found by them or is not there.
    private IReadOnlyList<string> ChoicesOf(TorrentFile file) =>
        _paths[file.Index] is { } known ? [known] : InnerPieces(file).Count > 0 ? [] : candidates.Of(file);

    private bool IsWhole(TorrentFile file)
    {
        PieceRange pieces = Layout.PiecesOfFile(file.Index);
        for (int i = 0; i < pieces.Count; i++)
        {
            if (!_good[new PieceIndex(pieces.First.Value + i)])
                return false;
        }

        return true;
    }

    /// <summary>The pieces of which a file holds every byte.</summary>
    private PieceRange InnerPieces(TorrentFile file)
    {
        PieceRange all = Layout.PiecesOfFile(file.Index);
        int first = all.First.Value;
        int end = first + all.Count;
        if (Layout.OffsetOf(all.First) < file.Offset)
            first++;
        PieceIndex last = new(end - 1);
        if (Layout.OffsetOf(last) + Layout.LengthOf(last) > file.Offset + file.Length)
            end--;
        return new PieceRange(new PieceIndex(first), Math.Max(end - first, 0));
    }

    // Of a piece that has too many, one more than may be.
    private TorrentFile[] FilesOf(PieceIndex piece)
    {
        List<TorrentFile> files = [];
        foreach (FileSlice slice in Layout.SlicesOf(Layout.OffsetOf(piece), Layout.LengthOf(piece)))
        {
            if (IsStored(metainfo.Files[slice.FileIndex]))
                files.Add(metainfo.Files[slice.FileIndex]);
            if (files.Count > MatchLimits.MaxFilesOfPiece)
                break;
        }

        return [.. files];
    }

    // The paths of the stored files that the piece spans, in their order.
    private bool IsGood(PieceIndex piece, params ReadOnlySpan<string> paths)
    {
        bool isRead = true;
        int next = 0;
        foreach (FileSlice slice in Layout.SlicesOf(Layout.OffsetOf(piece), Layout.LengthOf(piece)))
        {
            string? path = IsStored(metainfo.Files[slice.FileIndex]) ? paths[next++] : null;
            isRead = isRead && Append(path, slice.Offset, slice.Length);
        }

        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
        _hash.GetHashAndReset(digest);
        return isRead && digest.SequenceEqual(metainfo.HashOf(piece));
    }

    // Padding is zeros.
    private bool Append(string? path, long offset, long length)
    {
        if (path is null)
            _buffer.AsSpan().Clear();
        while (length > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = (int)Math.Min(length, _buffer.Length);
            int read = path is null ? count : Read(path, offset, count);
            if (read == 0)
                return false;
            _hash.AppendData(_buffer.AsSpan(0, read));
            offset += read;
            length -= read;
        }

        return true;
    }

    // What cannot be read is not the torrent's.
    private unsafe int Read(string path, long offset, int count)
    {
        MayRead -= Math.Max(count, MatchLimits.LeastReadCost);
        try
        {
            if (_open?.Path != path)
            {
                _open?.File.Dispose();
                _open = null;
                FilePath file = new(Path.GetDirectoryName(path)!, Path.GetFileName(path));
                _open = (path, system.Open(file, FileOpening.Read));
            }

            fixed (byte* first = _buffer)
                return _open.Value.File.Read([new IoBuffer((nint)first, count)], offset);
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            return 0;
        }
    }
}
