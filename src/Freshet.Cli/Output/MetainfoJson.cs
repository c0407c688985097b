using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Output;

/// <summary>Writes a .torrent file as one JSON object; its members are documented in docs/cli.md. Missing values are null.</summary>
internal static class MetainfoJson
{
    public static void Write(Utf8JsonWriter writer, TorrentMetainfo metainfo)
    {
        writer.WriteStartObject();
        writer.WriteString("infoHash", metainfo.InfoHash?.ToString());
        writer.WriteString("infoHashV2", metainfo.InfoHashV2?.ToString());
        writer.WriteString("name", metainfo.Name);
        writer.WriteNumber("size", metainfo.Layout.TotalLength);
        writer.WriteNumber("pieceLength", metainfo.Layout.PieceLength);
        writer.WriteNumber("pieceCount", metainfo.Layout.PieceCount);
        WriteFiles(writer, metainfo.Files);
        writer.WriteStartArray("trackers");
        foreach (ImmutableArray<string> tier in metainfo.Trackers)
            WriteStrings(writer, tier);
        writer.WriteEndArray();
        writer.WritePropertyName("webSeeds");
        WriteStrings(writer, metainfo.WebSeeds);
        writer.WriteBoolean("private", metainfo.IsPrivate);
        writer.WriteString("comment", metainfo.Comment);
        writer.WriteString("createdBy", metainfo.CreatedBy);
        writer.WriteString(
            "creationDate", metainfo.CreationDate?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        writer.WriteString("source", metainfo.Source);
        writer.WriteString("magnet", MagnetLink.Of(metainfo).ToString());
        writer.WritePropertyName("warnings");
        WriteStrings(writer, metainfo.Warnings);
        writer.WriteEndObject();
    }

    private static void WriteFiles(Utf8JsonWriter writer, ImmutableArray<TorrentFile> files)
    {
        writer.WriteStartArray("files");
        foreach (TorrentFile file in files)
        {
            writer.WriteStartObject();
            writer.WriteString("path", file.Path);
            writer.WriteNumber("size", file.Length);
            writer.WriteNumber("offset", file.Offset);
            writer.WritePropertyName("attributes");
            WriteStrings(writer, FileAttributeNames.Of(file.Traits));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteStrings(Utf8JsonWriter writer, ImmutableArray<string> values)
    {
        writer.WriteStartArray();
        foreach (string value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
