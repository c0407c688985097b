using System.CommandLine;
using System.Text.Json;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Daemons;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Cli.Sources;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet add TORRENT...</c>: adds torrents to a daemon.</summary>
internal static class AddCommand
{
    // It is sent in base64, in a body of 32 MiB at the most.
    private const int MaxFileLength = 23 * 1024 * 1024;

    public static Command Create(IConsoleStreams streams)
    {
        Argument<string[]> sources = new("TORRENT")
        {
            Description = "A .torrent file, the http(s) URL of one, a magnet link, or an info-hash.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string?> folder = new("--folder") { Description = "The download folder, on the daemon's machine.", HelpName = "DIR" };
        Option<string[]> labels = new("--label")
        { Description = "A label; repeatable.", HelpName = "TEXT", DefaultValueFactory = static _ => [] };
        Option<bool> stopped = new("--stopped") { Description = "Add without starting." };
        Option<string?> category = new("--category") { Description = "The category.", HelpName = "TEXT" };
        Option<bool> sequential = new("--sequential") { Description = "Download pieces in order." };
        Option<bool> firstLast = new("--first-last")
        {
            Description = "Download the beginning and the end of each file first, as players need them.",
        };
        Option<bool> json = CommonOptions.Json("Print a JSON object on a line for each torrent.");
        DaemonAccess access = new();
        Command command = new("add", "Add torrents to a daemon.")
        {
            sources, folder, labels, category, stopped, sequential, firstLast, json,
        };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using DaemonClient daemon = access.Open(parsed);
            int exitCode = ExitCode.Done;
            foreach (string source in parsed.GetRequiredValue(sources))
            {
                AddTorrent options = new()
                {
                    Folder = parsed.GetValue(folder),
                    Labels = parsed.GetRequiredValue(labels),
                    Category = parsed.GetValue(category),
                    Start = !parsed.GetValue(stopped),
                    Sequential = parsed.GetValue(sequential),
                    FirstAndLastFirst = parsed.GetValue(firstLast),
                };
                try
                {
                    TorrentItem added = await AddAsync(daemon, source, options, cancellationToken).ConfigureAwait(false);
                    if (parsed.GetValue(json))
                        TorrentLines.WriteJson(streams, JsonSerializer.SerializeToElement(added, JsonContext.Default.TorrentItem));
                    else
                        await streams.Out.WriteLineAsync($"{added.Hash}  {SafeText.Of(added.Name)}").ConfigureAwait(false);
                }
                catch (Exception e) when (e is CliException or DaemonException { Problem.Code: not "unreachable" })
                {
                    // The others can be added all the same.
                    string words = e is CliException ? e.Message : $"{source}: {e.Message}";
                    await streams.Error.WriteLineAsync("freshet: " + SafeText.Of(Secrets.Mask(words))).ConfigureAwait(false);
                    exitCode = ExitCode.Failed;
                }
            }

            return exitCode;
        });
        return command;
    }

    private static async Task<TorrentItem> AddAsync(
        DaemonClient daemon, string source, AddTorrent options, CancellationToken cancellationToken)
    {
        TorrentReference reference = new(source);
        bool isFile = !reference.IsUrl && reference.MagnetLink is null;
        ReadOnlyMemory<byte> metainfo = isFile
            ? await BoundedFile.ReadAsync(source, MaxFileLength, cancellationToken).ConfigureAwait(false)
            : default;
        return await daemon.AddAsync(
            options with { Source = isFile ? null : source, Metainfo = isFile ? metainfo.ToArray() : null }, cancellationToken)
            .ConfigureAwait(false);
    }
}
