using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Daemons;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Cli.Peers;
using Freshet.Cli.Sources;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;

namespace Freshet.Cli.Commands;

/// <summary>
/// <c>freshet peers TORRENT</c>: lists the connected peers of a daemon's torrent; for any other torrent, announces and lists the peers
/// returned by trackers and, if asked to, those found in the DHT and on the local networks.
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
        Option<IPEndPoint[]> add = Values.AddressesOption("--add", "Have a daemon's torrent connect to this peer; repeatable.");
        Option<bool> json = CommonOptions.Json();
        SourceOptions sources = new();
        DaemonAccess access = new();
        Command command = new("peers", "List the peers of a torrent of a daemon, or those that trackers and others name.")
        {
            torrent, trackers, port, add, json,
        };
        sources.AddTo(command);
        network.AddTo(command);
        access.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(add) is { Implicit: false } && (result.GetResult(port) is not null
                || result.GetResult(trackers) is { Implicit: false }))
                result.AddError("--add is for a torrent of a daemon: leave out --tracker and --port.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IPEndPoint[] added = parsed.GetRequiredValue(add);
            bool asksOthers = parsed.GetValue(trackers)!.Length > 0 || parsed.GetValue(port) is not null
                || network.IsGiven(parsed) || sources.AreGiven(parsed);
            if (added.Length > 0)
                return await AddAsync(streams, access, parsed, parsed.GetValue(torrent), added, cancellationToken).ConfigureAwait(false);
            if (!asksOthers && await TryListAsync(
                streams, access, parsed, parsed.GetValue(torrent), parsed.GetValue(json), cancellationToken).ConfigureAwait(false))
            {
                return ExitCode.Done;
            }

            SwarmReport report = await AskAsync(new Question(parsed, parsed.GetValue(torrent), network.Of(parsed), sources)
            {
                Trackers = parsed.GetValue(trackers)!,
                Port = parsed.GetValue(port),
            }, cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json))
                SwarmReportOutput.WriteJson(streams, report);
            else
                SwarmReportOutput.WriteText(streams.Out, report);
            if (report.HasAnswer)
                return ExitCode.Done;
            throw new CliException(sources.AreGiven(parsed) ? "Nobody answered with peers." : "No tracker answered with peers.");
        });
        return command;
    }

    private static async Task<int> AddAsync(
        IConsoleStreams streams, DaemonAccess access, ParseResult parsed, TorrentReference torrent, IPEndPoint[] peers,
        CancellationToken cancellationToken)
    {
        using DaemonClient daemon = access.Open(parsed);
        TorrentItem found = await TorrentNames.FindOneAsync(daemon, torrent.Text, cancellationToken).ConfigureAwait(false);
        await daemon.AddPeersAsync(
            found.Hash, new AddPeers { Peers = [.. peers.Select(peer => peer.ToString())] }, cancellationToken).ConfigureAwait(false);
        await streams.Out.WriteLineAsync($"{SafeText.Of(found.Name)}: {Words.Count(peers.Length, "peer")} added.").ConfigureAwait(false);
        return ExitCode.Done;
    }

    /// <summary>Lists the peers of a daemon's torrent; false if the argument does not name a torrent of a daemon.</summary>
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

    // All sources at once.
    private static async Task<SwarmReport> AskAsync(Question question, CancellationToken cancellationToken)
    {
        (ParseResult parsed, TorrentReference torrent, NetworkAccess way, SourceOptions sources) = question;
        TrackedTorrent loaded = await TrackedTorrent.LoadAsync(torrent, way, cancellationToken).ConfigureAwait(false);
        bool hasOthers = sources.AreGiven(parsed);
        if (hasOthers && loaded.IsPrivate)
            throw new CliException($"{torrent} is private.", "Its peers come from its trackers alone: leave out --dht and --lsd.");
        sources.Require(parsed, way);
        InfoHash swarm = loaded.Swarms[0];
        string[] given = question.Trackers;
        ImmutableArray<string> urls =
            hasOthers && given.Length == 0 ? loaded.Trackers : loaded.TrackersOr(given, torrent);
        using TrackerClient client = new(way, given.Length > 0 ? TrackerSource.User : TrackerSource.Torrent);
        using HeldPort? held = question.Port is null ? new HeldPort(way.Bind) : null;
        int port = held?.Port ?? question.Port!.Value;
        Task<DhtPeers?> dht = sources.AskDhtAsync(parsed, swarm, way, cancellationToken);
        Task<LocalReport?> local = sources.ListenAsync(parsed, swarm, way, cancellationToken);
        Task<TrackerReport[]> trackers =
            Task.WhenAll(urls.Select(url => AskAsync(client, url, loaded, port, cancellationToken)));
        await Task.WhenAll(dht, local, trackers).ConfigureAwait(false);
        return new SwarmReport(swarm, [.. await trackers.ConfigureAwait(false)])
        {
            Dht = await dht.ConfigureAwait(false),
            Local = await local.ConfigureAwait(false),
        };
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

    /// <summary>What is asked of the sources.</summary>
    private sealed record Question(ParseResult Parsed, TorrentReference Torrent, NetworkAccess Way, SourceOptions Sources)
    {
        /// <summary>The trackers given by the user.</summary>
        public required string[] Trackers { get; init; }

        /// <summary>The port to announce; null for a free one.</summary>
        public int? Port { get; init; }
    }
}
