using System.CommandLine;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Daemons;
using Freshet.Cli.Parsing;
using Freshet.Cli.State;

namespace Freshet.Cli.Commands;

/// <summary>
/// <c>freshet list</c>: shows the torrents of a daemon, if one is named or runs with the state folder; otherwise those recorded in the
/// folder.
/// </summary>
internal static class ListCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        Option<bool> watch = new("--watch") { Description = "Show the torrents of a daemon again every second, until interrupted." };
        Option<bool> json = CommonOptions.Json("Print a JSON object on a line for each torrent.");
        DaemonAccess access = new();
        Command command = new("list", "Show the torrents of a daemon, or those that a state folder remembers.") { watch, json };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(watch))
                await new WatchedList(streams, access, parsed, parsed.GetValue(json)).RunAsync(cancellationToken).ConfigureAwait(false);
            using DaemonClient? daemon = access.TryOpen(parsed);
            if (daemon is null || !await TryListAsync(streams, daemon, access.IsNamed(parsed), parsed.GetValue(json), cancellationToken)
                .ConfigureAwait(false))
            {
                await ListSavedAsync(streams, access.StateFolderOf(parsed), parsed.GetValue(json), cancellationToken).ConfigureAwait(false);
            }

            return ExitCode.Done;
        });
        return command;
    }

    // A daemon that was killed leaves its address behind: if nothing answers there, the folder can be read.
    private static async Task<bool> TryListAsync(
        IConsoleStreams streams, DaemonClient daemon, bool isNamed, bool json, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<TorrentItem> torrents = await daemon.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            TorrentLines.Write(streams, torrents, json);
            await streams.Out.FlushAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (DaemonException e) when (e.Problem.Code == "unreachable" && !isNamed)
        {
            return false;
        }
    }

    private static async Task ListSavedAsync(IConsoleStreams streams, string folder, bool json, CancellationToken cancellationToken)
    {
        IReadOnlyList<SavedTorrent> torrents = await SavedTorrents.ReadAsync(folder, cancellationToken).ConfigureAwait(false);
        if (!json)
        {
            SavedTorrentOutput.WriteText(streams.Out, torrents, folder);
            return;
        }

        foreach (SavedTorrent torrent in torrents)
            ListJson.Write(streams, torrent);
    }
}
