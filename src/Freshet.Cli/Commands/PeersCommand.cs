using System.CommandLine;
using System.Net;
using Freshet.Cli.Consoles;
using Freshet.Cli.Parsing;
using Freshet.Cli.Peers;
using Freshet.Cli.Sources;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet peers TORRENT</c>: announces, and lists the peers that trackers name.</summary>
internal static class PeersCommand
{
    private const int WantedPeers = 200;

    public static Command Create(IConsoleStreams streams)
    {
        Argument<TorrentReference> torrent = CommonOptions.Torrent();
        Option<int?> port = Values.PortOption("--port", "The port to announce; a free one if not given.");
        Option<string[]> trackers = new("--tracker", "-t")
        {
            Description = "Ask this tracker and not the torrent's; repeatable.",
            HelpName = "URL",
            DefaultValueFactory = static _ => [],
        };
        trackers.Validators.Add(static result => Values.RequireUrls(result, "http", "https", "udp"));
        Option<IPAddress?> bind = CommonOptions.Bind();
        Option<bool> json = CommonOptions.Json();
        Command command = new("peers", "Announce to the trackers and list the peers they name.")
        {
            torrent, trackers, port, bind, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IPAddress? bindAddress = parsed.GetValue(bind);
            LoadedTorrent loaded =
                await TorrentLoader.LoadAsync(parsed.GetValue(torrent), bindAddress, cancellationToken).ConfigureAwait(false);
            string[] given = parsed.GetValue(trackers)!;
            string[] urls = given.Length > 0 ? given : [.. loaded.Metainfo.Trackers.SelectMany(tier => tier).Distinct()];
            if (urls.Length == 0)
                throw new CliException($"{parsed.GetValue(torrent)} names no tracker.", "Name one with --tracker URL.");
            using TrackerClient client = new(bindAddress, given.Length > 0 ? TrackerSource.User : TrackerSource.Torrent);
            using HeldPort? held = parsed.GetValue(port) is null ? new HeldPort(bindAddress) : null;
            int announced = held?.Port ?? parsed.GetValue(port)!.Value;
            TrackerReport[] reports = await Task.WhenAll(
                urls.Select(url => AskAsync(client, url, loaded.Metainfo, announced, cancellationToken))).ConfigureAwait(false);
            if (parsed.GetValue(json))
                TrackerReportOutput.WriteJson(streams, loaded.Metainfo.SwarmHash, reports);
            else
                TrackerReportOutput.WriteText(streams.Out, reports);
            if (reports.Any(report => report.Answer.Succeeded))
                return ExitCode.Done;
            throw new CliException("No tracker answered with peers.");
        });
        return command;
    }

    private static async Task<TrackerReport> AskAsync(
        TrackerClient client, string url, TorrentMetainfo metainfo, int port, CancellationToken cancellationToken)
    {
        TrackerAnnounce announce = new()
        {
            Tracker = url,
            InfoHash = metainfo.SwarmHash,
            Port = port,
            Left = metainfo.Layout.TotalLength,
            NumWant = WantedPeers,
        };
        return new TrackerReport(url, await client.PeekAsync(announce, cancellationToken).ConfigureAwait(false));
    }
}
