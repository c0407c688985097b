using System.CommandLine;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Daemons;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Cli.State;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet move INFO-HASH DIR</c>: moves a torrent's files, and records the new place in the state folder.</summary>
internal static class MoveCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        Argument<string> name = new("TORRENT")
        {
            Description = "Its info-hash, or the first eight digits of it or more, as 'freshet list' shows it; of a daemon its name, too.",
        };
        Argument<DirectoryInfo> target = new("DIR") { Description = "The folder that will hold the torrent's file or folder." };
        DaemonAccess access = new();
        Option<bool> quiet = CommonOptions.Quiet();
        Command command = new("move",
            "Move the files of a torrent of a daemon, or of one that a state folder remembers.") { name, target, quiet };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string folder = access.StateFolderOf(parsed);
            bool isQuiet = parsed.GetValue(quiet);
            DirectoryInfo wanted = parsed.GetRequiredValue(target);
            string asDaemon = access.IsNamed(parsed) ? wanted.ToString() : wanted.FullName;
            if (await RunningDaemon.TryBulkAsync(
                streams, access, parsed, parsed.GetRequiredValue(name),
                hash => new BulkRequest { Action = BulkAction.Move, Hashes = [hash], Folder = asDaemon }, cancellationToken)
                .ConfigureAwait(false) is { } asked)
            {
                if (!isQuiet)
                {
                    await streams.Out.WriteLineAsync($"{SafeText.Of(asked.Name)} is moved to {SafeText.Of(asDaemon)}.")
                        .ConfigureAwait(false);
                }

                return ExitCode.Done;
            }

            IReadOnlyList<SavedTorrent> torrents = await SavedTorrents.ReadAsync(folder, cancellationToken).ConfigureAwait(false);
            SavedTorrent torrent = SavedNames.Find(torrents, parsed.GetRequiredValue(name), folder);
            string to = wanted.FullName;
            using (ProgressLine line = new(streams, "Moving", enabled: !isQuiet))
            {
                DirectProgress<MoveProgress> progress = new(
                    done => line.Report(done.Total.Bytes == 0 ? 1 : (double)done.Moved.Bytes / done.Total.Bytes));
                await SavedNames.ExplainLockAsync(
                    SavedTorrents.MoveAsync(folder, torrent.InfoHash, to, progress, cancellationToken)).ConfigureAwait(false);
            }

            if (!isQuiet)
                await streams.Out.WriteLineAsync(
                    $"{SafeText.Of(torrent.Name ?? torrent.InfoHash.ToString())} is in {SafeText.Of(to)}.").ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }
}
