using System.Collections.Immutable;
using System.Security.Cryptography;
using Freshet.Core.Bencoding;
using Freshet.Core.Pieces;

namespace Freshet.Core.Metainfo;

/// <summary>Parses the info dictionary: the torrent's content, and the data that its hash covers (BEP 3, 27, 47, 52).</summary>
internal static class InfoReader
{
    public static TorrentMetainfo? Read(BencodeValue info, MetainfoParse parse)
    {
        if (!CheckVersion(info, parse, out bool isHybrid)
            || !CheckOpen(info["ssl-cert"u8], parse)
            || !ReadPieceLength(info, parse, out int pieceLength)
            || !parse.Require(info, "pieces"u8, BencodeKind.String, "info.pieces", out BencodeValue pieces)
            || !ReadName(info, parse, out string name)
            || !new FileListReader(info, name, parse).TryRead(out ImmutableArray<TorrentFile> files)
            || !CheckPieces(pieces, files, pieceLength, parse))
        {
            return null;
        }

        pieces.TryGetString(out ReadOnlyMemory<byte> hashes);
        ReadOnlyMemory<byte> raw = info.Raw;
        return new TorrentMetainfo
        {
            InfoHash = new InfoHash(SHA1.HashData(raw.Span)),
            InfoHashV2 = isHybrid ? new InfoHashV2(SHA256.HashData(raw.Span)) : null,
            Name = name,
            IsMultiFile = info["files"u8].Kind == BencodeKind.List,
            Files = files,
            Layout = new PieceLayout(pieceLength, ImmutableArray.CreateRange(files, file => file.Length)),
            PieceHashes = hashes,
            IsPrivate = ReadPrivate(info["private"u8], parse),
            Source = parse.Text(info, "source"u8),
            InfoBytes = raw,
            InfoLength = raw.Length,
        };
    }

    private static bool CheckVersion(BencodeValue info, MetainfoParse parse, out bool isHybrid)
    {
        BencodeValue version = info["meta version"u8];
        isHybrid = false;
        if (!version.TryGetInteger(out long number) || number == 1)
            return true;
        if (info["pieces"u8].IsMissing)
        {
            return parse.Fail(
                "info.meta version",
                number == 2 ? "torrents of version 2 alone are not supported yet" : $"version {number} is not known",
                version);
        }

        isHybrid = number == 2;
        return true;
    }

    /// <summary>Its creator relies on keeping strangers out, so it must not be shared over connections that are open to all.</summary>
    private static bool CheckOpen(BencodeValue certificate, MetainfoParse parse) => certificate.IsMissing || parse.Fail(
        "info.ssl-cert", "torrents whose peers must speak TLS to each other are not supported; use a client that has SSL torrents",
        certificate);

    private static bool ReadPieceLength(BencodeValue info, MetainfoParse parse, out int pieceLength)
    {
        const string Field = "info.piece length";
        pieceLength = 0;
        if (!parse.Require(info, "piece length"u8, BencodeKind.Integer, Field, out BencodeValue value))
            return false;
        value.TryGetInteger(out long length);
        if (length <= 0)
            return parse.Fail(Field, $"is {length}, but must be positive", value);
        if (length > Limits.MaxPieceLength)
            return parse.Fail(Field, $"is {length}; pieces over {Limits.MaxPieceLength >> 20} MiB are not accepted", value);
        pieceLength = (int)length;
        return true;
    }

    private static bool ReadName(BencodeValue info, MetainfoParse parse, out string name)
    {
        name = "";
        BencodeValue value = info["name.utf-8"u8];
        if (value.String.IsEmpty && !parse.Require(info, "name"u8, BencodeKind.String, "info.name", out value))
            return false;
        if (value.String.IsEmpty)
        {
            name = Convert.ToHexStringLower(SHA1.HashData(info.Raw.Span));
            parse.Warnings.Add("info.name", "is empty; the info-hash is used instead");
            return true;
        }

        name = PathElement.Clean(value.String, parse.Rules, out bool changed);
        if (changed)
            parse.Warnings.Add("info.name", $"was made safe: '{name}'");
        return true;
    }

    private static bool CheckPieces(BencodeValue pieces, ImmutableArray<TorrentFile> files, int pieceLength, MetainfoParse parse)
    {
        const string Field = "info.pieces";
        int length = pieces.String.Length;
        if (length % Bytes20.Length != 0)
            return parse.Fail(Field, $"has {length} bytes, not a multiple of {Bytes20.Length}", pieces);
        long total = files[^1].Offset + files[^1].Length;
        if (total == 0)
            return parse.Fail(Field, "the torrent's files are all empty", pieces);
        long wanted = ((total - 1) / pieceLength) + 1;
        if (wanted > Limits.MaxPieces)
            return parse.Fail(Field, $"{wanted} pieces are more than the {Limits.MaxPieces} that are accepted", pieces);
        return length / Bytes20.Length == wanted
            || parse.Fail(Field, $"holds {length / Bytes20.Length} hashes, but the files' {total} bytes make {wanted} pieces", pieces);
    }

    /// <summary>
    /// Anything that is present and not clearly false counts as true: a torrent that was meant to be private must not leak because of its
    /// creator's mistake.
    /// </summary>
    private static bool ReadPrivate(BencodeValue value, MetainfoParse parse)
    {
        if (value.IsMissing || (value.TryGetInteger(out long number) && number == 0))
            return false;
        if (value.Kind == BencodeKind.Integer)
            return true;
        bool isPrivate = value.Kind != BencodeKind.String || !(value.String.IsEmpty || value.String.SequenceEqual("0"u8));
        parse.Warnings.Add("info.private", $"is not a number; the torrent is taken to be {(isPrivate ? "private" : "public")}");
        return isPrivate;
    }
}
