using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Freshet.Core.Bencoding;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Disk.Files;

namespace Freshet.Persistence;

/// <summary>
/// Torrent records as files (<c>docs/state.md</c>). Missing numbers are zero, so that records of older versions can be read; what the
/// safety of the data depends on (pieces, files, blocks) must be complete and match the torrent, or the record is refused.
/// </summary>
internal static class ResumeCodec
{
    private const long NoTime = -1;

    public static byte[] Write(TorrentRecord record) => SealedFile.Seal(EntriesOf(record).ToArray());

    /// <inheritdoc cref="TryRead(ReadOnlyMemory{byte}, InfoHash, TorrentMetainfo?, out TorrentRecord?, out string?)"/>
    public static bool TryRead(
        ReadOnlyMemory<byte> bytes, TorrentMetainfo metainfo, [NotNullWhen(true)] out TorrentRecord? record,
        [NotNullWhen(false)] out string? error) => TryRead(bytes, metainfo.SwarmHash, metainfo, out record, out error);

    /// <summary>
    /// Reads this torrent's record; if it is invalid, says why. Without metadata, what it says about the data cannot be validated, and is
    /// ignored.
    /// </summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> bytes, InfoHash infoHash, TorrentMetainfo? metainfo, [NotNullWhen(true)] out TorrentRecord? record,
        [NotNullWhen(false)] out string? error)
    {
        record = SealedFile.TryOpen(bytes, out BencodeValue root, out error) ? ReadRecord(root, infoHash, metainfo, out error) : null;
        return record is not null;
    }

    private static RecordEntries EntriesOf(TorrentRecord record)
    {
        RecordEntries entries = new();
        entries.Add("active"u8, (long)record.Totals.ActiveTime.TotalSeconds);
        entries.Add("added"u8, record.AddedAt.ToUnixTimeSeconds());
        entries.Add("clock"u8, (long)record.Clock.TotalSeconds);
        if (record.CompletedAt is { } completed)
            entries.Add("completed"u8, completed.ToUnixTimeSeconds());
        entries.Add("downloaded"u8, record.Totals.Downloaded.Bytes);
        entries.Add("folder"u8, record.Folder);
        if (!record.Found.IsDefault)
            entries.Add("found"u8, writer => WriteFound(writer, record.Found));
        if (record.IsCompletionHandled)
            entries.Add("handled"u8, 1);
        entries.Add("info-hash"u8, record.InfoHash.ToArray());
        if (record.Map.Count > 0)
            entries.Add("map"u8, record.Map.Write);
        entries.Add("options"u8, OptionsCodec.Write(record.Options, record.ForeignOptions));
        if (record.Moving is { } moving)
            entries.Add(moving.IsSwitched ? "moved-from"u8 : "moving-to"u8, moving.Folder);
        if (record.HasPortableNames)
            entries.Add("portable-names"u8, 1);
        entries.Add("position"u8, record.Position);
        if (record.Renaming is { } renaming)
            entries.Add("renaming"u8, writer => WriteRenaming(writer, renaming));
        entries.Add("run"u8, (long)record.Run);
        if (record.SeedLimit is { } limit)
            entries.Add("seed-limit"u8, (long)limit + 1);
        entries.Add("seeding"u8, (long)record.Totals.SeedingTime.TotalSeconds);
        entries.Add("uploaded"u8, record.Totals.Uploaded.Bytes);
        if (record.Data is { } data)
        {
            entries.Add("clean"u8, data.IsClean ? 1 : 0);
            entries.Add("files"u8, writer => WriteFiles(writer, data.Files));
            entries.Add("partial"u8, writer => WritePartial(writer, data.Partial));
            entries.Add("pieces"u8, data.Have.ToArray());
        }

        return entries;
    }

    private static void WriteFiles(BencodeWriter writer, IReadOnlyList<FileStamp> files)
    {
        writer.WriteListStart();
        foreach (FileStamp file in files)
        {
            writer.WriteListStart();
            writer.WriteInteger(file.Exists ? file.Length : -1);
            writer.WriteInteger(file.LastWriteUtc.Ticks);
            writer.WriteEnd();
        }

        writer.WriteEnd();
    }

    private static void WritePartial(BencodeWriter writer, IReadOnlyList<PartialPiece> pieces)
    {
        writer.WriteListStart();
        foreach (PartialPiece partial in pieces)
        {
            writer.WriteListStart();
            writer.WriteInteger(partial.Piece.Value);
            writer.WriteString(partial.Blocks.Span);
            writer.WriteEnd();
        }

        writer.WriteEnd();
    }

    private static void WriteRenaming(BencodeWriter writer, PendingRename renaming)
    {
        writer.WriteListStart();
        writer.WriteInteger(renaming.File);
        writer.WriteString(renaming.Path);
        writer.WriteEnd();
    }

    private static TorrentRecord? ReadRecord(BencodeValue root, InfoHash infoHash, TorrentMetainfo? metainfo, out string? error)
    {
        error = null;
        if (!root["info-hash"u8].String.SequenceEqual(infoHash.ToArray()))
            error = "info-hash: it is another torrent's";
        ReadOnlySpan<byte> folder = root["folder"u8].String;
        if (folder.IsEmpty)
            error ??= "folder: missing";
        bool isPortable = Number(root["portable-names"u8]) != 0;
        PathRules rules = isPortable ? PathRules.Portable : MetainfoReader.NativeRules;
        FileMap map = FileMap.Identity;
        PendingRename? renaming = null;
        if (metainfo is not null && !TryReadMap(root["map"u8], metainfo, rules, out map))
            error ??= "map: not places in the folder for files of the torrent";
        if (metainfo is not null && !TryReadRenaming(root["renaming"u8], metainfo, rules, out renaming))
            error ??= "renaming: not a file of the torrent and a path in the folder";
        ResumeRecord? data = metainfo is null || root["pieces"u8].IsMissing ? null : ReadData(root, metainfo, ref error);
        if (error is not null)
            return null;
        TorrentOptions options = OptionsCodec.Read(root["options"u8], out ImmutableArray<ForeignEntry> foreign);
        long run = Number(root["run"u8], (long)RunState.Running);
        return new TorrentRecord
        {
            InfoHash = infoHash,
            Folder = Encoding.UTF8.GetString(folder),
            HasPortableNames = isPortable,
            Map = map,
            Renaming = renaming,
            Moving = ReadMoving(root),
            Found = metainfo is null ? default : ReadFound(root["found"u8], metainfo.Files.Length, isRecorded: data is not null),
            Options = options,
            ForeignOptions = foreign,
            Run = run <= (long)RunState.Queued ? (RunState)run : RunState.Running,
            Position = root["position"u8].TryGetInteger(out long position) ? position : 0,
            AddedAt = Time(root["added"u8]) ?? DateTimeOffset.UnixEpoch,
            CompletedAt = Time(root["completed"u8]),
            IsCompletionHandled = Number(root["handled"u8]) != 0,
            SeedLimit = ReadSeedLimit(root),
            Clock = Seconds(root["clock"u8]),
            Totals = new TorrentTotals
            {
                Downloaded = new ByteSize(Number(root["downloaded"u8])),
                Uploaded = new ByteSize(Number(root["uploaded"u8])),
                ActiveTime = Seconds(root["active"u8]),
                SeedingTime = Seconds(root["seeding"u8]),
            },
            Data = data,
        };
    }

    private static SeedLimit? ReadSeedLimit(BencodeValue root) =>
        Number(root["seed-limit"u8]) is > 0 and <= (long)SeedLimit.IdleTime + 1 and var number ? (SeedLimit)(number - 1) : null;

    // Other places are not known yet.
    private static bool TryReadMap(BencodeValue value, TorrentMetainfo metainfo, PathRules rules, out FileMap map)
    {
        map = FileMap.Identity;
        if (value.IsMissing)
            return true;
        bool isRead = FileMap.TryRead(value, metainfo.Files, rules, out FileMap read);
        map = read;
        return isRead && read.Files.All(file => read[metainfo.Files[file]].Home is FileHome.Output or FileHome.PartFile);
    }

    private static void WriteFound(BencodeWriter writer, ImmutableArray<int> files)
    {
        writer.WriteListStart();
        foreach (int file in files)
            writer.WriteInteger(file);
        writer.WriteEnd();
    }

    // Earlier versions did not look for existing files: all files they have recorded data of count as their own.
    private static ImmutableArray<int> ReadFound(BencodeValue list, int count, bool isRecorded)
    {
        if (list.IsMissing)
            return isRecorded ? [] : default;
        var files = ImmutableArray.CreateBuilder<int>();
        foreach (BencodeValue item in list.Items)
        {
            if (item.TryGetInteger(out long file) && file >= 0 && file < count)
                files.Add((int)file);
        }

        return files.ToImmutable();
    }

    private static PendingMove? ReadMoving(BencodeValue root)
    {
        bool isSwitched = !root["moved-from"u8].String.IsEmpty;
        string folder = Encoding.UTF8.GetString(isSwitched ? root["moved-from"u8].String : root["moving-to"u8].String);
        return Path.IsPathFullyQualified(folder) ? new PendingMove(folder, isSwitched) : null;
    }

    private static bool TryReadRenaming(BencodeValue value, TorrentMetainfo metainfo, PathRules rules, out PendingRename? renaming)
    {
        renaming = null;
        if (value.IsMissing)
            return true;
        BencodeItems pair = value.Items;
        if (!pair.MoveNext() || !pair.Current.TryGetInteger(out long file) || file < 0 || file >= metainfo.Files.Length
            || !pair.MoveNext() || pair.Current.Kind != BencodeKind.String)
            return false;
        renaming = new PendingRename((int)file, Encoding.UTF8.GetString(pair.Current.String));
        return FileMap.IsSafe(renaming.Path, rules);
    }

    private static ResumeRecord? ReadData(BencodeValue root, TorrentMetainfo metainfo, ref string? error)
    {
        if (!root["pieces"u8].TryGetString(out ReadOnlyMemory<byte> bits)
            | !Bitfield.TryParse(bits.Span, metainfo.Layout.PieceCount, out Bitfield have))
            error ??= "pieces: not as many as the torrent has";
        List<FileStamp>? files = ReadFiles(root["files"u8], metainfo.Files.Length);
        if (files is null)
            error ??= "files: not as many as the torrent has, each with size and time";
        List<PartialPiece>? partial = ReadPartial(root["partial"u8], metainfo.Layout, have);
        if (partial is null)
            error ??= "partial: not pieces with their blocks";
        if (!root["clean"u8].TryGetInteger(out long clean))
            error ??= "clean: missing";
        return error is not null ? null : new ResumeRecord { Have = have, Partial = partial!, Files = files!, IsClean = clean != 0 };
    }

    private static long Number(BencodeValue value, long otherwise = 0) =>
        value.TryGetInteger(out long number) ? Math.Max(0, number) : otherwise;

    private static TimeSpan Seconds(BencodeValue value) =>
        TimeSpan.FromSeconds(Math.Min(Number(value), (long)TimeSpan.MaxValue.TotalSeconds / 2));

    private static DateTimeOffset? Time(BencodeValue value)
    {
        long seconds = Number(value, NoTime);
        return seconds >= 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
    }

    private static List<FileStamp>? ReadFiles(BencodeValue list, int count)
    {
        List<FileStamp> files = new(count);
        foreach (BencodeValue item in list.Items)
        {
            BencodeItems pair = item.Items;
            if (files.Count == count
                || !pair.MoveNext() || !pair.Current.TryGetInteger(out long length)
                || !pair.MoveNext() || !pair.Current.TryGetInteger(out long modified)
                || modified < 0 || modified > DateTime.MaxValue.Ticks)
                return null;
            files.Add(length < 0 ? default : new FileStamp(true, length, new DateTime(modified, DateTimeKind.Utc)));
        }

        return files.Count == count ? files : null;
    }

    private static List<PartialPiece>? ReadPartial(BencodeValue list, PieceLayout layout, Bitfield have)
    {
        if (list.Kind != BencodeKind.List)
            return null;
        List<PartialPiece> partial = [];
        Bitfield? seen = null;
        foreach (BencodeValue item in list.Items)
        {
            BencodeItems pair = item.Items;
            if (!pair.MoveNext() || !pair.Current.TryGetInteger(out long number) || number < 0 || number >= layout.PieceCount)
                return null;
            PieceIndex piece = new((int)number);
            if (!pair.MoveNext() || !pair.Current.TryGetString(out ReadOnlyMemory<byte> bits)
                || !Bitfield.TryParse(bits.Span, layout.BlockCountOf(piece), out _)
                || have[piece] || !(seen ??= new Bitfield(layout.PieceCount)).Add(piece))
                return null;
            partial.Add(new PartialPiece(piece, bits));
        }

        return partial;
    }
}
