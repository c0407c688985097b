using System.CommandLine;
using System.Net;
using Freshet.Cli.Consoles;
using Freshet.Cli.Logging;
using Freshet.Cli.Parsing;
using Freshet.Cli.Transfers;
using Freshet.Core.Rates;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet download TORRENT...</c>: downloads torrents.</summary>
internal sealed class DownloadCommand
{
    private readonly IConsoleStreams _streams;
    private readonly TransferOptions _shared = new();
    private readonly Argument<TorrentReference[]> _torrents = CommonOptions.Torrents();
    private readonly Option<DirectoryInfo> _output = CommonOptions.OutputFolder();
    private readonly Option<bool> _seed = new("--seed")
    {
        Description = "Keep seeding when everything is complete; --ratio and --seed-time say how long.",
    };
    private readonly FileChoice _files = new();
    private readonly FindOptions _find = new();
    private readonly Option<bool> _portableNames = new("--portable-names")
    {
        Description = "Give files names that every system can hold, Windows too.",
    };
    private readonly Option<DataRate?> _maxDownload = Values.RateOption(
        "--max-download", "The download limit for all torrents together, such as 2MiB/s.");

    private readonly Option<string?> _onComplete = new("--on-complete")
    {
        Description = "A program to run for each torrent that is complete, with its path, name and info-hash as arguments.",
        HelpName = "PROGRAM",
    };

    private DownloadCommand(IConsoleStreams streams) => _streams = streams;

    public static Command Create(IConsoleStreams streams)
    {
        DownloadCommand download = new(streams);
        Command command = new("download", "Download torrents; what exists already is kept and continued.")
        {
            download._torrents, download._output, download._seed, download._maxDownload, download._portableNames,
            download._onComplete,
        };
        download._files.AddTo(command);
        download._find.AddTo(command);
        download._shared.AddTo(command);
        command.SetAction(download.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ITransferReporter reporter = Reporters.Create(_streams, _shared.IsJson(parsed), _shared.IsQuiet(parsed));
        await using (reporter.ConfigureAwait(false))
        {
            using LineLoggerFactory loggers = _shared.OpenLog(parsed, reporter);
            IReadOnlyList<PlannedTransfer> planned = [];
            return await new TransferProgram(_streams, reporter).RunAsync(
                async token =>
                {
                    planned = await PlanAsync(parsed, reporter, token).ConfigureAwait(false);
                    DirectoryInfo output = parsed.GetRequiredValue(_output);
                    OutputFolder.Require(output);
                    SessionOptions options = _shared.ToSessionOptions(parsed, output);
                    return options with { MaxDownloadRate = parsed.GetValue(_maxDownload), LoggerFactory = loggers };
                },
                _shared.IsPortFixed(parsed),
                async (session, run) =>
                {
                    using CompletionProgram? program = ProgramOf(parsed, reporter);
                    run.Program = program;
                    run.DiskErrors = _shared.OnDiskErrors(parsed);
                    IAsyncEnumerable<SessionEvent> events = session.ReadEventsAsync(CancellationToken.None);
                    foreach (PlannedTransfer transfer in planned)
                    {
                        PlannedTransfer found = await _find.FindAsync(parsed, transfer, session.Options, reporter, cancellationToken)
                            .ConfigureAwait(false);
                        await run.AddAsync(found, cancellationToken).ConfigureAwait(false);
                    }

                    await run.RunAsync(events, Seeds(parsed), cancellationToken).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    private CompletionProgram? ProgramOf(ParseResult parsed, ITransferReporter reporter) =>
        parsed.GetValue(_onComplete) is { Length: > 0 } program
            ? new CompletionProgram(program, reporter, CompletionProgram.Patience)
            : null;

    // A limit on seeding implies seeding.
    private bool Seeds(ParseResult parsed) => parsed.GetValue(_seed) || _shared.SeedLimits(parsed) is not null;

    private async Task<IReadOnlyList<PlannedTransfer>> PlanAsync(
        ParseResult parsed, ITransferReporter reporter, CancellationToken cancellationToken)
    {
        List<IPEndPoint> peers = await _shared.ResolvePeersAsync(parsed, cancellationToken).ConfigureAwait(false);
        return await new TransferPlan(reporter, _shared.Access(parsed)).LoadAsync(
            parsed.GetRequiredValue(_torrents),
            _files.Apply(
                new TorrentOptions
                {
                    Peers = [.. peers],
                    MaxPeers = _shared.MaxPeers(parsed),
                    Resume = _shared.Resumes(parsed),
                    SuperSeed = _shared.SuperSeed(parsed),
                    PortableNames = parsed.GetValue(_portableNames),
                },
                parsed),
            _files.ChooserOf(parsed),
            cancellationToken).ConfigureAwait(false);
    }
}
