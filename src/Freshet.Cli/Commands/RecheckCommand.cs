using System.CommandLine;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Daemons;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Cli.State;
using Freshet.Core.Pieces;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet recheck INFO-HASH</c>: hashes a torrent's files, and records the result in the state folder.</summary>
internal static class RecheckCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        Argument<string> name = new("TORRENT")
        {
            Description = "Its info-hash, or the first eight digits of it or more, as 'freshet list' shows it; of a daemon its name, too.",
        };
        DaemonAccess access = new();
        Option<bool> quiet = CommonOptions.Quiet();
        Command command = new("recheck",
            "Check the files of a torrent of a daemon, or of one that a state folder remembers, and record what is there.")
        {
            name, quiet,
        };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string folder = access.StateFolderOf(parsed);
            bool isQuiet = parsed.GetValue(quiet);
            if (await RunningDaemon.TryBulkAsync(
                streams, access, parsed, parsed.GetRequiredValue(name),
                hash => new BulkRequest { Action = BulkAction.Recheck, Hashes = [hash] }, cancellationToken)
                .ConfigureAwait(false) is { } asked)
            {
                if (!isQuiet)
                    await streams.Out.WriteLineAsync($"{SafeText.Of(asked.Name)}: the daemon checks it.").ConfigureAwait(false);
                return ExitCode.Done;
            }

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
