using System.Globalization;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Disk.Files;

namespace Freshet.Persistence;

/// <summary>What to trust of a torrent's data at the start, and what to read and hash first.</summary>
internal abstract record ResumePlan
{
    private ResumePlan()
    {
    }

    /// <summary>Start with these pieces, after checking those.</summary>
    /// <param name="Have">Pieces trusted without reading.</param>
    /// <param name="Partial">Blocks trusted to be on disk, to be hashed with their piece.</param>
    /// <param name="Check">Pieces to read and hash; null for none.</param>
    public sealed record Go(Bitfield Have, IReadOnlyList<PartialPiece> Partial, Bitfield? Check) : ResumePlan;

    /// <summary>Do not start. For example, data has disappeared and would silently be downloaded again.</summary>
    /// <param name="Reason">Why, and what to do.</param>
    /// <param name="Code">The reason for programs.</param>
    public sealed record Refuse(string Reason, TorrentReason Code) : ResumePlan;

    /// <summary>Decides by the record and the current stamps of the files.</summary>
    /// <param name="metainfo">The torrent.</param>
    /// <param name="folder">The absolute folder of its files.</param>
    /// <param name="record">What an earlier run recorded of the torrent in this folder, or null.</param>
    /// <param name="files">The current stamps of the files.</param>
    /// <param name="map">Where they are stored; null if all are where the torrent says.</param>
    public static ResumePlan Decide(
        TorrentMetainfo metainfo, string folder, ResumeRecord? record, IReadOnlyList<FileStamp> files, FileMap? map = null)
    {
        if (record is null)
            return new Go(new Bitfield(metainfo.Layout.PieceCount), [], PiecesOnDisk(metainfo, files));

        if (record.Have.Count > 0 && FirstMissing(metainfo, record, files) is { } missing)
        {
            string path = (map ?? FileMap.Identity)[metainfo.Files[missing]].Path;
            string what = files.Any(file => file.Exists && file.Length > 0)
                ? string.Create(CultureInfo.InvariantCulture, $"\"{path}\" is not in {folder} any more.")
                : $"nothing of it is in {folder} any more; is the drive mounted?";
            return new Refuse(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{record.Have.Count:N0} of {metainfo.Layout.PieceCount:N0} pieces were downloaded, but {what} ")
                + "Put the data back, or have the torrent rechecked (--recheck) to download what is missing.",
                TorrentReason.Missing);
        }

        bool untouched = !Enumerable.Range(0, files.Count).Any(i => IsForeign(record, files, i));
        if (!untouched)
            return new Go(new Bitfield(metainfo.Layout.PieceCount), [], PiecesOnDisk(metainfo, files));
        if (record.IsClean)
            return new Go(record.Have.Clone(), record.Partial, null);

        // The last run did not end cleanly. What it had recorded was flushed before; what came after may be complete too.
        Bitfield check = new(metainfo.Layout.PieceCount);
        Bitfield? onDisk = PiecesOnDisk(metainfo, files);
        for (PieceIndex? piece = onDisk?.FirstAtOrAfter(default);
            piece is { } found;
            piece = onDisk!.FirstAtOrAfter(new PieceIndex(found.Value + 1)))
        {
            if (!record.Have[found])
                check.Add(found);
        }

        return new Go(record.Have.Clone(), record.Partial, check.Count == 0 ? null : check);
    }

    /// <summary>Every piece that overlaps a file on disk; null if there is none.</summary>
    private static Bitfield? PiecesOnDisk(TorrentMetainfo metainfo, IReadOnlyList<FileStamp> files)
    {
        Bitfield pieces = new(metainfo.Layout.PieceCount);
        for (int i = 0; i < files.Count; i++)
        {
            if (files[i].Length <= 0 || metainfo.Files[i].IsPadding)
                continue;
            PieceRange range = metainfo.Layout.PiecesOfFile(i);
            long length = Math.Min(files[i].Length, metainfo.Layout.LengthOfFile(i));
            if (length == 0)
                continue;
            PieceIndex last = metainfo.Layout.PieceAt(metainfo.Layout.OffsetOfFile(i) + length - 1);
            for (PieceIndex piece = range.First; piece <= last; piece = new PieceIndex(piece.Value + 1))
                pieces.Add(piece);
        }

        return pieces.Count == 0 ? null : pieces;
    }

    /// <summary>The first file that had verified pieces and no longer exists.</summary>
    private static int? FirstMissing(TorrentMetainfo metainfo, ResumeRecord record, IReadOnlyList<FileStamp> files)
    {
        for (int i = 0; i < files.Count; i++)
        {
            if (files[i].Exists || !record.Files[i].Exists)
                continue;
            PieceRange range = metainfo.Layout.PiecesOfFile(i);
            if (record.Have.FirstAtOrAfter(range.First) is { } piece && range.Contains(piece))
                return i;
        }

        return null;
    }

    /// <summary>Whether a file looks as if another program had written it since the record.</summary>
    private static bool IsForeign(ResumeRecord record, IReadOnlyList<FileStamp> files, int index)
    {
        FileStamp then = record.Files[index];
        FileStamp now = files[index];
        return record.IsClean
            ? then != now
            : (then.Exists && (!now.Exists || now.Length < then.Length)) || now.LastWriteUtc < then.LastWriteUtc;
    }
}
