using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;

namespace Freshet.Cli.Checks;

/// <summary>How much of a file is good.</summary>
/// <param name="File">The file.</param>
/// <param name="Exists">Whether there is such a file on disk at all.</param>
/// <param name="ActualLength">Its length on disk.</param>
/// <param name="GoodBytes">Bytes of it that lie in good pieces.</param>
internal sealed record FileCheck(TorrentFile File, bool Exists, long ActualLength, long GoodBytes)
{
    /// <summary>Whether it is there, whole and right. A file of no bytes only has to be there.</summary>
    public bool IsGood => Exists && ActualLength == File.Length && GoodBytes == File.Length;

    /// <summary>Looks at every file that is stored, given the pieces that are good.</summary>
    public static ImmutableArray<FileCheck> Of(TorrentMetainfo metainfo, string folder, Bitfield good) =>
        [.. metainfo.Files.Where(file => !file.IsPadding && file.SymlinkTarget is null).Select(file => Of(metainfo.Layout, folder, good, file))];

    private static FileCheck Of(PieceLayout layout, string folder, Bitfield good, TorrentFile file)
    {
        FileInfo info = new(Path.Combine(folder, file.Path.Replace('/', Path.DirectorySeparatorChar)));
        long goodBytes = 0;
        PieceRange pieces = layout.PiecesOfFile(file.Index);
        for (int i = 0; i < pieces.Count; i++)
        {
            PieceIndex piece = new(pieces.First.Value + i);
            if (!good[piece])
                continue;
            long begin = Math.Max(layout.OffsetOf(piece), file.Offset);
            long end = Math.Min(layout.OffsetOf(piece) + layout.LengthOf(piece), file.Offset + file.Length);
            goodBytes += end - begin;
        }

        return new FileCheck(file, info.Exists, info.Exists ? info.Length : 0, goodBytes);
    }
}
