using System.CommandLine;
using System.Net;
using Freshet.Cli.Checks;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Cli.Sources;
using Freshet.Cli.Transfers;
using Freshet.Core.Metainfo;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet seed TORRENT --data DIR</c>: checks the data and seeds it until stopped.</summary>
internal sealed class SeedCommand
{
    private readonly IConsoleStreams _streams;
    private readonly TransferOptions _shared = new();
    private readonly Argument<TorrentReference> _torrent = CommonOptions.Torrent();
    private readonly Option<DirectoryInfo> _data = new("--data", "-d")
    {
        Description = "The folder that the torrent's file or folder lies in.",
        HelpName = "DIR",
        Required = true,
    };

    private SeedCommand(IConsoleStreams streams) => _streams = streams;

    public static Command Create(IConsoleStreams streams)
    {
        SeedCommand seed = new(streams);
        Command command = new("seed", "Check data that is there, and seed it until stopped.") { seed._torrent, seed._data };
        seed._shared.AddTo(command);
        command.SetAction(seed.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        ITransferReporter reporter = Reporters.Create(_streams, _shared.IsJson(parsed), _shared.IsQuiet(parsed));
        await using (reporter.ConfigureAwait(false))
        {
            LoadedTorrent? torrent = null;
            DirectoryInfo data = parsed.GetRequiredValue(_data);
            return await new TransferProgram(_streams, reporter).RunAsync(
                async token =>
                {
                    torrent = await TorrentLoader.LoadAsync(parsed.GetValue(_torrent), token, _shared.BindAddress(parsed)).ConfigureAwait(false);
                    DataFolder.Require(data);
                    return _shared.ToSessionOptions(parsed, data);
                },
                _shared.IsPortFixed(parsed),
                async (session, run) =>
                {
                    IAsyncEnumerable<SessionEvent> events = session.ReadEventsAsync(CancellationToken.None);
                    TorrentOptions options = await ToOptionsAsync(parsed, torrent!, cancellationToken).ConfigureAwait(false);
                    await run.AddAsync(TorrentSource.Bytes(torrent!.Bytes), torrent.Metainfo, options, cancellationToken).ConfigureAwait(false);
                    run.CompletionCheck = transfer => FindMissing(transfer.Status, torrent.Metainfo, data);
                    await run.RunAsync(events, seed: true, cancellationToken).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Nothing is wanted but what is there: data that turns out not to be whole is said to be so, and neither completed nor touched.
    /// </summary>
    private async Task<TorrentOptions> ToOptionsAsync(ParseResult parsed, LoadedTorrent torrent, CancellationToken cancellationToken)
    {
        List<IPEndPoint> peers = await _shared.ResolvePeersAsync(parsed, cancellationToken).ConfigureAwait(false);
        return new TorrentOptions
        {
            FilePriorities = [.. Enumerable.Repeat(FilePriority.Skip, torrent.Metainfo.Files.Length)],
            Peers = [.. peers],
            Resume = _shared.Resumes(parsed),
        };
    }

    private static string? FindMissing(TorrentStatus status, TorrentMetainfo metainfo, DirectoryInfo data) =>
        status.PiecesHave == status.PieceCount
            ? null
            : $"the data in {data} is not whole: {Words.Number(status.PieceCount - status.PiecesHave)} of {Words.Count(status.PieceCount, "piece")} missing or wrong. "
                + (DataFolder.Hint(metainfo, data) ?? "'freshet verify' shows which; 'freshet download --seed' fetches them.");
}
