using System.CommandLine;
using System.Text.Json;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Daemons;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet add TORRENT...</c>: adds torrents to a daemon.</summary>
internal static class AddCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        Argument<string[]> sources = new("TORRENT")
        {
            Description = "A .torrent file, the http(s) URL of one, a magnet link, or an info-hash.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> folder = new("--folder") { Description = "The download folder, on the daemon's machine.", HelpName = "DIR" };
        Option<string[]> labels = new("--label")
        { Description = "A label; repeatable.", HelpName = "TEXT", DefaultValueFactory = static _ => [] };
        Option<bool> stopped = new("--stopped") { Description = "Add without starting." };
        Option<bool> json = CommonOptions.Json("Print a JSON object on a line for each torrent.");
        DaemonAccess access = new();
        Command command = new("add", "Add torrents to a daemon.") { sources, folder, labels, stopped, json };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using DaemonClient daemon = access.Open(parsed);
            foreach (string source in parsed.GetRequiredValue(sources))
            {
                bool isFile = File.Exists(source);
                TorrentItem added = await daemon.AddAsync(
                    new AddTorrent
                    {
                        Source = isFile ? null : source,
                        Metainfo = isFile ? await File.ReadAllBytesAsync(source, cancellationToken).ConfigureAwait(false) : null,
                        Folder = parsed.GetValue(folder),
                        Labels = parsed.GetRequiredValue(labels),
                        Start = !parsed.GetValue(stopped),
                    },
                    cancellationToken).ConfigureAwait(false);
                if (parsed.GetValue(json))
                    TorrentLines.WriteJson(streams, JsonSerializer.SerializeToElement(added, JsonContext.Default.TorrentItem));
                else
                    await streams.Out.WriteLineAsync($"{added.Hash}  {SafeText.Of(added.Name)}").ConfigureAwait(false);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
