using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Cli.Sources;
using Freshet.Cli.Transfers;
using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet piece TORRENT INDEX -o FILE</c>: downloads one piece, verified.</summary>
internal sealed class PieceCommand
{
    private readonly IConsoleStreams _streams;
    private readonly ConnectionOptions _connection = new();
    private readonly Argument<TorrentReference> _torrent = CommonOptions.Torrent();
    private readonly Argument<int> _piece = Values.PieceArgument("INDEX", "The piece's number, from 0.");
    private readonly Option<FileInfo> _output = new("--output", "-o")
    {
        Description = "The file for the piece.",
        HelpName = "FILE",
        Required = true,
    };
    private readonly Option<bool> _force = CommonOptions.Force();
    private readonly Option<int?> _timeout = Values.SecondsOption("--timeout", "Give up after so long.");

    private PieceCommand(IConsoleStreams streams) => _streams = streams;

    public static Command Create(IConsoleStreams streams)
    {
        PieceCommand piece = new(streams);
        Command command = new("piece", "Download one piece, verified.")
        {
            piece._torrent, piece._piece, piece._output, piece._force, piece._timeout,
        };
        piece._connection.AddTo(command);
        command.SetAction(piece.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        LoadedTorrent torrent = await TorrentLoader.LoadAsync(
            parsed.GetValue(_torrent), _connection.Access(parsed), cancellationToken).ConfigureAwait(false);
        PieceIndex piece = new(parsed.GetValue(_piece));
        if (!torrent.Metainfo.Layout.Contains(piece))
            throw new CliException(
                $"{torrent.Metainfo.Name} has no piece {piece}: its pieces are 0 to {torrent.Metainfo.Layout.PieceCount - 1}.");
        FileInfo output = parsed.GetRequiredValue(_output);
        NewFile.RequireFree(output, parsed.GetValue(_force));

        DirectoryInfo scratch = Directory.CreateTempSubdirectory("freshet-piece-");
        try
        {
            await DownloadAsync(parsed, torrent, piece, scratch, cancellationToken).ConfigureAwait(false);
            byte[] bytes = Read(torrent.Metainfo, piece, scratch.FullName);
            if (!SHA1.HashData(bytes).AsSpan().SequenceEqual(torrent.Metainfo.HashOf(piece)))
                throw new CliException($"Piece {piece} changed between the download and the reading of {scratch}.");
            NewFile.Write(output, bytes, parsed.GetValue(_force));
            await _streams.Out.WriteLineAsync(
                $"{output}: piece {piece} of {SafeText.Of(torrent.Metainfo.Name)}, {new ByteSize(bytes.Length)}, verified.")
                .ConfigureAwait(false);
            return ExitCode.Done;
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private async Task DownloadAsync(
        ParseResult parsed, LoadedTorrent torrent, PieceIndex piece, DirectoryInfo scratch, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (parsed.GetValue(_timeout) is { } seconds)
            timeout.CancelAfter(TimeSpan.FromSeconds(seconds));
        SessionOptions options = _connection.ToSessionOptions(parsed) with { DownloadFolder = scratch.FullName, StateFolder = null };
        (Session session, _) = await SessionStart.RunAsync(options, _connection.IsPortFixed(parsed), timeout.Token).ConfigureAwait(false);
        string why = "";
        try
        {
            await using (session.ConfigureAwait(false))
            {
                List<IPEndPoint> peers = await _connection.ResolvePeersAsync(parsed, timeout.Token).ConfigureAwait(false);
                TorrentOptions wanted = new() { OnlyPieces = [piece], Peers = [.. peers], Resume = false };
                Torrent download = await session.AddAsync(TorrentSource.Bytes(torrent.Bytes), wanted, timeout.Token).ConfigureAwait(false);
                using ProgressLine line = new(_streams, $"Piece {piece}", enabled: true);
                using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200));
                while (!download.Completion.IsCompleted)
                {
                    why = download.Status.Why;
                    line.Report(download.Status.Progress, SafeText.Of(why));
                    await Task.WhenAny(download.Completion, timer.WaitForNextTickAsync(timeout.Token).AsTask()).ConfigureAwait(false);
                    timeout.Token.ThrowIfCancellationRequested();
                }

                await download.Completion.ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CliException(
                $"Piece {piece} was not downloaded within {Words.Count(parsed.GetValue(_timeout) ?? 0, "second")}: {why}", cause: e);
        }
    }

    private static byte[] Read(TorrentMetainfo metainfo, PieceIndex piece, string folder)
    {
        byte[] bytes = new byte[metainfo.Layout.LengthOf(piece)];
        int at = 0;
        foreach (FileSlice slice in metainfo.Layout.SlicesOf(metainfo.Layout.OffsetOf(piece), bytes.Length))
        {
            TorrentFile file = metainfo.Files[slice.FileIndex];
            Span<byte> part = bytes.AsSpan(at, slice.Length);
            at += slice.Length;

            // Padding is all zeros and not stored.
            if (file.IsPadding)
                continue;
            using FileStream stream = File.OpenRead(Path.Combine(folder, file.Path));
            stream.Position = slice.Offset;
            stream.ReadExactly(part);
        }

        return bytes;
    }
}
