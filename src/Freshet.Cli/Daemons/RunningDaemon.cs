using System.CommandLine;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;

namespace Freshet.Cli.Daemons;

/// <summary>For commands that use the daemon if it has the torrent, and otherwise work on the state folder themselves.</summary>
internal static class RunningDaemon
{
    /// <summary>
    /// Performs an action on a torrent of the daemon that is given or runs with the state folder; null if there is no daemon.
    /// </summary>
    /// <exception cref="CliException">The daemon does not have the torrent, or refuses.</exception>
    public static async Task<TorrentItem?> TryBulkAsync(
        IConsoleStreams streams, DaemonAccess access, ParseResult parsed, string name, Func<string, BulkRequest> requestOf,
        CancellationToken cancellationToken)
    {
        using DaemonClient? daemon = access.TryOpen(parsed);
        if (daemon is null)
            return null;
        try
        {
            TorrentItem torrent = await TorrentNames.FindOneAsync(daemon, name, cancellationToken).ConfigureAwait(false);
            BulkResult result = await daemon.BulkAsync(requestOf(torrent.Hash), cancellationToken).ConfigureAwait(false);
            if (result.Failures is [{ } failure, ..])
                throw new CliException(failure.Detail);
            if (result.Pending > 0)
            {
                await streams.Error.WriteLineAsync($"freshet: {SafeText.Of(torrent.Name)}: it goes on in the daemon.")
                    .ConfigureAwait(false);
            }

            return torrent;
        }
        catch (DaemonException e) when (e.Problem.Code == "unreachable" && !access.IsNamed(parsed))
        {
            // A daemon that was killed leaves its address behind.
            return null;
        }
    }
}
