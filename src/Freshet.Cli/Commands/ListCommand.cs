using System.CommandLine;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Cli.State;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet list</c>: the torrents that a state folder remembers.</summary>
internal static class ListCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        Option<DirectoryInfo?> state = CommonOptions.State();
        Option<bool> json = CommonOptions.Json("Print a JSON object on a line for each torrent.");
        Command command = new("list", "Show the torrents that a state folder remembers.") { state, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string folder = StatePath.Of(parsed.GetValue(state));
            IReadOnlyList<SavedTorrent> torrents = await SavedTorrents.ReadAsync(folder, cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                foreach (SavedTorrent torrent in torrents)
                    JsonOutput.Write(streams, JsonOutput.OneLine, writer => SavedTorrentOutput.WriteJson(writer, torrent));
            }
            else
            {
                SavedTorrentOutput.WriteText(streams.Out, torrents, folder);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
