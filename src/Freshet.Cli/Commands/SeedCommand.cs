using System.CommandLine;
using System.Net;
using Freshet.Cli.Checks;
using Freshet.Cli.Consoles;
using Freshet.Cli.Logging;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Cli.Transfers;
using Freshet.Core.Metainfo;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet seed TORRENT... -o DIR</c>: checks the data in the output folder and seeds it until stopped.</summary>
internal sealed class SeedCommand
{
    private readonly IConsoleStreams _streams;
    private readonly TransferOptions _shared = new();
    private readonly FindOptions _find = new();
    private readonly Argument<TorrentReference[]> _torrents = CommonOptions.Torrents();
    private readonly Option<DirectoryInfo> _output = CommonOptions.OutputFolder();

    // The former name of -o.
    private readonly Option<DirectoryInfo?> _data = new("--data", "-d") { Hidden = true };

    private SeedCommand(IConsoleStreams streams) => _streams = streams;

    public static Command Create(IConsoleStreams streams)
    {
        SeedCommand seed = new(streams);
        Command command = new("seed", "Check data that exists, and seed it until stopped.") { seed._torrents, seed._output, seed._data };
        seed._find.AddTo(command);
        seed._shared.AddTo(command);
        command.SetAction(seed.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ITransferReporter reporter = Reporters.Create(_streams, _shared.IsJson(parsed), _shared.IsQuiet(parsed));
        await using (reporter.ConfigureAwait(false))
        {
            using LineLoggerFactory loggers = _shared.OpenLog(parsed, reporter);
            DirectoryInfo folder = parsed.GetValue(_data) ?? parsed.GetRequiredValue(_output);
            IReadOnlyList<PlannedTransfer> planned = [];
            return await new TransferProgram(_streams, reporter).RunAsync(
                async token =>
                {
                    planned = await PlanAsync(parsed, reporter, token).ConfigureAwait(false);
                    DataFolder.Require(folder);
                    return _shared.ToSessionOptions(parsed, folder) with { LoggerFactory = loggers };
                },
                _shared.IsPortFixed(parsed),
                async (session, run) =>
                {
                    run.DiskErrors = _shared.OnDiskErrors(parsed);
                    run.CompletionCheck = transfer => FindMissing(transfer.Status, transfer.Metainfo!, folder);
                    IAsyncEnumerable<SessionEvent> events = session.ReadEventsAsync(CancellationToken.None);
                    foreach (PlannedTransfer transfer in planned)
                    {
                        PlannedTransfer found = await _find.FindAsync(parsed, transfer, session.Options, reporter, cancellationToken)
                            .ConfigureAwait(false);
                        await run.AddAsync(found, cancellationToken).ConfigureAwait(false);
                    }

                    await run.RunAsync(events, seed: true, cancellationToken).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Only existing data is seeded: data that turns out to be incomplete is reported, and neither completed nor changed.
    /// </summary>
    private async Task<IReadOnlyList<PlannedTransfer>> PlanAsync(
        ParseResult parsed, ITransferReporter reporter, CancellationToken cancellationToken)
    {
        List<IPEndPoint> peers = await _shared.ResolvePeersAsync(parsed, cancellationToken).ConfigureAwait(false);
        return await new TransferPlan(reporter, _shared.Access(parsed)).LoadAsync(
            parsed.GetRequiredValue(_torrents),
            new TorrentOptions
            {
                Peers = [.. peers],
                MaxPeers = _shared.MaxPeers(parsed),
                Resume = _shared.Resumes(parsed),
                SuperSeed = _shared.SuperSeed(parsed),
            },
            static metainfo => [.. Enumerable.Repeat(FilePriority.Skip, metainfo.Files.Length)],
            cancellationToken).ConfigureAwait(false);
    }

    private static string? FindMissing(TorrentStatus status, TorrentMetainfo metainfo, DirectoryInfo folder)
    {
        int missing = status.PieceCount - status.PiecesHave;
        if (missing == 0)
            return null;
        string advice = DataFolder.Hint(metainfo, folder) ?? "'freshet verify' shows which; 'freshet download --seed' downloads them.";
        return $"the data in {folder} is incomplete: "
            + $"{Words.Number(missing)} of {Words.Count(status.PieceCount, "piece")} are missing. {advice}";
    }
}
