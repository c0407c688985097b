using System.Collections.Immutable;
using System.CommandLine;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Daemons;
using Freshet.Cli.Parsing;
using Freshet.Cli.Peers;
using Freshet.Cli.Sources;
using Freshet.Core.Trackers;

namespace Freshet.Cli.Commands;

/// <summary>
/// <c>freshet peers TORRENT</c>: lists the connected peers of a torrent of a daemon; of any other, announces and lists the peers that
/// trackers name.
/// </summary>
internal static class PeersCommand
{
    private const int WantedPeers = 200;

    public static Command Create(IConsoleStreams streams)
    {
        Argument<TorrentReference> torrent = new("TORRENT")
        {
            Description = "A torrent of a daemon, by its name or info-hash or the beginning of either; or a .torrent file, the http(s) URL "
                + "of one, or a magnet link, to ask its trackers.",
            CustomParser = static result => new TorrentReference(result.Tokens[0].Value),
        };
        Option<int?> port = Values.PortOption("--port", "The port to announce; a free one if not given.");
        Option<string[]> trackers = CommonOptions.Trackers();
        AccessOptions network = new();
        Option<bool> json = CommonOptions.Json();
        DaemonAccess access = new();
        Command command = new("peers", "List the peers of a torrent of a daemon, or those that trackers name.")
        {
            torrent, trackers, port, json,
        };
        network.AddTo(command);
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            bool asksTrackers = parsed.GetValue(trackers)!.Length > 0 || parsed.GetValue(port) is not null
                || network.IsGiven(parsed);
            if (!asksTrackers && await TryListAsync(
                streams, access, parsed, parsed.GetValue(torrent), parsed.GetValue(json), cancellationToken).ConfigureAwait(false))
            {
                return ExitCode.Done;
            }

            NetworkAccess way = network.Of(parsed);
            TorrentReference reference = parsed.GetValue(torrent);
            TrackedTorrent loaded = await TrackedTorrent.LoadAsync(reference, way, cancellationToken).ConfigureAwait(false);
            string[] given = parsed.GetValue(trackers)!;
            ImmutableArray<string> urls = loaded.TrackersOr(given, reference);
            using TrackerClient client = new(way, given.Length > 0 ? TrackerSource.User : TrackerSource.Torrent);
            using HeldPort? held = parsed.GetValue(port) is null ? new HeldPort(way.Bind) : null;
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

    /// <summary>Lists the peers of a daemon's torrent; false if what is named is not for a daemon.</summary>
    private static async Task<bool> TryListAsync(
        IConsoleStreams streams, DaemonAccess access, ParseResult parsed, TorrentReference torrent, bool json,
        CancellationToken cancellationToken)
    {
        bool isHash = torrent.MagnetLink is not null && torrent.Text.All(char.IsAsciiHexDigit);
        if (!isHash && (torrent.IsUrl || torrent.MagnetLink is not null || File.Exists(torrent.Text)))
            return false;
        bool isOptional = isHash && !access.IsNamed(parsed);
        using DaemonClient? daemon = isOptional ? access.TryOpen(parsed) : access.Open(parsed);
        if (daemon is null || (isOptional && !await HasAsync(daemon, torrent.Text, cancellationToken).ConfigureAwait(false)))
            return false;
        TorrentItem found = await TorrentNames.FindOneAsync(daemon, torrent.Text, cancellationToken).ConfigureAwait(false);
        PeerLines.Write(streams, await daemon.PeersAsync(found.Hash, cancellationToken).ConfigureAwait(false), json);
        return true;
    }

    // A daemon that was killed leaves its address behind.
    private static async Task<bool> HasAsync(DaemonClient daemon, string hash, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<TorrentItem> torrents = await daemon.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            return torrents.Any(torrent => torrent.Hash.Equals(hash, StringComparison.OrdinalIgnoreCase));
        }
        catch (DaemonException e) when (e.Problem.Code == "unreachable")
        {
            return false;
        }
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
