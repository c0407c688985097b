using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Freshet.Core.Bencoding;

namespace Freshet.Core.Metainfo;

/// <summary>
/// Parses .torrent files (BEP 3). Deviations that other clients accept are accepted with a warning; real errors name the field. Hybrid
/// torrents (BEP 52) are read as version 1.
/// </summary>
public static class MetainfoReader
{
    /// <summary>The largest .torrent file that is accepted, in bytes.</summary>
    public const int MaxLength = MetainfoLimits.MaxLength;

    /// <summary>The path rules of the system on which the program runs.</summary>
    public static PathRules NativeRules =>
        OperatingSystem.IsWindows() ? PathRules.Portable : OperatingSystem.IsMacOS() ? PathRules.PosixIgnoringCase : PathRules.Posix;

    /// <summary>Parses a .torrent file, with file names that are valid on this system (<see cref="NativeRules"/>).</summary>
    /// <param name="torrent">The content of the file. It is kept, not copied, and must not change afterwards.</param>
    /// <param name="metainfo">The parsed torrent, or null.</param>
    /// <param name="error">Why the torrent cannot be used, or null.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> torrent, [NotNullWhen(true)] out TorrentMetainfo? metainfo, [NotNullWhen(false)] out MetainfoError? error) =>
        TryRead(torrent, NativeRules, out metainfo, out error);

    /// <summary>Parses a .torrent file.</summary>
    /// <param name="torrent">The content of the file. It is kept, not copied, and must not change afterwards.</param>
    /// <param name="rules">The systems on which the files must be storable.</param>
    /// <param name="metainfo">The parsed torrent, or null.</param>
    /// <param name="error">Why the torrent cannot be used, or null.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> torrent,
        PathRules rules,
        [NotNullWhen(true)] out TorrentMetainfo? metainfo,
        [NotNullWhen(false)] out MetainfoError? error)
    {
        var parse = new MetainfoParse(rules);
        metainfo = Parse(torrent, parse) is BencodeDocument document ? ReadTorrent(document.Root, parse) : null;
        error = parse.Error;
        return metainfo is not null;
    }

    /// <summary>Parses a bare info dictionary, as peers send it (BEP 9). It contains no trackers.</summary>
    /// <param name="info">The raw bytes of the dictionary. They are kept, not copied, and must not change afterwards.</param>
    /// <param name="rules">The systems on which the files must be storable.</param>
    /// <param name="metainfo">The parsed torrent, or null.</param>
    /// <param name="error">Why the torrent cannot be used, or null.</param>
    public static bool TryReadInfo(
        ReadOnlyMemory<byte> info,
        PathRules rules,
        [NotNullWhen(true)] out TorrentMetainfo? metainfo,
        [NotNullWhen(false)] out MetainfoError? error)
    {
        var parse = new MetainfoParse(rules);
        metainfo = Parse(info, parse) is BencodeDocument document ? InfoReader.Read(document.Root, parse) : null;
        metainfo = metainfo is null ? null : metainfo with { Warnings = parse.Warnings.ToImmutable() };
        error = parse.Error;
        return metainfo is not null;
    }

    private static BencodeDocument? Parse(ReadOnlyMemory<byte> bytes, MetainfoParse parse)
    {
        if (bytes.Length > MetainfoLimits.MaxLength)
        {
            parse.Fail("", $"the torrent is larger than {MetainfoLimits.MaxLength >> 20} MiB", 0);
            return null;
        }

        BencodeOptions options = BencodeOptions.Tolerant with { AllowTrailingBytes = true };
        if (!BencodeDocument.TryParse(bytes, options, out BencodeDocument? document, out BencodeError error))
        {
            parse.Fail(
                "", WebPage.IsLikely(bytes.Span) ? "this is a web page, not a torrent" : $"this is not a torrent: {error}", error.Offset);
            return null;
        }

        if (document.Root.Kind != BencodeKind.Dictionary)
        {
            parse.Fail("", "this is not a torrent: the data is not a dictionary", 0);
            return null;
        }

        if (document.Deviation.Kind != BencodeErrorKind.None)
            parse.Warnings.Add("bencoding", $"{document.Deviation} was tolerated");
        if (document.Length < bytes.Length)
            parse.Warnings.Add("bencoding", $"{bytes.Length - document.Length} bytes after the end were ignored");
        return document;
    }

    private static TorrentMetainfo? ReadTorrent(BencodeValue root, MetainfoParse parse)
    {
        if (!parse.Require(root, "info"u8, BencodeKind.Dictionary, "info", out BencodeValue info))
            return null;
        if (InfoReader.Read(info, parse) is not TorrentMetainfo metainfo)
            return null;
        var links = new MetainfoLinks(parse);
        ImmutableArray<ImmutableArray<string>> trackers = links.ReadTrackers(root);
        return metainfo with
        {
            Trackers = trackers,
            WebSeeds = links.ReadWebSeeds(root),
            Nodes = links.ReadNodes(root),
            Similar = links.ReadSimilar(root, info),
            Comment = parse.Text(root, "comment.utf-8"u8) ?? parse.Text(root, "comment"u8),
            CreatedBy = parse.Text(root, "created by.utf-8"u8) ?? parse.Text(root, "created by"u8),
            CreationDate = ReadDate(root, parse),
            Source = metainfo.Source ?? parse.Text(root, "source"u8),
            Warnings = parse.Warnings.ToImmutable(),
        };
    }

    private static DateTimeOffset? ReadDate(BencodeValue root, MetainfoParse parse)
    {
        BencodeValue value = root["creation date"u8];
        if (!parse.Is(value, BencodeKind.Integer, "creation date"u8))
            return null;
        value.TryGetInteger(out long seconds);
        if (seconds >= 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            return DateTimeOffset.FromUnixTimeSeconds(seconds);
        parse.Warnings.Add("creation date", "is not a date and was ignored");
        return null;
    }
}
