using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Core.Rates;

namespace Freshet.Cli.Daemons;

/// <summary>Has a daemon create a torrent, and waits for it.</summary>
internal static class DaemonCreation
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Returns the .torrent. If it is given up, the daemon gives it up too.</summary>
    /// <param name="streams">Where progress and warnings go.</param>
    /// <param name="daemon">The daemon.</param>
    /// <param name="wanted">The torrent.</param>
    /// <param name="showsProgress">Whether its progress is shown.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="CliException">It cannot be created.</exception>
    public static async Task<byte[]> RunAsync(
        IConsoleStreams streams, DaemonClient daemon, CreateTorrent wanted, bool showsProgress, CancellationToken cancellationToken)
    {
        CreationItem creation = await daemon.CreateAsync(wanted, cancellationToken).ConfigureAwait(false);
        try
        {
            creation = await WaitAsync(streams, daemon, creation, showsProgress, cancellationToken).ConfigureAwait(false);
            foreach (string warning in creation.Warnings)
                await streams.Error.WriteLineAsync("freshet: warning: " + SafeText.Of(warning)).ConfigureAwait(false);
            if (creation.State != CreationStateCode.Done)
                throw new CliException(creation.Error ?? "The creation was cancelled.");
            return await daemon.CreatedTorrentAsync(creation.Id, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await ForgetAsync(daemon, creation.Id).ConfigureAwait(false);
        }
    }

    private static async Task<CreationItem> WaitAsync(
        IConsoleStreams streams, DaemonClient daemon, CreationItem creation, bool showsProgress, CancellationToken cancellationToken)
    {
        using ProgressLine line = new(streams, "Hashing", showsProgress);
        while (creation.State == CreationStateCode.Running)
        {
            if (creation.Total > 0)
            {
                line.Report(
                    (double)creation.Done / creation.Total, $"{new ByteSize(creation.Done)} of {new ByteSize(creation.Total)}");
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            creation = await daemon.CreationAsync(creation.Id, cancellationToken).ConfigureAwait(false);
        }

        return creation;
    }

    private static async Task ForgetAsync(DaemonClient daemon, string id)
    {
        try
        {
            await daemon.RemoveCreationAsync(id, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DaemonException)
        {
            // The daemon is away; it forgets by itself.
        }
    }
}
