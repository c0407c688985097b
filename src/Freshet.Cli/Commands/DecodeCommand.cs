using System.CommandLine;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Cli.Sources;
using Freshet.Core.Bencoding;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet decode FILE|-</c>: any bencoded data as JSON.</summary>
internal static class DecodeCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        Argument<FileInfo> file = new("FILE")
        {
            Description = "A bencoded file: a .torrent, a .resume, a tracker's answer; - reads from standard input.",
        };
        Command command = new("decode", "Print bencoded data as JSON. Byte strings that are not UTF-8 are printed as hex.") { file };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string name = parsed.GetRequiredValue(file).ToString();
            ReadOnlyMemory<byte> bytes = name == "-"
                ? await BoundedFile.ReadAsync(
                    streams.In, "standard input", MetainfoReader.MaxLength, cancellationToken).ConfigureAwait(false)
                : await BoundedFile.ReadAsync(name, MetainfoReader.MaxLength, cancellationToken).ConfigureAwait(false);
            BencodeError deviation = Check(name == "-" ? "standard input" : name, bytes.Span);
            JsonOutput.Write(streams, JsonOutput.Indented, writer => BencodeJson.Write(writer, bytes.Span));
            if (deviation.Kind != BencodeErrorKind.None)
                await streams.Error.WriteLineAsync($"freshet: note: the data is not in canonical form: {deviation}").ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Reads to the end once, so that nothing is printed of incomplete data.</summary>
    private static BencodeError Check(string name, ReadOnlySpan<byte> bytes)
    {
        BencodeReader reader = new(bytes, BencodeOptions.Tolerant);
        while (reader.Read())
        {
        }

        return reader.Error.Kind == BencodeErrorKind.None
            ? reader.Deviation
            : throw new CliException($"{name} is not bencoded data: {reader.Error}.");
    }
}
