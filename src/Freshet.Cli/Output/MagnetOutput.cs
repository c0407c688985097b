using System.Globalization;
using System.Text.Json;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Output;

/// <summary>Writes the content of a magnet link as text and as one JSON object; its members are documented in docs/cli.md.</summary>
internal static class MagnetOutput
{
    public static void WriteText(TextWriter output, MagnetLink link)
    {
        Field(output, "Name", link.DisplayName);
        Field(output, "Info-hash", link.InfoHash?.ToString());
        Field(output, "Info-hash v2", link.InfoHashV2?.ToString());
        foreach (string tracker in link.Trackers)
            Field(output, "Tracker", tracker);
        foreach (string webSeed in link.WebSeeds)
            Field(output, "Web seed", webSeed);
        foreach (string peer in link.Peers)
            Field(output, "Peer", peer);
        if (!link.SelectedFiles.IsEmpty)
            Field(output, "Files", string.Join(", ", link.SelectedFiles));
        Field(output, "Magnet", link.ToString());
        output.WriteLine();
        output.WriteLine("What the torrent holds is not in the link; --fetch asks its peers.");
    }

    public static void WriteJson(Utf8JsonWriter writer, MagnetLink link)
    {
        writer.WriteStartObject();
        writer.WriteString("infoHash", link.InfoHash?.ToString());
        writer.WriteString("infoHashV2", link.InfoHashV2?.ToString());
        writer.WriteString("name", link.DisplayName);
        writer.WriteStartArray("trackers");
        foreach (string tracker in link.Trackers)
            WriteStrings(writer, [tracker]);
        writer.WriteEndArray();
        writer.WritePropertyName("webSeeds");
        WriteStrings(writer, link.WebSeeds);
        writer.WritePropertyName("peers");
        WriteStrings(writer, link.Peers);
        writer.WriteStartArray("selectedFiles");
        foreach (FileRange range in link.SelectedFiles)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(range.First);
            writer.WriteNumberValue(range.Last);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteString("magnet", link.ToString());
        writer.WriteEndObject();
    }

    private static void Field(TextWriter output, string label, string? value)
    {
        if (value is not null)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{label,-14}{SafeText.Of(value)}"));
    }

    private static void WriteStrings(Utf8JsonWriter writer, IEnumerable<string> values)
    {
        writer.WriteStartArray();
        foreach (string value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
