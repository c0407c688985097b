using System.CommandLine;
using System.Diagnostics;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Daemons;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet create PATH -o FILE</c>: creates a .torrent, or has a daemon do it.</summary>
internal sealed class CreateCommand
{
    private readonly IConsoleStreams _streams;
    private readonly Argument<FileSystemInfo> _path = new("PATH") { Description = "The file or folder." };
    private readonly Option<FileInfo?> _output = new("--output", "-o")
    {
        Description = "The .torrent; PATH's name with .torrent if not given.",
        HelpName = "FILE",
    };
    private readonly Option<string[]> _trackers = new("--tracker", "-t")
    {
        Description = "A tracker; repeatable, each in its own tier. Several separated by commas form one tier.",
        HelpName = "URL",
        DefaultValueFactory = static _ => [],
    };

    private readonly Option<string[]> _webSeeds = new("--web-seed", "-w")
    {
        Description = "A web seed; repeatable.",
        HelpName = "URL",
        DefaultValueFactory = static _ => [],
    };
    private readonly Option<int?> _pieceSize = Values.PieceSizeOption("--piece-size", "The piece size, a power of two.");
    private readonly Option<bool> _private = new("--private") { Description = "Peers come from the trackers alone." };
    private readonly Option<string?> _comment = new("--comment") { Description = "Free text.", HelpName = "TEXT" };
    private readonly Option<string?> _source = new("--source")
    {
        Description = "A tag that changes the torrent's info-hash.",
        HelpName = "TEXT",
    };
    private readonly Option<bool> _noDate = new("--no-date")
    {
        Description = "Leave out the date, so that the same data gives the same file.",
    };
    private readonly Option<bool> _seed = new("--seed")
    {
        Description = "Have the daemon create it, and seed it: the one at --server, or that runs with the state folder.",
    };
    private readonly DaemonAccess _access = new();
    private readonly Option<bool> _force = CommonOptions.Force();
    private readonly Option<bool> _json = CommonOptions.Json();
    private readonly Option<bool> _quiet = CommonOptions.Quiet();

    private CreateCommand(IConsoleStreams streams) => _streams = streams;

    public static Command Create(IConsoleStreams streams)
    {
        CreateCommand create = new(streams);
        create._trackers.Validators.Add(static result => Values.RequireUrls(result, "http", "https", "udp"));
        create._webSeeds.Validators.Add(static result => Values.RequireUrls(result, "http", "https", "ftp"));
        Command command = new("create", "Create a .torrent from a file or a folder.")
        {
            create._path, create._output, create._trackers, create._webSeeds, create._pieceSize, create._private, create._comment,
            create._source,
            create._noDate, create._seed, create._force, create._json, create._quiet,
        };
        create._access.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(create._noDate) is not null && (result.GetResult(create._seed) is not null
                || create._access.IsNamed(result)))
                result.AddError("A daemon always records the date: leave out --no-date.");
        });
        command.SetAction(create.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        if (parsed.GetValue(_seed) || _access.IsNamed(parsed))
            return await CreateInDaemonAsync(parsed, started, cancellationToken).ConfigureAwait(false);
        string path = parsed.GetRequiredValue(_path).ToString();
        FileInfo output = parsed.GetValue(_output) ?? new FileInfo(TorrentCreator.NameOf(path) + ".torrent");
        NewFile.RequireFree(output, parsed.GetValue(_force));
        CreatedTorrent created = await HashAsync(parsed, path, cancellationToken).ConfigureAwait(false);
        foreach (string warning in created.Warnings)
            await _streams.Error.WriteLineAsync("freshet: warning: " + SafeText.Of(warning)).ConfigureAwait(false);
        byte[] torrent = created.Bytes.ToArray();
        NewFile.Write(output, torrent, parsed.GetValue(_force));
        Report(parsed, output, torrent, Stopwatch.GetElapsedTime(started));
        return ExitCode.Done;
    }

    // PATH is on the daemon's machine. A torrent that the daemon seeds is only written where the user wants it.
    private async Task<int> CreateInDaemonAsync(ParseResult parsed, long started, CancellationToken cancellationToken)
    {
        FileSystemInfo path = parsed.GetRequiredValue(_path);
        FileInfo? output = parsed.GetValue(_output)
            ?? (parsed.GetValue(_seed) ? null : new FileInfo(TorrentCreator.NameOf(path.ToString()) + ".torrent"));
        if (output is not null)
            NewFile.RequireFree(output, parsed.GetValue(_force));
        CreateTorrent wanted = new()
        {
            Path = _access.IsNamed(parsed) ? path.ToString() : path.FullName,
            Trackers = [.. parsed.GetRequiredValue(_trackers).Select(tier => Values.SplitUrls(tier))],
            WebSeeds = [.. parsed.GetRequiredValue(_webSeeds).SelectMany(urls => Values.SplitUrls(urls))],
            PieceLength = parsed.GetValue(_pieceSize),
            Private = parsed.GetValue(_private),
            Comment = parsed.GetValue(_comment),
            Source = parsed.GetValue(_source),
            Seed = parsed.GetValue(_seed),
        };
        using DaemonClient daemon = _access.Open(parsed);
        byte[] torrent = await DaemonCreation.RunAsync(_streams, daemon, wanted, !parsed.GetValue(_quiet), cancellationToken)
            .ConfigureAwait(false);
        if (output is not null)
            NewFile.Write(output, torrent, parsed.GetValue(_force));
        Report(parsed, output, torrent, Stopwatch.GetElapsedTime(started));
        return ExitCode.Done;
    }

    private async Task<CreatedTorrent> HashAsync(ParseResult parsed, string path, CancellationToken cancellationToken)
    {
        TorrentCreation options = new()
        {
            Trackers = [.. parsed.GetRequiredValue(_trackers).Select(tier => Values.SplitUrls(tier))],
            WebSeeds = [.. parsed.GetRequiredValue(_webSeeds).SelectMany(urls => Values.SplitUrls(urls))],
            PieceLength = parsed.GetValue(_pieceSize),
            IsPrivate = parsed.GetValue(_private),
            Comment = parsed.GetValue(_comment),
            Source = parsed.GetValue(_source),
            CreatedBy = "Freshet " + ProgramVersion.Number,
            CreationDate = parsed.GetValue(_noDate) ? null : DateTimeOffset.UtcNow,
        };
        using ProgressLine line = new(_streams, "Hashing", enabled: !parsed.GetValue(_quiet));
        return await TorrentCreator.CreateAsync(
            path,
            options,
            new DirectProgress<CreationProgress>(at => line.Report((double)at.Done.Bytes / at.Total.Bytes, $"{at.Done} of {at.Total}")),
            cancellationToken)
            .ConfigureAwait(false);
    }

    // The torrent is read as others will read it, so the info-hash shown is the file's.
    private void Report(ParseResult parsed, FileInfo? output, byte[] torrent, TimeSpan took)
    {
        if (!MetainfoReader.TryRead(torrent, out TorrentMetainfo? metainfo, out MetainfoError? error))
            throw new CliException($"{output?.ToString() ?? "The torrent"} was created, but cannot be used: {error.Message}.");
        if (parsed.GetValue(_json))
        {
            JsonOutput.Write(_streams, JsonOutput.OneLine, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("path", output?.FullName);
                writer.WriteString("infoHash", metainfo.SwarmHash.ToString());
                writer.WriteString("name", metainfo.Name);
                writer.WriteNumber("size", metainfo.Layout.TotalLength);
                writer.WriteNumber("pieceLength", metainfo.Layout.PieceLength);
                writer.WriteNumber("pieceCount", metainfo.Layout.PieceCount);
                writer.WriteNumber("fileCount", metainfo.Files.Length);
                writer.WriteString("magnet", MagnetLink.Of(metainfo).ToString());
                writer.WriteNumber("seconds", Math.Round(took.TotalSeconds, 3));
                writer.WriteEndObject();
            });
        }
        else if (!parsed.GetValue(_quiet))
        {
            _streams.Out.WriteLine($"{output?.ToString() ?? SafeText.Of(metainfo.Name)}: "
                + $"{new ByteSize(metainfo.Layout.TotalLength)} in {Words.Count(metainfo.Files.Length, "file")}, "
                + $"{Words.Count(metainfo.Layout.PieceCount, "piece")} of {new ByteSize(metainfo.Layout.PieceLength)}, "
                + $"hashed in {Words.Of(took)}.");
            _streams.Out.WriteLine($"Info-hash {metainfo.SwarmHash}");
        }
    }
}
