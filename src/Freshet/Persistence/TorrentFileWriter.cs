using System.Collections.Immutable;
using System.Globalization;
using Freshet.Core.Bencoding;
using Freshet.Core.Metainfo;

namespace Freshet.Persistence;

/// <summary>Writes a parsed torrent back as a .torrent. The info dictionary stays unchanged byte by byte, and so do the hashes.</summary>
internal static class TorrentFileWriter
{
    public static byte[] Write(TorrentMetainfo metainfo)
    {
        RecordEntries entries = new();
        if (metainfo.Trackers is [[var first, ..], ..])
            entries.Add("announce"u8, first);
        if (metainfo.Trackers.Length > 0)
            entries.Add("announce-list"u8, writer => WriteTiers(writer, metainfo.Trackers));
        if (metainfo.Comment is { } comment)
            entries.Add("comment"u8, comment);
        if (metainfo.CreatedBy is { } creator)
            entries.Add("created by"u8, creator);
        if (metainfo.CreationDate is { } date)
            entries.Add("creation date"u8, date.ToUnixTimeSeconds());
        entries.Add("info"u8, writer => writer.WriteRaw(metainfo.InfoBytes.Span));
        if (metainfo.Nodes.Length > 0)
            entries.Add("nodes"u8, writer => WriteNodes(writer, metainfo.Nodes));
        if (metainfo.WebSeeds.Length > 0)
            entries.Add("url-list"u8, writer => WriteList(writer, metainfo.WebSeeds));
        return entries.ToArray();
    }

    private static void WriteTiers(BencodeWriter writer, ImmutableArray<ImmutableArray<string>> tiers)
    {
        writer.WriteListStart();
        foreach (ImmutableArray<string> tier in tiers)
            WriteList(writer, tier);
        writer.WriteEnd();
    }

    private static void WriteNodes(BencodeWriter writer, ImmutableArray<string> nodes)
    {
        writer.WriteListStart();
        foreach (string node in nodes)
        {
            int colon = node.LastIndexOf(':');
            writer.WriteListStart();
            writer.WriteString(node[..colon].Trim('[', ']'));
            writer.WriteInteger(int.Parse(node.AsSpan(colon + 1), CultureInfo.InvariantCulture));
            writer.WriteEnd();
        }

        writer.WriteEnd();
    }

    private static void WriteList(BencodeWriter writer, ImmutableArray<string> items)
    {
        writer.WriteListStart();
        foreach (string item in items)
            writer.WriteString(item);
        writer.WriteEnd();
    }
}
