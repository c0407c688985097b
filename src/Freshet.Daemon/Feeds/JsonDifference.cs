using System.Text;
using System.Text.Json;

namespace Freshet.Daemon.Feeds;

/// <summary>
/// The difference between two JSON objects of one record type: both have the same members in the same order, since one serializer wrote
/// them. Members are compared in serialized form, so that none can be forgotten here.
/// </summary>
internal static class JsonDifference
{
    /// <summary>
    /// Writes the members of the second object that differ from the first's into an object that has been started; returns whether there are
    /// any.
    /// </summary>
    public static bool Write(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, Utf8JsonWriter writer)
    {
        bool any = false;
        Utf8JsonReader old = new(before);
        Utf8JsonReader now = new(after);
        old.Read();
        now.Read();
        while (now.Read() && now.TokenType == JsonTokenType.PropertyName)
        {
            old.Read();
            ReadOnlySpan<byte> name = now.ValueSpan;
            ReadOnlySpan<byte> value = ValueOf(ref now, after);
            if (ValueOf(ref old, before).SequenceEqual(value))
                continue;
            writer.WritePropertyName(name);
            writer.WriteRawValue(value, skipInputValidation: true);
            any = true;
        }

        return any;
    }

    /// <summary>Writes an object with only some members of another.</summary>
    public static void WriteChosen(ReadOnlySpan<byte> json, IReadOnlySet<string> names, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        Utf8JsonReader reader = new(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadOnlySpan<byte> name = reader.ValueSpan;
            ReadOnlySpan<byte> value = ValueOf(ref reader, json);
            if (!names.Contains(Encoding.UTF8.GetString(name)))
                continue;
            writer.WritePropertyName(name);
            writer.WriteRawValue(value, skipInputValidation: true);
        }

        writer.WriteEndObject();
    }

    // On entry the reader is at a name; on exit it is at the end of its value.
    private static ReadOnlySpan<byte> ValueOf(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }
}
