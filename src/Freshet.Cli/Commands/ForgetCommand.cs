using System.CommandLine;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Cli.State;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet forget TORRENT...</c>: deletes records from a state folder. Files are kept.</summary>
internal static class ForgetCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        Argument<string[]> names = new("INFO-HASH")
        {
            Description = "A torrent's info-hash, or the first eight digits of it or more, as 'freshet list' shows it.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<DirectoryInfo?> state = CommonOptions.State();
        Option<bool> quiet = CommonOptions.Quiet();
        Command command = new("forget", "Drop torrents from a state folder; their files stay.") { names, state, quiet };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string folder = StatePath.Of(parsed.GetValue(state));
            IReadOnlyList<SavedTorrent> torrents = await SavedTorrents.ReadAsync(folder, cancellationToken).ConfigureAwait(false);

            // If one of several names is wrong, nothing is deleted.
            SavedTorrent[] chosen =
                [.. parsed.GetRequiredValue(names)
                    .Select(name => SavedNames.Find(torrents, name, folder))
                    .DistinctBy(torrent => torrent.InfoHash)];
            foreach (SavedTorrent torrent in chosen)
            {
                await SavedTorrents.ForgetAsync(folder, torrent.InfoHash, cancellationToken).ConfigureAwait(false);
                if (!parsed.GetValue(quiet))
                    await streams.Out.WriteLineAsync(
                        $"{SafeText.Of(torrent.Name ?? torrent.InfoHash.ToString())} is forgotten; its files stay.").ConfigureAwait(false);
            }

            return ExitCode.Done;
        });
        return command;
    }
}
