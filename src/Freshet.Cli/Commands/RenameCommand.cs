using System.CommandLine;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Daemons;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet rename TORRENT PATH NEW</c>: renames a file or a folder of a daemon's torrent.</summary>
internal static class RenameCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        Argument<string> torrent = TorrentNames.Argument();
        Argument<string> path = new("PATH") { Description = "The file or folder, as 'freshet files' shows it." };
        Argument<string> name = new("NEW")
        {
            Description = "Its new name, or with a / in it its new path below the torrent's folder.",
        };
        Option<bool> json = CommonOptions.Json("Print the files as one JSON object on a line.");
        DaemonAccess access = new();
        Command command = new("rename", "Rename a file or a folder of a torrent of a daemon.") { torrent, path, name, json };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using DaemonClient daemon = access.Open(parsed);
            TorrentItem found =
                await TorrentNames.FindOneAsync(daemon, parsed.GetRequiredValue(torrent), cancellationToken).ConfigureAwait(false);
            FileList files = await daemon.FilesAsync(found.Hash, cancellationToken).ConfigureAwait(false);
            string from = parsed.GetRequiredValue(path).TrimEnd('/');
            string to = PathOf(from, parsed.GetRequiredValue(name));
            bool isDone;
            if (files.Files.FirstOrDefault(file => file.Path == from) is { } file)
            {
                isDone = await daemon.RenameFileAsync(found.Hash, file.Index, new FileRename { Path = to }, cancellationToken)
                    .ConfigureAwait(false);
            }
            else if (files.Files.Any(each => each.Path.StartsWith(from + "/", StringComparison.Ordinal)))
            {
                isDone = await daemon.RenameFolderAsync(found.Hash, new FolderRename { Folder = from, Path = to }, cancellationToken)
                    .ConfigureAwait(false);
            }
            else
            {
                throw new CliException($"{found.Name} has no file or folder {from}.", "'freshet files' shows them.");
            }

            if (!isDone)
                await streams.Error.WriteLineAsync($"freshet: {SafeText.Of(found.Name)}: it goes on in the daemon.").ConfigureAwait(false);
            files = await daemon.FilesAsync(found.Hash, cancellationToken).ConfigureAwait(false);
            await FilesCommand.WriteAsync(streams, files, parsed.GetValue(json)).ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }

    // A mere name stays in its folder; ./NAME leaves it.
    private static string PathOf(string from, string name)
    {
        if (name.StartsWith("./", StringComparison.Ordinal))
            return name[2..];
        return name.Contains('/', StringComparison.Ordinal) ? name : from[..(from.LastIndexOf('/') + 1)] + name;
    }
}
