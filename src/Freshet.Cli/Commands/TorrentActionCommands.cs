using System.CommandLine;
using System.Text.Json;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Daemons;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Core.Rates;

namespace Freshet.Cli.Commands;

/// <summary>
/// <c>freshet start</c>, <c>stop</c>, <c>reannounce</c>, <c>remove</c>, <c>queue</c> and <c>set</c>: act on torrents of a daemon.
/// </summary>
internal static class TorrentActionCommands
{
    public static Command CreateStart(IConsoleStreams streams) =>
        Create(streams, "start", "Start torrents of a daemon, or try again after a failure.", BulkAction.Start);

    public static Command CreateStop(IConsoleStreams streams) => Create(streams, "stop", "Stop torrents of a daemon.", BulkAction.Stop);

    public static Command CreateReannounce(IConsoleStreams streams) =>
        Create(streams, "reannounce", "Announce torrents of a daemon to their trackers now.", BulkAction.Reannounce);

    public static Command CreateRemove(IConsoleStreams streams)
    {
        Option<bool> delete = new("--delete-files") { Description = "Delete their files, too." };
        return Create(streams, new Command("remove", "Remove torrents from a daemon; their files stay.") { delete }, (parsed, hashes) =>
            new BulkRequest { Action = BulkAction.Remove, Hashes = hashes, DeleteFiles = parsed.GetValue(delete) });
    }

    public static Command CreateQueue(IConsoleStreams streams)
    {
        Option<string> move = new("--to")
        {
            Description = "Where to: top, up, down or bottom. Several keep their order among themselves.",
            HelpName = "top|up|down|bottom",
            Required = true,
        };
        move.AcceptOnlyFromAmong("top", "up", "down", "bottom");
        return Create(streams, new Command("queue", "Give torrents of a daemon another place in the queue.") { move }, (parsed, hashes) =>
            new BulkRequest
            {
                Action = Enum.Parse<BulkAction>("Queue" + parsed.GetRequiredValue(move), ignoreCase: true),
                Hashes = hashes,
            });
    }

    public static Command CreateSet(IConsoleStreams streams)
    {
        Option<string[]> add = new("--label") { Description = "Add a label; repeatable.", HelpName = "TEXT" };
        Option<string[]> remove = new("--no-label") { Description = "Remove a label; repeatable.", HelpName = "TEXT" };
        Option<string?> category = new("--category") { Description = "The category; empty removes it.", HelpName = "TEXT" };
        Option<DataRate?> down = Values.RateOption("--max-download", "The limit on payload received per second.");
        Option<DataRate?> up = Values.RateOption("--max-upload", "The limit on payload sent per second.");
        Option<int?> peers = new("--max-peers") { Description = "The maximum number of connected peers, 1 to 10,000.", HelpName = "N" };
        Option<int?> slots = new("--upload-slots")
        {
            Description = "Peers that are uploaded to at once, 1 to 1,000; 0 is as many as the upload rate allows.",
            HelpName = "N",
        };
        Option<bool?> sequential = new("--sequential") { Description = "Whether pieces are fetched in order.", HelpName = "BOOL" };
        Option<string?> superSeed = new("--super-seed")
        {
            Description = "When, as a seed, each peer gets only pieces that nobody else has: automatic, always or never.",
            HelpName = "automatic|always|never",
        };
        superSeed.AcceptOnlyFromAmong("automatic", "always", "never");
        Option<bool?> forced = new("--force-start")
        {
            Description = "Whether it is active without waiting for its turn.",
            HelpName = "BOOL",
        };
        Option<double?> ratio = new("--seed-ratio")
        {
            Description = "Bytes sent for each byte received, after which it has seeded enough; 0 is no limit.",
            HelpName = "R",
        };
        Option<string[]> trackers = new("--tracker")
        {
            Description = "A tracker instead of those it has; repeatable, each in its own tier. Several separated by commas form one tier.",
            HelpName = "URL",
        };
        trackers.Validators.Add(static result => Values.RequireUrls(result, "http", "https", "udp"));
        Option<bool> reset = new("--reset-trackers") { Description = "Go back to the trackers that the torrent names." };
        Command command = new("set", "Change settings of torrents of a daemon.")
        {
            add, remove, category, down, up, peers, slots, sequential, superSeed, forced, ratio, trackers, reset,
        };
        TorrentChangeOptions more = new();
        more.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(trackers) is not null && result.GetResult(reset) is not null)
                result.AddError("Either --tracker or --reset-trackers.");
        });
        return Create(streams, command,
            (parsed, hashes) => new BulkRequest
            {
                Action = BulkAction.Change,
                Hashes = hashes,
                Change = more.Apply(parsed, new TorrentChange
                {
                    AddLabels = parsed.GetValue(add),
                    RemoveLabels = parsed.GetValue(remove),
                    Category = parsed.GetValue(category),
                    MaxDownloadRate = parsed.GetValue(down)?.BytesPerSecond,
                    MaxUploadRate = parsed.GetValue(up)?.BytesPerSecond,
                    MaxPeers = parsed.GetValue(peers),
                    UploadSlots = parsed.GetValue(slots),
                    Sequential = parsed.GetValue(sequential),
                    ForceStart = parsed.GetValue(forced),
                    SeedRatio = parsed.GetValue(ratio),
                    Trackers = parsed.GetValue(trackers) is { Length: > 0 } tiers ? [.. tiers.Select(Values.SplitUrls)] : null,
                    OwnTrackers = parsed.GetValue(reset) ? false : null,
                    SuperSeed = parsed.GetValue(superSeed) is { } word ? Enum.Parse<SuperSeedCode>(word, ignoreCase: true) : null,
                }),
            });
    }

    private static Command Create(IConsoleStreams streams, string name, string description, BulkAction action) =>
        Create(streams, new Command(name, description), (_, hashes) => new BulkRequest { Action = action, Hashes = hashes });

    private static Command Create(IConsoleStreams streams, Command command, Func<ParseResult, string[], BulkRequest> requestOf)
    {
        Argument<string[]> names = TorrentNames.Arguments();
        Option<bool> json = CommonOptions.Json();
        DaemonAccess access = new();
        command.Add(names);
        command.Add(json);
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using DaemonClient daemon = access.Open(parsed);
            IReadOnlyList<TorrentItem> torrents =
                await TorrentNames.FindAsync(daemon, parsed.GetRequiredValue(names), cancellationToken).ConfigureAwait(false);
            BulkResult result = await daemon.BulkAsync(
                requestOf(parsed, [.. torrents.Select(torrent => torrent.Hash)]), cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json))
                TorrentLines.WriteJson(streams, JsonSerializer.SerializeToElement(result, JsonContext.Default.BulkResult));
            else
                await streams.Out.WriteLineAsync(WordsOf(result)).ConfigureAwait(false);
            foreach (BulkFailure failure in result.Failures)
                await streams.Error.WriteLineAsync($"freshet: {failure.Hash}: {SafeText.Of(failure.Detail)}").ConfigureAwait(false);
            return result.Failures.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static string WordsOf(BulkResult result) =>
        $"{Words.Count(result.Done, "torrent")}"
            + $"{(result.Pending > 0 ? $", and {Words.Number(result.Pending)} go on in the background" : "")}.";
}
