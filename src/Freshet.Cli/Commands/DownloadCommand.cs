using System.CommandLine;
using System.Net;
using Freshet.Cli.Consoles;
using Freshet.Cli.Parsing;
using Freshet.Cli.Sources;
using Freshet.Cli.Transfers;
using Freshet.Core.Rates;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet download TORRENT...</c>: the main job.</summary>
internal sealed class DownloadCommand
{
    private readonly IConsoleStreams _streams;
    private readonly TransferOptions _shared = new();
    private readonly Argument<TorrentReference[]> _torrents = CommonOptions.Torrents();
    private readonly Option<DirectoryInfo> _output = new("--output", "-o")
    {
        Description = "Where the files go.",
        HelpName = "DIR",
        DefaultValueFactory = static _ => new DirectoryInfo("."),
    };

    private readonly Option<bool> _seed = new("--seed") { Description = "Keep seeding when everything is there." };
    private readonly Option<bool> _sequential = new("--sequential") { Description = "Fetch pieces in their order." };
    private readonly Option<DataRate?> _maxDownload = Values.RateOption("--max-download", "The most to receive, all torrents together, such as 2MiB/s.");
    private readonly Option<string[]> _files = new("--files")
    {
        Description = "Download only the files that match; repeatable.",
        HelpName = "GLOB",
        DefaultValueFactory = static _ => [],
    };

    private DownloadCommand(IConsoleStreams streams) => _streams = streams;

    public static Command Create(IConsoleStreams streams)
    {
        DownloadCommand download = new(streams);
        Command command = new("download", "Download torrents; what is there already is kept and continued.")
        {
            download._torrents, download._output, download._seed, download._sequential, download._files, download._maxDownload,
        };
        download._shared.AddTo(command);
        command.SetAction(download.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ITransferReporter reporter = Reporters.Create(_streams, _shared.IsJson(parsed), _shared.IsQuiet(parsed));
        await using (reporter.ConfigureAwait(false))
        {
            List<(LoadedTorrent Torrent, TorrentOptions Options)> wanted = [];
            return await new TransferProgram(_streams, reporter).RunAsync(
                async token =>
                {
                    // A mistake in any of them is told before the first begins.
                    await PrepareAsync(parsed, wanted, reporter, token).ConfigureAwait(false);
                    DirectoryInfo output = parsed.GetRequiredValue(_output);
                    RequireFolder(output);
                    SessionOptions options = _shared.ToSessionOptions(parsed, output);
                    return options with { MaxDownloadRate = parsed.GetValue(_maxDownload) };
                },
                _shared.IsPortFixed(parsed),
                async (session, run) =>
                {
                    IAsyncEnumerable<SessionEvent> events = session.ReadEventsAsync(CancellationToken.None);
                    foreach ((LoadedTorrent torrent, TorrentOptions options) in wanted)
                        await run.AddAsync(TorrentSource.Bytes(torrent.Bytes), torrent.Metainfo, options, cancellationToken).ConfigureAwait(false);
                    await run.RunAsync(events, parsed.GetValue(_seed), cancellationToken).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task PrepareAsync(
        ParseResult parsed, List<(LoadedTorrent Torrent, TorrentOptions Options)> wanted, ITransferReporter reporter, CancellationToken cancellationToken)
    {
        GlobPattern[] patterns = [.. (parsed.GetValue(_files) ?? []).Select(pattern => new GlobPattern(pattern))];
        List<IPEndPoint> peers = await _shared.ResolvePeersAsync(parsed, cancellationToken).ConfigureAwait(false);
        foreach (TorrentReference reference in parsed.GetRequiredValue(_torrents))
        {
            LoadedTorrent torrent = await TorrentLoader.LoadAsync(reference, cancellationToken, _shared.BindAddress(parsed)).ConfigureAwait(false);
            if (wanted.Exists(other => other.Torrent.Metainfo.SwarmHash == torrent.Metainfo.SwarmHash))
            {
                reporter.Warning($"{reference} is named twice, or the same torrent as one before it; it is downloaded once", torrent.Metainfo.SwarmHash);
                continue;
            }

            wanted.Add((torrent, new TorrentOptions
            {
                FilePriorities = FileSelection.Choose(torrent.Metainfo, patterns),
                Peers = [.. peers],
                Resume = _shared.Resumes(parsed),
                Sequential = parsed.GetValue(_sequential),
            }));
        }
    }

    /// <summary>Makes the folder before anything begins: the engine would wait for a disk that nobody is going to mount.</summary>
    private static void RequireFolder(DirectoryInfo folder)
    {
        if (File.Exists(folder.FullName))
            throw new CliException($"{folder} is a file.", "Name a folder with -o.");
        try
        {
            folder.Create();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string reason = e switch
            {
                UnauthorizedAccessException => "permission was denied",
                FileNotFoundException or DirectoryNotFoundException => "no folder can be made there",
                _ => e.Message.TrimEnd('.'),
            };
            throw new CliException($"The folder {folder} cannot be made: {reason}.", "Name another with -o.", e);
        }
    }
}
