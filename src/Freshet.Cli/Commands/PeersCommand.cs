using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using Freshet.Cli.Consoles;
using Freshet.Cli.Parsing;
using Freshet.Cli.Peers;
using Freshet.Cli.Sources;
using Freshet.Core.Trackers;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet peers TORRENT</c>: announces, and lists the peers that trackers name.</summary>
internal static class PeersCommand
{
    private const int WantedPeers = 200;

    public static Command Create(IConsoleStreams streams)
    {
        Argument<TorrentReference> torrent = CommonOptions.TorrentOrLink();
        Option<int?> port = Values.PortOption("--port", "The port to announce; a free one if not given.");
        Option<string[]> trackers = CommonOptions.Trackers();
        Option<IPAddress?> bind = CommonOptions.Bind();
        Option<bool> json = CommonOptions.Json();
        Command command = new("peers", "Announce to the trackers and list the peers they name.")
        {
            torrent, trackers, port, bind, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IPAddress? bindAddress = parsed.GetValue(bind);
            TorrentReference reference = parsed.GetValue(torrent);
            TrackedTorrent loaded = await TrackedTorrent.LoadAsync(reference, bindAddress, cancellationToken).ConfigureAwait(false);
            string[] given = parsed.GetValue(trackers)!;
            ImmutableArray<string> urls = loaded.TrackersOr(given, reference);
            using TrackerClient client = new(bindAddress, given.Length > 0 ? TrackerSource.User : TrackerSource.Torrent);
            using HeldPort? held = parsed.GetValue(port) is null ? new HeldPort(bindAddress) : null;
            int announced = held?.Port ?? parsed.GetValue(port)!.Value;
            TrackerReport[] reports = await Task.WhenAll(
                urls.Select(url => AskAsync(client, url, loaded, announced, cancellationToken))).ConfigureAwait(false);
            if (parsed.GetValue(json))
                TrackerReportOutput.WriteJson(streams, loaded.Swarms[0], reports);
            else
                TrackerReportOutput.WriteText(streams.Out, reports);
            if (reports.Any(report => report.Answer.Succeeded))
                return ExitCode.Done;
            throw new CliException("No tracker answered with peers.");
        });
        return command;
    }

    private static async Task<TrackerReport> AskAsync(
        TrackerClient client, string url, TrackedTorrent torrent, int port, CancellationToken cancellationToken)
    {
        TrackerAnnounce announce = new()
        {
            Tracker = url,
            InfoHash = torrent.Swarms[0],
            Port = port,
            Left = torrent.Length,
            NumWant = WantedPeers,
        };
        return new TrackerReport(url, await client.PeekAsync(announce, cancellationToken).ConfigureAwait(false));
    }
}
