using System.CommandLine;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Daemons;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet export TORRENT</c>: writes the .torrent of a daemon's torrent.</summary>
internal static class ExportCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        Argument<string> torrent = TorrentNames.Argument();
        Option<FileInfo?> output = new("--output", "-o")
        {
            Description = "The .torrent; the torrent's name with .torrent if not given.",
            HelpName = "FILE",
        };
        Option<bool> force = CommonOptions.Force();
        Option<bool> json = CommonOptions.Json();
        DaemonAccess access = new();
        Command command = new("export", "Write the .torrent of a torrent of a daemon.") { torrent, output, force, json };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using DaemonClient daemon = access.Open(parsed);
            TorrentItem found =
                await TorrentNames.FindOneAsync(daemon, parsed.GetRequiredValue(torrent), cancellationToken).ConfigureAwait(false);
            FileInfo file = parsed.GetValue(output) ?? new FileInfo(FileNameOf(found));
            NewFile.RequireFree(file, parsed.GetValue(force));
            byte[] bytes = await daemon.ExportAsync(found.Hash, cancellationToken).ConfigureAwait(false);
            NewFile.Write(file, bytes, parsed.GetValue(force));
            if (parsed.GetValue(json))
            {
                JsonOutput.Write(streams, JsonOutput.OneLine, writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("path", file.FullName);
                    writer.WriteString("infoHash", found.Hash);
                    writer.WriteString("name", found.Name);
                    writer.WriteNumber("size", bytes.Length);
                    writer.WriteEndObject();
                });
            }
            else
            {
                await streams.Out.WriteLineAsync($"{file}: {SafeText.Of(found.Name)}").ConfigureAwait(false);
            }

            return ExitCode.Done;
        });
        return command;
    }

    // The name comes from a stranger.
    private static string FileNameOf(TorrentItem torrent)
    {
        string name = string.Concat(torrent.Name.Select(each => each is '/' or '\\' || char.IsControl(each) ? '_' : each));
        return (name.Length is 0 or > 80 || name[0] is '.' or '-' ? torrent.Hash : name) + ".torrent";
    }
}
