using System.CommandLine;
using System.Net;
using Freshet.Cli.Consoles;
using Freshet.Cli.Logging;
using Freshet.Cli.Parsing;
using Freshet.Cli.Streaming;
using Freshet.Cli.Transfers;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet stream TORRENT [FILE]</c>: serves a file to players while it downloads.</summary>
internal sealed class StreamCommand
{
    private readonly IConsoleStreams _streams;
    private readonly TransferOptions _shared = new();
    private readonly Argument<TorrentReference> _torrent = CommonOptions.TorrentOrLink();
    private readonly Argument<string?> _file = new("FILE")
    {
        Description = "The file to play, or a pattern that only it matches; the largest if not given.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<DirectoryInfo> _output = CommonOptions.OutputFolder();
    private readonly Option<int> _port = new("--http-port")
    {
        Description = "The port of 127.0.0.1 that players connect to; any free one if not given.",
        HelpName = "PORT",
    };
    private readonly Option<DataRate?> _maxDownload = Values.RateOption("--max-download", "The download limit, such as 2MiB/s.");

    private StreamCommand(IConsoleStreams streams) => _streams = streams;

    public static Command Create(IConsoleStreams streams)
    {
        StreamCommand stream = new(streams);
        Command command = new("stream", "Serve a file of a torrent to players over HTTP while it downloads, until interrupted.")
        {
            stream._torrent, stream._file, stream._output, stream._port, stream._maxDownload,
        };
        stream._port.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > ushort.MaxValue)
                result.AddError("--http-port is 0 to 65535.");
        });
        stream._shared.AddTo(command);
        command.SetAction(stream.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ITransferReporter reporter = Reporters.Create(_streams, _shared.IsJson(parsed), _shared.IsQuiet(parsed));
        await using (reporter.ConfigureAwait(false))
        {
            using LineLoggerFactory loggers = _shared.OpenLog(parsed, reporter);
            StreamChoice choice = new(parsed.GetValue(_file) is { } pattern ? new GlobPattern(pattern) : null);
            IReadOnlyList<PlannedTransfer> planned = [];
            return await new TransferProgram(_streams, reporter).RunAsync(
                async token =>
                {
                    planned = await PlanAsync(parsed, reporter, choice, token).ConfigureAwait(false);
                    DirectoryInfo output = parsed.GetRequiredValue(_output);
                    OutputFolder.Require(output);
                    SessionOptions options = _shared.ToSessionOptions(parsed, output);
                    return options with { MaxDownloadRate = parsed.GetValue(_maxDownload), LoggerFactory = loggers };
                },
                _shared.IsPortFixed(parsed),
                async (session, run) =>
                {
                    run.DiskErrors = _shared.OnDiskErrors(parsed);
                    IAsyncEnumerable<SessionEvent> events = session.ReadEventsAsync(CancellationToken.None);
                    await run.AddAsync(planned[0], cancellationToken).ConfigureAwait(false);
                    await ServeAsync(parsed, run, choice, events, reporter, cancellationToken).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<PlannedTransfer>> PlanAsync(
        ParseResult parsed, ITransferReporter reporter, StreamChoice choice, CancellationToken cancellationToken)
    {
        List<IPEndPoint> peers = await _shared.ResolvePeersAsync(parsed, cancellationToken).ConfigureAwait(false);
        return await new TransferPlan(reporter, _shared.Access(parsed)).LoadAsync(
            [parsed.GetRequiredValue(_torrent)],
            new TorrentOptions
            {
                Peers = [.. peers],
                MaxPeers = _shared.MaxPeers(parsed),
                Resume = _shared.Resumes(parsed),
                SuperSeed = _shared.SuperSeed(parsed),
                Sequential = true,
            },
            choice.PrioritiesOf,
            cancellationToken).ConfigureAwait(false);
    }

    // The run continues alongside the server, which starts once it is known which file to serve.
    private async Task ServeAsync(
        ParseResult parsed, TransferRun run, StreamChoice choice, IAsyncEnumerable<SessionEvent> events, ITransferReporter reporter,
        CancellationToken cancellationToken)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task running = run.RunAsync(events, seed: true, end.Token);
        Torrent torrent = run.Transfers[0].Torrent;
        try
        {
            Task<TorrentMetainfo> learning = torrent.WaitForMetadataAsync(end.Token);
            if (await Task.WhenAny(learning, running).ConfigureAwait(false) == running)
                return;
            TorrentFile file = choice.FileOf(await learning.ConfigureAwait(false));
            StreamServer server = await StreamServer.StartAsync(
                file.Path, () => torrent.OpenRead(file.Index), parsed.GetValue(_port), end.Token).ConfigureAwait(false);
            await using (server.ConfigureAwait(false))
            {
                reporter.Streaming(torrent.InfoHash, server.Url!);
                await running.ConfigureAwait(false);
            }
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await running.ConfigureAwait(false);
    }
}
