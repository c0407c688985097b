using System.CommandLine;
using System.Diagnostics;
using Freshet.Cli.Consoles;
using Freshet.Cli.Dht;
using Freshet.Cli.Parsing;
using Freshet.Core.Dht;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet dht</c>: queries the DHT, or runs a node. Its subcommands share the options of the node.</summary>
internal sealed class DhtCommand
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly AccessOptions _network = new();
    private readonly Option<int?> _port = Values.PortOption("--port", "The UDP port; a free one if not given.");
    private readonly Option<HostPort[]> _bootstrap = DhtBootstrap.Option();
    private readonly Option<bool> _enforceIds = DhtIds.Option();
    private readonly Option<bool> _json = CommonOptions.Json();

    public static Command Create(IConsoleStreams streams) =>
        new("dht", "Look things up in the DHT, or run a node of it.")
        {
            CreateLookup(streams), DhtGetCommand.Create(streams), DhtPutCommand.Create(streams), CreateNode(streams),
        };

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    public void AddTo(Command command)
    {
        command.Add(_port);
        _network.AddTo(command);
        command.Add(_bootstrap);
        command.Add(_enforceIds);
        command.Add(_json);
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="isPassing">Whether the node is short-lived: others should not add it to their routing tables.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public async Task<DhtNode> StartAsync(ParseResult parsed, bool isPassing, CancellationToken cancellationToken)
    {
        NetworkAccess way = _network.Of(parsed);
        DhtNodeOptions options = new()
        {
            Port = parsed.GetValue(_port) ?? 0,
            Bind = way.Bind,
            NameServers = way.NameServers,
            Proxy = way.Proxy,
            Dht = new DhtOptions
            {
                Bootstrap = DhtBootstrap.Of(parsed.GetValue(_bootstrap)),
                EnforceNodeIds = parsed.GetValue(_enforceIds),
                ReadOnly = isPassing,
            },
        };
        try
        {
            return await DhtNode.StartAsync(options, cancellationToken).ConfigureAwait(false);
        }
        catch (FreshetException e)
        {
            throw new CliException(e.Message, "Choose another with --port or --bind.", e);
        }
    }

    private static Command CreateLookup(IConsoleStreams streams)
    {
        DhtCommand dht = new();
        Argument<TorrentReference> torrent = CommonOptions.TorrentOrLink();
        Option<int?> announce = Values.PortOption("--announce", "Announce a peer at this TCP port as well.");
        Command command = new("lookup", "Find the peers of a torrent.") { torrent, announce };
        dht.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            InfoHash infoHash = await DhtTarget.OfAsync(parsed.GetValue(torrent), dht._network.Of(parsed), cancellationToken)
                .ConfigureAwait(false);
            DhtNode node = await dht.StartAsync(parsed, isPassing: true, cancellationToken).ConfigureAwait(false);
            await using (node.ConfigureAwait(false))
            {
                DhtPeers found = await node.FindPeersAsync(infoHash, parsed.GetValue(announce), null, cancellationToken)
                    .ConfigureAwait(false);
                DhtOutput.Write(streams, infoHash, found, parsed.GetValue(dht._json));
                return found.Answers > 0
                    ? ExitCode.Done
                    : throw new CliException("No node of the DHT answered.", "Name one with --dht-bootstrap HOST:PORT.");
            }
        });
        return command;
    }

    // A line from time to time, and one at once when the node has found others.
    private static async Task ReportAsync(IConsoleStreams streams, DhtNode node, bool isJson, CancellationToken cancellationToken)
    {
        long last = 0;
        bool wasAlone = true;
        while (!cancellationToken.IsCancellationRequested)
        {
            DhtStatus status = node.Status;
            bool isAlone = status is { Nodes: 0, Nodes6: 0 };
            if (last == 0 || isAlone != wasAlone || Stopwatch.GetElapsedTime(last) >= BetweenLines)
            {
                DhtOutput.Write(streams, node.EndPoints, status, isJson);
                last = Stopwatch.GetTimestamp();
                wasAlone = isAlone;
            }

            TimeSpan pause = isAlone ? BetweenLooks : BetweenLines;
            await Task.Delay(pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static Command CreateNode(IConsoleStreams streams)
    {
        DhtCommand dht = new();
        Command command = new("node", "Run a node of the DHT until stopped.");
        dht.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            DhtNode node = await dht.StartAsync(parsed, isPassing: false, cancellationToken).ConfigureAwait(false);
            await using (node.ConfigureAwait(false))
            {
                await ReportAsync(streams, node, parsed.GetValue(dht._json), cancellationToken).ConfigureAwait(false);
            }

            // Only a signal ends it, so being stopped counts as success.
            return ExitCode.Done;
        });
        return command;
    }
}
