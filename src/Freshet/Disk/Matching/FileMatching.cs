using System.Security.Cryptography;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;

namespace Freshet.Disk.Matching;

/// <summary>
/// Finds out by length and hash which files are a torrent's, whatever they are called. First those that hold whole pieces: one of which at
/// least half of these are good is taken. Then the small ones, whose pieces span several files: combinations are tried until the hash of
/// one such piece is right.
/// </summary>
internal sealed class FileMatching(TorrentMetainfo metainfo, FileCandidates candidates, CancellationToken cancellationToken) : IDisposable
{
    private readonly string?[] _paths = new string?[metainfo.Files.Length];
    private readonly Bitfield _good = new(metainfo.Layout.PieceCount);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
    private readonly byte[] _buffer = new byte[MatchLimits.BufferLength];
    private (string Path, FileStream Stream)? _open;

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
            TorrentFile[] files = FilesOf(piece);
            if (!_good[piece] && Array.Exists(files, file => !existing.Contains(file.Index)))
                MatchTogether(piece, files);
        }

        return [.. metainfo.Files
            .Where(file => _paths[file.Index] is not null && !existing.Contains(file.Index))
            .Select(file => new FoundFile(file, _paths[file.Index]!, IsWhole(file)))];
    }

    public void Dispose()
    {
        _open?.Stream.Dispose();
        _hash.Dispose();
    }

    private void MatchByOwnPieces(TorrentFile file, PieceRange inner)
    {
        int best = inner.Count / 2;
        foreach (string path in candidates.Of(file))
        {
            int bad = 0;
            Bitfield good = new(Layout.PieceCount);
            for (int i = 0; i < inner.Count && inner.Count - bad > best; i++)
            {
                PieceIndex piece = new(inner.First.Value + i);
                if (IsGood(piece, [path], _ => 0))
                    good.Add(piece);
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
                if (good[piece])
                    _good.Add(piece);
                else
                    _good.Remove(piece);
            }
        }
    }

    private void MatchTogether(PieceIndex piece, TorrentFile[] files)
    {
        IReadOnlyList<string>[] choices = Array.ConvertAll(files, ChoicesOf);
        long combinations = choices.Aggregate(1L, (product, choice) => Math.Min(product * choice.Count, MatchLimits.MaxCombinations));
        string[] paths = new string[files.Length];
        for (long combination = 0; combination < combinations; combination++)
        {
            long rest = combination;
            for (int i = 0; i < files.Length; i++)
            {
                paths[i] = choices[i][(int)(rest % choices[i].Count)];
                rest /= choices[i].Count;
            }

            if (!IsGood(piece, paths, index => Array.FindIndex(files, file => file.Index == index)))
                continue;
            for (int i = 0; i < files.Length; i++)
                _paths[files[i].Index] = paths[i];
            _good.Add(piece);
            return;
        }
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

    private TorrentFile[] FilesOf(PieceIndex piece)
    {
        List<TorrentFile> files = [];
        foreach (FileSlice slice in Layout.SlicesOf(Layout.OffsetOf(piece), Layout.LengthOf(piece)))
        {
            if (IsStored(metainfo.Files[slice.FileIndex]))
                files.Add(metainfo.Files[slice.FileIndex]);
        }

        return [.. files];
    }

    private bool IsGood(PieceIndex piece, string[] paths, Func<int, int> placeOf)
    {
        bool isRead = true;
        foreach (FileSlice slice in Layout.SlicesOf(Layout.OffsetOf(piece), Layout.LengthOf(piece)))
        {
            string? path = IsStored(metainfo.Files[slice.FileIndex]) ? paths[placeOf(slice.FileIndex)] : null;
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
    private int Read(string path, long offset, int count)
    {
        try
        {
            if (_open?.Path != path)
            {
                _open?.Stream.Dispose();
                _open = null;
                _open = (path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0));
            }

            return RandomAccess.Read(_open.Value.Stream.SafeFileHandle, _buffer.AsSpan(0, count), offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
