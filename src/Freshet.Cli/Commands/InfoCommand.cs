using System.CommandLine;
using System.Net;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Cli.Sources;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet info TORRENT</c>: everything in a .torrent file.</summary>
internal static class InfoCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        Argument<TorrentReference> torrent = CommonOptions.Torrent();
        Option<IPAddress?> bind = CommonOptions.Bind();
        Option<bool> json = CommonOptions.Json();
        Command command = new("info", "Show what is in a .torrent file.") { torrent, bind, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            LoadedTorrent loaded = await TorrentLoader.LoadAsync(
                parsed.GetValue(torrent), parsed.GetValue(bind), cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json))
                JsonOutput.Write(streams, JsonOutput.OneLine, writer => MetainfoJson.Write(writer, loaded.Metainfo));
            else
                MetainfoText.Write(streams.Out, loaded.Metainfo);
            return ExitCode.Done;
        });
        return command;
    }
}
