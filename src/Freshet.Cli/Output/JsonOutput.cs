using System.Text.Encodings.Web;
using System.Text.Json;
using Freshet.Cli.Consoles;

namespace Freshet.Cli.Output;

/// <summary>Writes JSON for scripts: UTF-8, non-ASCII names unescaped, a newline at the end.</summary>
internal static class JsonOutput
{
    /// <summary>The output is not for web pages, so only what JSON requires is escaped.</summary>
    public static readonly JsonWriterOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly JsonWriterOptions Indented = OneLine with { Indented = true };

    /// <summary>Writes one value and ends the line.</summary>
    public static void Write(IConsoleStreams streams, JsonWriterOptions options, Action<Utf8JsonWriter> write)
    {
        streams.Out.Flush();
        using (Utf8JsonWriter writer = new(streams.OutBytes, options))
            write(writer);
        streams.OutBytes.Write("\n"u8);
        streams.OutBytes.Flush();
    }

    /// <summary>Writes a number, or null if there is none.</summary>
    public static void WriteNumber(Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
        else
            writer.WriteNull(name);
    }
}
