using System.CommandLine;
using Freshet.Cli.Consoles;
using Freshet.Cli.Demo;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Cli.Transfers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Daemon;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet demo</c>: a whole swarm on this machine.</summary>
internal sealed class DemoCommand
{
    private const int DefaultSeeds = 3;
    private const int MaxSeeds = 50;
    private static readonly ByteSize DefaultSize = ByteSize.FromMiB(256);

    // A download of a few minutes with the default size and number of seeds.
    private static readonly DataRate PageRate = new(512 * 1024);

    private readonly IConsoleStreams _streams;
    private readonly Option<ByteSize> _size = Values.SizeOption("--size", "The size of the sample.", DefaultSize);
    private readonly Option<int> _seeds = new("--seeds")
    {
        Description = "The number of seeds.",
        HelpName = "N",
        DefaultValueFactory = static _ => DefaultSeeds,
    };
    private readonly Option<DataRate?> _rate = Values.RateOption("--rate", "The upload limit of each seed, to watch the demo for longer.");
    private readonly Option<bool> _page = new("--page")
    {
        Description = "Show the swarm on the web page of a daemon, with torrents in other states beside it, until interrupted.",
    };
    private readonly Option<bool> _json = CommonOptions.Json("Print a JSON line per event and second, as download does.");

    private DemoCommand(IConsoleStreams streams) => _streams = streams;

    public static Command Create(IConsoleStreams streams)
    {
        DemoCommand demo = new(streams);
        demo._seeds.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > MaxSeeds)
                result.AddError($"--seeds is from 1 to {MaxSeeds}.");
        });
        Command command = new("demo", "Run a tracker, seeds and a download on this machine.")
        {
            demo._size, demo._seeds, demo._rate, demo._page, demo._json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(demo._page) && result.GetValue(demo._json))
                result.AddError("--page shows a page; there is nothing to print with --json.");
        });
        command.SetAction(demo.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        bool json = parsed.GetValue(_json);
        ByteSize size = parsed.GetValue(_size);
        int seeds = parsed.GetValue(_seeds);
        if (!json)
            await SayAsync($"Making a sample of {size}, a tracker and {Words.Count(seeds, "seed")} …").ConfigureAwait(false);
        bool page = parsed.GetValue(_page);
        DataRate? rate = parsed.GetValue(_rate) ?? (page ? PageRate : null);
        DemoSwarm swarm = await DemoSwarm.StartAsync(size, seeds, rate, cancellationToken).ConfigureAwait(false);
        await using (swarm.ConfigureAwait(false))
        {
            if (page)
                return await ShowAsync(swarm, cancellationToken).ConfigureAwait(false);
            if (!json)
                await SayAsync($"The tracker is {swarm.AnnounceUrl}; the seeds have announced. Downloading to {swarm.DownloadFolder}")
                    .ConfigureAwait(false);
            (int exitCode, int peers) = await DownloadAsync(swarm, json, cancellationToken).ConfigureAwait(false);
            if (exitCode == ExitCode.Done)
                exitCode = await CheckAgainAsync(swarm, peers, json, cancellationToken).ConfigureAwait(false);
            return exitCode;
        }
    }

    private async Task<int> ShowAsync(DemoSwarm swarm, CancellationToken cancellationToken)
    {
        DaemonServer daemon = await DemoPage.StartAsync(swarm, cancellationToken).ConfigureAwait(false);
        await using (daemon.ConfigureAwait(false))
        {
            await SayAsync($"The page, until Ctrl-C: {daemon.Urls[0]}#token={daemon.Token}").ConfigureAwait(false);
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return ExitCode.Done;
    }

    private async Task<(int ExitCode, int Peers)> DownloadAsync(DemoSwarm swarm, bool json, CancellationToken cancellationToken)
    {
        int peers = 0;
        ITransferReporter reporter = Reporters.Create(_streams, json, quiet: false);
        await using (reporter.ConfigureAwait(false))
        {
            int exitCode = await new TransferProgram(_streams, reporter).RunAsync(
                _ => Task.FromResult(DemoSwarm.LoopbackOptions(swarm.DownloadFolder)),
                isPortFixed: true,
                async (session, run) =>
                {
                    IAsyncEnumerable<SessionEvent> events = session.ReadEventsAsync(CancellationToken.None);
                    await run.AddAsync(swarm.Plan, cancellationToken).ConfigureAwait(false);
                    await run.RunAsync(events, seed: false, cancellationToken).ConfigureAwait(false);
                    peers = run.PeersMet;
                },
                cancellationToken).ConfigureAwait(false);
            return (exitCode, peers);
        }
    }

    /// <summary>Reads the files again, as anyone could, instead of trusting the engine's own result.</summary>
    private async Task<int> CheckAgainAsync(DemoSwarm swarm, int peers, bool json, CancellationToken cancellationToken)
    {
        TorrentVerification result = await TorrentVerifier.VerifyAsync(
            TorrentSource.Bytes(swarm.Torrent.Bytes), swarm.DownloadFolder, cancellationToken: cancellationToken).ConfigureAwait(false);
        Bitfield verified = result.Verified;
        if (!result.IsComplete)
            throw new CliException(
                $"Only {verified.Count} of {verified.Length} pieces on disk are verified. This is a bug; please report it.");
        if (!json)
            await SayAsync($"Read again from disk: {Words.Count(verified.Length, "piece")} verified, "
                + $"{Words.Count(result.Files.Length, "file")} complete. "
                + $"They came from {Words.Count(peers, "peer")}, found through the tracker.").ConfigureAwait(false);
        return ExitCode.Done;
    }

    private async Task SayAsync(string line)
    {
        await _streams.Out.WriteLineAsync(line).ConfigureAwait(false);
        await _streams.Out.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }
}
