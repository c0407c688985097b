using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Freshet.Core.Bencoding;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;

using Freshet.Disk;

namespace Freshet.Persistence;

/// <summary>
/// Resume records as files: <c>d4:datab…6:sha25632:…7:versioni1ee</c>, where <c>data</c> is the bencoded record as one byte string and
/// <c>sha256</c> is of it, so that a torn or foreign file is known at once.
/// </summary>
internal static class ResumeCodec
{
    private const int Version = 1;

    public static byte[] Write(ResumeRecord record) => Seal(BencodeWriter.Write(writer => WriteRecord(writer, record)));

    /// <summary>Puts a bencoded record under its checksum.</summary>
    public static byte[] Seal(byte[] data) => BencodeWriter.Write(writer =>
    {
        writer.WriteDictionaryStart();
        writer.Write("data"u8, data);
        writer.Write("sha256"u8, SHA256.HashData(data));
        writer.Write("version"u8, Version);
        writer.WriteEnd();
    });

    /// <summary>Reads a record of this torrent; if it is none, says why.</summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> bytes, TorrentMetainfo metainfo, [NotNullWhen(true)] out ResumeRecord? record, [NotNullWhen(false)] out string? error)
    {
        record = null;
        if (!BencodeDocument.TryParse(bytes, BencodeOptions.Strict, out BencodeDocument? outer, out BencodeError problem))
        {
            error = problem.ToString();
            return false;
        }

        BencodeValue root = outer.Root;
        if (!root["version"u8].TryGetInteger(out long version) || version != Version)
        {
            error = "version: not one that this program knows";
            return false;
        }

        if (!root["data"u8].TryGetString(out ReadOnlyMemory<byte> data)
            || !SHA256.HashData(data.Span).AsSpan().SequenceEqual(root["sha256"u8].String))
        {
            error = "sha256: the checksum does not match, so the file is damaged";
            return false;
        }

        if (!BencodeDocument.TryParse(data, BencodeOptions.Strict, out BencodeDocument? inner, out problem))
        {
            error = $"data: {problem}";
            return false;
        }

        record = ReadRecord(inner.Root, metainfo, out error);
        return record is not null;
    }

    private static void WriteRecord(BencodeWriter writer, ResumeRecord record)
    {
        writer.WriteDictionaryStart();
        writer.Write("clean"u8, record.IsClean ? 1 : 0);
        writer.Write("downloaded"u8, record.Downloaded);
        writer.WriteKey("files"u8);
        writer.WriteListStart();
        foreach (FileLook file in record.Files)
        {
            writer.WriteListStart();
            writer.WriteInteger(file.Exists ? file.Length : -1);
            writer.WriteInteger(file.LastWriteUtc.Ticks);
            writer.WriteEnd();
        }

        writer.WriteEnd();
        writer.Write("folder"u8, record.Folder);
        writer.Write("info-hash"u8, record.InfoHash.ToArray());
        writer.WriteKey("partial"u8);
        writer.WriteListStart();
        foreach (PartialPiece partial in record.Partial)
        {
            writer.WriteListStart();
            writer.WriteInteger(partial.Piece.Value);
            writer.WriteString(partial.Blocks.Span);
            writer.WriteEnd();
        }

        writer.WriteEnd();
        writer.Write("pieces"u8, record.Have.ToArray());
        writer.Write("uploaded"u8, record.Uploaded);
        writer.WriteEnd();
    }

    private static ResumeRecord? ReadRecord(BencodeValue root, TorrentMetainfo metainfo, out string? error)
    {
        error = null;
        if (!root["info-hash"u8].String.SequenceEqual(metainfo.SwarmHash.ToArray()))
            error = "info-hash: it is another torrent's";
        if (!root["pieces"u8].TryGetString(out ReadOnlyMemory<byte> bits)
            | !Bitfield.TryParse(bits.Span, metainfo.Layout.PieceCount, out Bitfield have))
            error ??= "pieces: not as many as the torrent has";
        List<FileLook>? files = ReadFiles(root["files"u8], metainfo.Files.Length);
        if (files is null)
            error ??= "files: not as many as the torrent has, each with size and time";
        List<PartialPiece>? partial = ReadPartial(root["partial"u8], metainfo.Layout, have);
        if (partial is null)
            error ??= "partial: not pieces with their blocks";
        if (!root["folder"u8].TryGetString(out ReadOnlyMemory<byte> folder))
            error ??= "folder: missing";
        if (!root["clean"u8].TryGetInteger(out long clean)
            | !root["downloaded"u8].TryGetInteger(out long downloaded)
            | !root["uploaded"u8].TryGetInteger(out long uploaded))
            error ??= "clean, downloaded, uploaded: one is missing";
        return error is not null ? null : new ResumeRecord
        {
            InfoHash = metainfo.SwarmHash,
            Folder = Encoding.UTF8.GetString(folder.Span),
            Have = have,
            Partial = partial!,
            Files = files!,
            IsClean = clean != 0,
            Downloaded = Math.Max(0, downloaded),
            Uploaded = Math.Max(0, uploaded),
        };
    }

    private static List<FileLook>? ReadFiles(BencodeValue list, int count)
    {
        List<FileLook> files = new(count);
        foreach (BencodeValue item in list.Items)
        {
            BencodeItems pair = item.Items;
            if (files.Count == count
                || !pair.MoveNext() || !pair.Current.TryGetInteger(out long length)
                || !pair.MoveNext() || !pair.Current.TryGetInteger(out long modified)
                || modified < 0 || modified > DateTime.MaxValue.Ticks)
                return null;
            files.Add(length < 0 ? default : new FileLook(true, length, new DateTime(modified, DateTimeKind.Utc)));
        }

        return files.Count == count ? files : null;
    }

    private static List<PartialPiece>? ReadPartial(BencodeValue list, PieceLayout layout, Bitfield have)
    {
        if (list.Kind != BencodeKind.List)
            return null;
        List<PartialPiece> partial = [];
        Bitfield seen = new(layout.PieceCount);
        foreach (BencodeValue item in list.Items)
        {
            BencodeItems pair = item.Items;
            if (!pair.MoveNext() || !pair.Current.TryGetInteger(out long number) || number < 0 || number >= layout.PieceCount)
                return null;
            PieceIndex piece = new((int)number);
            if (!pair.MoveNext() || !pair.Current.TryGetString(out ReadOnlyMemory<byte> bits)
                || !Bitfield.TryParse(bits.Span, layout.BlockCountOf(piece), out _)
                || have[piece] || !seen.Add(piece))
                return null;
            partial.Add(new PartialPiece(piece, bits));
        }

        return partial;
    }
}
