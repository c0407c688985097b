using System.CommandLine;
using System.Net;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Cli.Peers;
using Freshet.Cli.Sources;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet peers TORRENT</c>: announces, and lists the peers that trackers name.</summary>
internal static class PeersCommand
{
    private const int DefaultPort = 6881;

    public static Command Create(IConsoleStreams streams)
    {
        Argument<TorrentReference> torrent = CommonOptions.Torrent();
        Option<int?> port = Values.PortOption("--port", "The port to announce.");
        Option<string[]> trackers = new("--tracker", "-t")
        {
            Description = "Ask this tracker and not the torrent's; repeatable.",
            HelpName = "URL",
            DefaultValueFactory = static _ => [],
        };
        trackers.Validators.Add(static result => Values.RequireUrls(result, "http", "https", "udp"));
        Option<IPAddress?> bind = CommonOptions.Bind();
        Option<bool> json = CommonOptions.Json();
        Command command = new("peers", "Announce to the trackers and list the peers they name.") { torrent, trackers, port, bind, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            LoadedTorrent loaded = await TorrentLoader.LoadAsync(parsed.GetValue(torrent), parsed.GetValue(bind), cancellationToken).ConfigureAwait(false);
            string[] urls = parsed.GetValue(trackers) is { Length: > 0 } given ? given : [.. loaded.Metainfo.Trackers.SelectMany(tier => tier).Distinct()];
            if (urls.Length == 0)
                throw new CliException($"{parsed.GetValue(torrent)} names no tracker.", "Name one with --tracker URL.");
            IReadOnlyList<TrackerProbeResult> reports = await TrackerProbe.RunAsync(
                loaded.Metainfo, urls, parsed.GetValue(port) ?? DefaultPort, parsed.GetValue(bind), cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json))
                JsonOutput.Write(streams, JsonOutput.OneLine, writer => TrackerReportOutput.WriteJson(writer, loaded.Metainfo.SwarmHash, reports));
            else
                TrackerReportOutput.WriteText(streams.Out, reports);
            if (reports.Any(report => report.Succeeded))
                return ExitCode.Done;
            throw new CliException("No tracker answered with peers.");
        });
        return command;
    }
}
