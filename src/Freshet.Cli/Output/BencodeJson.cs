using System.Text.Json;
using System.Text.Unicode;
using Freshet.Core.Bencoding;

namespace Freshet.Cli.Output;

/// <summary>
/// Writes bencoded data as JSON: integers, lists and dictionaries as they are, byte strings as text if they are UTF-8, otherwise as hex.
/// </summary>
internal static class BencodeJson
{
    private const int FlushBytes = 64 * 1024;

    /// <param name="writer">The output.</param>
    /// <param name="bytes">Data that was already read to its end without an error.</param>
    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> bytes)
    {
        BencodeReader reader = new(bytes, BencodeOptions.Tolerant);
        Span<bool> isDictionary = stackalloc bool[BencodeReader.MaxDepth + 1];
        while (reader.Read())
        {
            switch (reader.Token)
            {
                case BencodeToken.Integer:
                    writer.WriteNumberValue(reader.Integer);
                    break;
                case BencodeToken.String:
                    WriteString(writer, reader.String, reader.IsKey);
                    break;
                case BencodeToken.List:
                    isDictionary[reader.Depth] = false;
                    writer.WriteStartArray();
                    break;
                case BencodeToken.Dictionary:
                    isDictionary[reader.Depth] = true;
                    writer.WriteStartObject();
                    break;
                case BencodeToken.End when isDictionary[reader.Depth + 1]:
                    writer.WriteEndObject();
                    break;
                case BencodeToken.End:
                    writer.WriteEndArray();
                    break;
            }

            if (writer.BytesPending > FlushBytes)
                writer.Flush();
        }
    }

    private static void WriteString(Utf8JsonWriter writer, ReadOnlySpan<byte> bytes, bool isKey)
    {
        if (!Utf8.IsValid(bytes))
        {
            string hex = Convert.ToHexStringLower(bytes);
            if (isKey)
                writer.WritePropertyName(hex);
            else
                writer.WriteStringValue(hex);
        }
        else if (isKey)
        {
            writer.WritePropertyName(bytes);
        }
        else
        {
            writer.WriteStringValue(bytes);
        }
    }
}
