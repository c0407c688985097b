using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;

namespace Freshet.Cli.Checks;

/// <summary>How much of a file is verified.</summary>
/// <param name="File">The file.</param>
/// <param name="Exists">Whether there is such a file on disk.</param>
/// <param name="ActualLength">Its length on disk.</param>
/// <param name="VerifiedBytes">Bytes of it that lie in verified pieces.</param>
internal sealed record FileCheck(TorrentFile File, bool Exists, long ActualLength, long VerifiedBytes)
{
    /// <summary>Whether it exists, has its length, and all of it is verified. An empty file only has to exist.</summary>
    public bool IsComplete => Exists && ActualLength == File.Length && VerifiedBytes == File.Length;

    /// <summary>Looks at every file that is stored, given the verified pieces.</summary>
    public static ImmutableArray<FileCheck> Of(TorrentMetainfo metainfo, string folder, Bitfield verified) =>
        [.. metainfo.Files.Where(file => !file.IsPadding && file.SymlinkTarget is null).Select(file => Of(metainfo.Layout, folder, verified, file))];

    private static FileCheck Of(PieceLayout layout, string folder, Bitfield verified, TorrentFile file)
    {
        FileInfo info = new(Path.Combine(folder, file.Path.Replace('/', Path.DirectorySeparatorChar)));
        long verifiedBytes = 0;
        PieceRange pieces = layout.PiecesOfFile(file.Index);
        for (int i = 0; i < pieces.Count; i++)
        {
            PieceIndex piece = new(pieces.First.Value + i);
            if (!verified[piece])
                continue;
            long begin = Math.Max(layout.OffsetOf(piece), file.Offset);
            long end = Math.Min(layout.OffsetOf(piece) + layout.LengthOf(piece), file.Offset + file.Length);
            verifiedBytes += end - begin;
        }

        return new FileCheck(file, info.Exists, info.Exists ? info.Length : 0, verifiedBytes);
    }
}
