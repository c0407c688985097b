using System.CommandLine;
using System.Net;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Cli.Sources;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet info TORRENT</c>: shows the content of a .torrent file or a magnet link.</summary>
internal sealed class InfoCommand
{
    private static readonly TimeSpan DefaultPatience = TimeSpan.FromMinutes(1);

    private readonly IConsoleStreams _streams;
    private readonly ConnectionOptions _connection = new();
    private readonly Argument<TorrentReference> _torrent = CommonOptions.TorrentOrLink();
    private readonly Option<bool> _fetch = new("--fetch") { Description = "Ask the peers of a magnet link what the torrent holds." };
    private readonly Option<int?> _timeout = Values.SecondsOption("--timeout", "Stop fetching after this time; 60 if not given.");
    private readonly Option<FileInfo?> _save = new("--save")
    {
        Description = "Write the .torrent; that of a magnet link is fetched from its peers.",
        HelpName = "FILE",
    };
    private readonly Option<bool> _force = CommonOptions.Force();
    private readonly Option<bool> _json = CommonOptions.Json();

    private InfoCommand(IConsoleStreams streams) => _streams = streams;

    public static Command Create(IConsoleStreams streams)
    {
        InfoCommand info = new(streams);
        Command command = new("info", "Show what is in a .torrent file or a magnet link.")
        {
            info._torrent, info._fetch, info._timeout, info._save, info._force,
        };
        info._connection.AddTo(command);
        command.Add(info._json);
        command.SetAction(info.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        TorrentReference reference = parsed.GetValue(_torrent);
        FileInfo? save = parsed.GetValue(_save);
        if (save is not null)
            NewFile.RequireFree(save, parsed.GetValue(_force));
        if (TorrentLoader.ReadLink(reference) is { } link)
        {
            if (save is null && !parsed.GetValue(_fetch))
                Show(parsed, link);
            else
                Show(parsed, await FetchAsync(parsed, link, cancellationToken).ConfigureAwait(false), save);
        }
        else
        {
            LoadedTorrent loaded = await TorrentLoader.LoadAsync(
                reference, _connection.Access(parsed), cancellationToken).ConfigureAwait(false);
            Show(parsed, loaded, save);
        }

        return ExitCode.Done;
    }

    private async Task<LoadedTorrent> FetchAsync(ParseResult parsed, MagnetLink link, CancellationToken cancellationToken)
    {
        List<IPEndPoint> peers = await _connection.ResolvePeersAsync(parsed, cancellationToken).ConfigureAwait(false);
        TimeSpan patience = parsed.GetValue(_timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultPatience;
        SwarmFetcher fetcher = new(_connection.ToSessionOptions(parsed), _connection.IsPortFixed(parsed), peers);
        return await fetcher.FetchAsync(link, patience, cancellationToken).ConfigureAwait(false);
    }

    private void Show(ParseResult parsed, MagnetLink link)
    {
        if (parsed.GetValue(_json))
            JsonOutput.Write(_streams, JsonOutput.OneLine, writer => MagnetOutput.WriteJson(writer, link));
        else
            MagnetOutput.WriteText(_streams.Out, link);
    }

    private void Show(ParseResult parsed, LoadedTorrent loaded, FileInfo? save)
    {
        if (save is not null)
            NewFile.Write(save, loaded.Bytes.Span, parsed.GetValue(_force));
        if (parsed.GetValue(_json))
            JsonOutput.Write(_streams, JsonOutput.OneLine, writer => MetainfoJson.Write(writer, loaded.Metainfo));
        else
            MetainfoText.Write(_streams.Out, loaded.Metainfo);
    }
}
