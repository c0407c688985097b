using System.CommandLine;
using System.Text.Json;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Daemons;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Cli.Transfers;
using Freshet.Core.Rates;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet files</c>: shows the files of a daemon's torrent, and changes how much each is wanted.</summary>
internal static class FilesCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        Argument<string> torrent = TorrentNames.Argument();
        Option<FileRule[]> priorities = FileRuleOption.Create(
            "Give the files that match this priority: skip, low, normal or high; repeatable, the last match counts.");
        Option<bool> json = CommonOptions.Json();
        DaemonAccess access = new();
        Command command = new("files", "Show the files of a torrent of a daemon, or change their priorities.")
        {
            torrent, priorities, json,
        };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using DaemonClient daemon = access.Open(parsed);
            TorrentItem found =
                await TorrentNames.FindOneAsync(daemon, parsed.GetRequiredValue(torrent), cancellationToken).ConfigureAwait(false);
            FileList files = await daemon.FilesAsync(found.Hash, cancellationToken).ConfigureAwait(false);
            if (parsed.GetRequiredValue(priorities) is { Length: > 0 } rules)
            {
                await ChangeAsync(streams, daemon, found, files, rules, cancellationToken).ConfigureAwait(false);
                files = await daemon.FilesAsync(found.Hash, cancellationToken).ConfigureAwait(false);
            }

            await WriteAsync(streams, files, parsed.GetValue(json)).ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Writes the files, to people or to scripts.</summary>
    public static async Task WriteAsync(IConsoleStreams streams, FileList files, bool json)
    {
        if (json)
        {
            TorrentLines.WriteJson(streams, JsonSerializer.SerializeToElement(files, JsonContext.Default.FileList));
            return;
        }

        foreach (FileItem file in files.Files)
        {
            string priority = file.Priority == PriorityCode.Normal ? "" : $" ({file.Priority})";
            await streams.Out.WriteLineAsync(
                $"{file.Index,5}  {Words.Percent(file.Progress),6}  {new ByteSize(file.Size),10}  {SafeText.Of(file.Path)}{priority}")
                .ConfigureAwait(false);
        }
    }

    private static async Task ChangeAsync(
        IConsoleStreams streams, DaemonClient daemon, TorrentItem torrent, FileList files, FileRule[] rules,
        CancellationToken cancellationToken)
    {
        if (files.Files.Count == 0)
            throw new CliException($"The files of {torrent.Name} are not known yet.", "A magnet link has them once a peer has sent them.");
        (FileItem File, FileRule? Rule)[] ruled = [.. files.Files.Select(file => (file, rules.LastOrDefault(rule => IsMatch(rule, file))))];
        if (ruled.All(each => each.Rule is null))
        {
            throw new CliException(
                $"No file of {torrent.Name} matches {string.Join(" or ", rules.Select(rule => rule.Pattern))}.",
                "Put patterns into quotes, so that the shell leaves them alone.");
        }

        // What is wanted now comes first: a torrent of which nothing is wanted would count as complete in between.
        foreach (IGrouping<PriorityCode, FileItem> level in ruled.Where(each => each.Rule is not null)
            .GroupBy(each => CodeOf(each.Rule!.Priority), each => each.File)
            .OrderBy(level => level.Key == PriorityCode.Skip))
        {
            FileChange change = new() { Files = [.. level.Select(file => file.Index)], Priority = level.Key };
            if (await daemon.PrioritizeAsync(torrent.Hash, change, cancellationToken).ConfigureAwait(false))
                continue;
            await streams.Error.WriteLineAsync($"freshet: {SafeText.Of(torrent.Name)}: it goes on in the daemon.").ConfigureAwait(false);
        }
    }

    // As for a download: below the torrent's own folder, whose name nobody wants to type, or with it.
    private static bool IsMatch(FileRule rule, FileItem file) =>
        rule.Pattern.IsMatch(file.Path) || rule.Pattern.IsMatch(file.Path[(file.Path.IndexOf('/', StringComparison.Ordinal) + 1)..]);

    private static PriorityCode CodeOf(FilePriority priority) => Enum.Parse<PriorityCode>(priority.ToString());
}
