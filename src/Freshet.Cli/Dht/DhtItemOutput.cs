using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Core.Bencoding;

namespace Freshet.Cli.Dht;

/// <summary>Shows items of the DHT.</summary>
internal static class DhtItemOutput
{
    public static void RequireAnswers(DhtItem item)
    {
        if (item.Answers == 0)
            throw new CliException("No node of the DHT answered.", "Name one with --dht-bootstrap HOST:PORT.");
    }

    /// <param name="streams">The output.</param>
    /// <param name="item">The item, which must have a value.</param>
    /// <param name="key">The public key, if it was stored with one.</param>
    /// <param name="isJson">Whether to write JSON.</param>
    public static void Write(IConsoleStreams streams, DhtItem item, ReadOnlyMemory<byte> key, bool isJson)
    {
        string? text = TextOf(item.Value!.Value.Span);
        if (isJson)
        {
            JsonOutput.Write(streams, JsonOutput.OneLine, writer => WriteJson(writer, item, text, key));
            return;
        }

        if (item.Stored == 0)
        {
            streams.Out.WriteLine(SafeText.Of(text ?? Encoding.Latin1.GetString(item.Value!.Value.Span)));
            return;
        }

        string version = item.Sequence is { } sequence ? $"Version {sequence}" : "The item";
        streams.Out.WriteLine($"{version} is stored at {Words.Count(item.Stored, "node")}.");
        streams.Out.WriteLine(key.IsEmpty ? $"Target: {item.Target}" : $"Public key: {Convert.ToHexStringLower(key.Span)}");
    }

    private static void WriteJson(Utf8JsonWriter writer, DhtItem item, string? text, ReadOnlyMemory<byte> key)
    {
        writer.WriteStartObject();
        writer.WriteString("target", item.Target.ToString());
        writer.WriteString("publicKey", key.IsEmpty ? null : Convert.ToHexStringLower(key.Span));
        writer.WriteString("text", text);
        writer.WriteString("bencoded", Convert.ToHexStringLower(item.Value!.Value.Span));
        if (item.Sequence is { } sequence)
            writer.WriteNumber("sequence", sequence);
        else
            writer.WriteNull("sequence");
        writer.WriteNumber("answers", item.Answers);
        writer.WriteNumber("stored", item.Stored);
        writer.WriteNumber("seconds", Math.Round(item.Duration.TotalSeconds, 3));
        writer.WriteEndObject();
    }

    // Null if the value is not a string, or not text.
    private static string? TextOf(ReadOnlySpan<byte> value)
    {
        BencodeReader reader = new(value);
        return reader.Read() && reader.Token == BencodeToken.String && Utf8.IsValid(reader.String)
            ? Encoding.UTF8.GetString(reader.String) : null;
    }
}
