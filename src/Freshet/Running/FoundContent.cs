using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Disk.Files;

namespace Freshet.Running;

/// <summary>
/// Judges, by what was verified, whether the content of files that existed before a torrent belongs to the torrent. Zeros belong to nobody:
/// other programs leave them where nothing has been downloaded yet.
/// </summary>
internal sealed class FoundContent
{
    private readonly TorrentMetainfo _metainfo;
    private readonly TorrentStore _store;
    private readonly HashSet<int> _found;
    private readonly Bitfield _have;
    private readonly TorrentOptions _options;
    private readonly Lazy<ImmutableArray<FileStamp>> _stamps;

    /// <param name="metainfo">The torrent.</param>
    /// <param name="store">Its data.</param>
    /// <param name="found">The indices of the files that existed.</param>
    /// <param name="have">The verified pieces.</param>
    /// <param name="options">The torrent's options.</param>
    public FoundContent(
        TorrentMetainfo metainfo, TorrentStore store, ImmutableArray<int> found, Bitfield have, TorrentOptions options)
    {
        _metainfo = metainfo;
        _store = store;
        _found = [.. found];
        _have = have;
        _options = options;
        _stamps = new Lazy<ImmutableArray<FileStamp>>(store.GetStamps);
    }

    private PieceLayout Layout => _metainfo.Layout;

    /// <summary>Whether a file is not wanted, and nothing of it was verified.</summary>
    public bool IsUntouched(int file) => !IsWanted(file) && !HasVerified(file);

    /// <summary>
    /// The first piece that would overwrite bytes of a file that are not the torrent's; null if there is none. Where no hash can decide,
    /// because the rest of the piece is missing, it depends on whether any other piece of the file was verified. Blocks.
    /// </summary>
    public PieceIndex? FindDifference(int file)
    {
        PieceRange range = Layout.PiecesOfFile(file);
        long begin = Layout.OffsetOfFile(file);
        long end = begin + Math.Min(Layout.LengthOfFile(file), _stamps.Value[file].Length);
        bool hasVerified = HasVerified(file);
        for (int i = 0; i < range.Count; i++)
        {
            PieceIndex piece = new(range.First.Value + i);
            long from = Math.Max(begin, Layout.OffsetOf(piece));
            long to = Math.Min(end, Layout.OffsetOf(piece) + Layout.LengthOf(piece));
            if (from >= to)
                break;
            if (!_have[piece] && IsWanted(piece) && !(hasVerified && !IsThere(piece)) && _store.HoldsBytes(from, (int)(to - from)))
                return piece;
        }

        return null;
    }

    /// <summary>
    /// The first piece for which bytes of a file would be written; null if there is none. If another file lacks its part of a piece, what
    /// this one has of it is written again as it is.
    /// </summary>
    public PieceIndex? FindMissing(int file)
    {
        PieceRange range = Layout.PiecesOfFile(file);
        for (int i = 0; i < range.Count; i++)
        {
            PieceIndex piece = new(range.First.Value + i);
            if (!_have[piece] && IsWanted(piece) && (IsThere(piece) || _stamps.Value[file].Length < Layout.LengthOfFile(file)))
                return piece;
        }

        return null;
    }

    /// <summary>Whether a wanted piece is missing that will not be checked either.</summary>
    public bool LacksWanted(Bitfield? check)
    {
        if (!_options.OnlyPieces.IsEmpty)
            return _options.OnlyPieces.Any(IsLacking);
        bool wantsAll = !_options.FilePriorities.Contains(FilePriority.Skip);
        for (int i = 0; i < Layout.PieceCount; i++)
        {
            if (IsLacking(new PieceIndex(i)) && (wantsAll || IsWanted(new PieceIndex(i))))
                return true;
        }

        return false;

        bool IsLacking(PieceIndex piece) => !_have[piece] && check?[piece] != true;
    }

    private bool HasVerified(int file) => FileReport.VerifiedBytes(Layout, file, _have) > 0;

    private bool IsWanted(int file) =>
        file >= _options.FilePriorities.Length || _options.FilePriorities[file] != FilePriority.Skip;

    private bool IsWanted(PieceIndex piece) => _options.OnlyPieces.IsEmpty
        ? FilesOf(piece).Any(slice => IsWanted(slice.FileIndex))
        : _options.OnlyPieces.Contains(piece);

    // Whether all of a piece existed before the torrent, so that its hash is conclusive.
    private bool IsThere(PieceIndex piece) => FilesOf(piece).All(slice =>
        _found.Contains(slice.FileIndex) && _stamps.Value[slice.FileIndex].Length >= slice.Offset + slice.Length);

    private List<FileSlice> FilesOf(PieceIndex piece)
    {
        List<FileSlice> stored = [];
        foreach (FileSlice slice in Layout.SlicesOf(Layout.OffsetOf(piece), Layout.LengthOf(piece)))
        {
            if (!_metainfo.Files[slice.FileIndex].IsPadding)
                stored.Add(slice);
        }

        return stored;
    }
}
