using System.CommandLine;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Cli.State;
using Freshet.Core.Pieces;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet recheck INFO-HASH</c>: hashes what is there of a torrent, and the state folder remembers that.</summary>
internal static class RecheckCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        Argument<string> name = new("INFO-HASH")
        {
            Description = "A torrent's info-hash, or the first eight digits of it or more, as 'freshet list' shows it.",
        };
        Option<DirectoryInfo?> state = CommonOptions.State();
        Option<bool> quiet = CommonOptions.Quiet();
        Command command = new("recheck", "Check the files of a torrent that a state folder remembers, and record what is there.")
        {
            name, state, quiet,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string folder = StatePath.Of(parsed.GetValue(state));
            bool isQuiet = parsed.GetValue(quiet);
            IReadOnlyList<SavedTorrent> torrents = await SavedTorrents.ReadAsync(folder, cancellationToken).ConfigureAwait(false);
            SavedTorrent torrent = SavedNames.Find(torrents, parsed.GetRequiredValue(name), folder);
            Bitfield good;
            using (ProgressLine line = new(streams, "Checking", enabled: !isQuiet))
            {
                Task<Bitfield> check = SavedTorrents.RecheckAsync(
                    folder, torrent.InfoHash, new DirectProgress<double>(done => line.Report(done)), cancellationToken);
                await SavedNames.ExplainLockAsync(check).ConfigureAwait(false);
                good = await check.ConfigureAwait(false);
            }

            if (!isQuiet)
                await streams.Out.WriteLineAsync(
                    $"{SafeText.Of(torrent.Name ?? torrent.InfoHash.ToString())}: {Words.Number(good.Count)} of "
                    + $"{Words.Count(good.Length, "piece")} verified.").ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }
}
