using System.Collections.Immutable;
using System.CommandLine;
using Freshet.Cli.Consoles;
using Freshet.Cli.Parsing;
using Freshet.Cli.Peers;
using Freshet.Cli.Sources;
using Freshet.Core.Trackers;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet scrape TORRENT</c>: asks trackers how many peers a torrent has, without joining its swarm.</summary>
internal static class ScrapeCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        Argument<TorrentReference> torrent = CommonOptions.TorrentOrLink();
        Option<string[]> trackers = CommonOptions.Trackers();
        AccessOptions access = new();
        Option<bool> json = CommonOptions.Json();
        Command command = new("scrape", "Ask the trackers how many seeds and leechers a torrent has.") { torrent, trackers, json };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            NetworkAccess way = access.Of(parsed);
            TorrentReference reference = parsed.GetValue(torrent);
            TrackedTorrent loaded = await TrackedTorrent.LoadAsync(reference, way, cancellationToken).ConfigureAwait(false);
            string[] given = parsed.GetValue(trackers)!;
            ImmutableArray<string> urls = loaded.TrackersOr(given, reference);
            using TrackerClient client = new(way, given.Length > 0 ? TrackerSource.User : TrackerSource.Torrent);
            TrackerScrapeResult[] results = await Task.WhenAll(
                urls.Select(url => client.ScrapeAsync(url, loaded.Swarms, cancellationToken))).ConfigureAwait(false);
            ScrapeReport[] reports = [.. urls.Zip(results, static (url, result) => new ScrapeReport(url, result))];
            if (parsed.GetValue(json))
                ScrapeReportOutput.WriteJson(streams, reports);
            else
                ScrapeReportOutput.WriteText(streams.Out, loaded.Swarms, reports);
            return reports.Any(static report => report.Answer.Succeeded) ? ExitCode.Done : throw new CliException("No tracker answered.");
        });
        return command;
    }
}
