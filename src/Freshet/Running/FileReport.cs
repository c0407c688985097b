using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Running;

/// <summary>Computes the status of a torrent's files from a snapshot of its pieces, on the caller's thread.</summary>
internal static class FileReport
{
    public static ImmutableArray<TorrentFileStatus> Of(
        TorrentMetainfo metainfo, string folder, FileMap map, ImmutableArray<FilePriority> priorities, Bitfield have)
    {
        var files = ImmutableArray.CreateBuilder<TorrentFileStatus>(metainfo.Files.Length);
        foreach (TorrentFile file in metainfo.Files)
        {
            files.Add(new TorrentFileStatus
            {
                Index = file.Index,
                Path = file.Path,
                StoredPath = Path.Combine(folder, map[file].Path.Replace('/', Path.DirectorySeparatorChar)),
                Length = new ByteSize(file.Length),
                Priority = file.Index < priorities.Length ? priorities[file.Index] : FilePriority.Normal,
                Verified = new ByteSize(VerifiedBytes(metainfo.Layout, file.Index, have)),
                IsPadding = file.IsPadding,
            });
        }

        return files.MoveToImmutable();
    }

    /// <summary>The bytes of a file that lie in verified pieces.</summary>
    public static long VerifiedBytes(PieceLayout layout, int file, Bitfield have)
    {
        long begin = layout.OffsetOfFile(file);
        long end = begin + layout.LengthOfFile(file);
        if (have.IsFull)
            return end - begin;
        PieceRange range = layout.PiecesOfFile(file);
        long bytes = 0;
        for (PieceIndex? next = have.FirstAtOrAfter(range.First);
            next is { } piece && range.Contains(piece);
            next = have.FirstAtOrAfter(new(piece.Value + 1)))
        {
            long first = layout.OffsetOf(piece);
            bytes += Math.Min(end, first + layout.LengthOf(piece)) - Math.Max(begin, first);
        }

        return bytes;
    }
}
