using System.Globalization;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;

namespace Freshet.Running;

/// <summary>
/// Files that were there before the torrent, as long as it says: others may have made them, so that nothing in them is overwritten if the
/// user wants that, or if they are another torrent's.
/// </summary>
/// <param name="metainfo">The torrent.</param>
/// <param name="store">Its data.</param>
/// <param name="memory">Where it is recorded which files they are.</param>
internal sealed class FoundFiles(TorrentMetainfo metainfo, TorrentStore store, TorrentMemory memory)
{
    /// <summary>Why the pieces that are missing cannot be written; null if they can. Blocks.</summary>
    /// <param name="have">The pieces that are there.</param>
    /// <param name="options">What is wanted.</param>
    /// <param name="shared">Files that are other torrents' as well.</param>
    public string? FindObjection(Bitfield have, TorrentOptions options, IReadOnlySet<int> shared)
    {
        if (memory.Record.Found.IsDefaultOrEmpty)
            return null;
        HashSet<int> found = [.. memory.Record.Found];
        if (options.ExistingFiles != ExistingFiles.Keep)
            found.IntersectWith(shared);
        foreach (int file in found)
        {
            if (FindDifference(file, found, have, options) is { } piece)
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{store.PathOf(metainfo.Files[file])} was there before the torrent, and differs from it in piece {piece.Value}. ")
                    + "Nothing in it is overwritten. Move it away, skip it, choose another folder, or allow that it is overwritten.";
        }

        return null;
    }

    private PieceIndex? FindDifference(int file, HashSet<int> found, Bitfield have, TorrentOptions options)
    {
        PieceLayout layout = metainfo.Layout;
        PieceRange range = layout.PiecesOfFile(file);
        long begin = layout.OffsetOfFile(file);
        long end = begin + layout.LengthOfFile(file);
        for (int i = 0; i < range.Count; i++)
        {
            PieceIndex piece = new(range.First.Value + i);
            if (have[piece] || !IsJudged(piece, found, options))
                continue;
            long from = Math.Max(begin, layout.OffsetOf(piece));
            long to = Math.Min(end, layout.OffsetOf(piece) + layout.LengthOf(piece));
            if (store.HoldsBytes(from, (int)(to - from)))
                return piece;
        }

        return null;
    }

    // Whether a piece is wanted, and lies in such files alone: of one that is shared with a file that is missing nothing can be said.
    private bool IsJudged(PieceIndex piece, HashSet<int> found, TorrentOptions options)
    {
        bool isWanted = options.OnlyPieces.Contains(piece);
        foreach (FileSlice slice in metainfo.Layout.SlicesOf(metainfo.Layout.OffsetOf(piece), metainfo.Layout.LengthOf(piece)))
        {
            int file = slice.FileIndex;
            if (metainfo.Files[file].IsPadding)
                continue;
            if (!found.Contains(file))
                return false;
            isWanted |= options.OnlyPieces.IsEmpty
                && (file >= options.FilePriorities.Length || options.FilePriorities[file] != FilePriority.Skip);
        }

        return isWanted;
    }
}
