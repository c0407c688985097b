using System.CommandLine;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Cli.State;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet move INFO-HASH DIR</c>: moves a torrent's files, and the state folder knows of it.</summary>
internal static class MoveCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        Argument<string> name = new("INFO-HASH")
        {
            Description = "A torrent's info-hash, or the first eight digits of it or more, as 'freshet list' shows it.",
        };
        Argument<DirectoryInfo> target = new("DIR") { Description = "The folder that is to hold the torrent's file or folder." };
        Option<DirectoryInfo?> state = CommonOptions.State();
        Option<bool> quiet = CommonOptions.Quiet();
        Command command = new("move", "Move the files of a torrent that a state folder remembers.") { name, target, state, quiet };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string folder = StatePath.Of(parsed.GetValue(state));
            bool isQuiet = parsed.GetValue(quiet);
            IReadOnlyList<SavedTorrent> torrents = await SavedTorrents.ReadAsync(folder, cancellationToken).ConfigureAwait(false);
            SavedTorrent torrent = SavedNames.Find(torrents, parsed.GetRequiredValue(name), folder);
            string to = parsed.GetRequiredValue(target).FullName;
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
