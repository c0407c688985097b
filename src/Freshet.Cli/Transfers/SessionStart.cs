namespace Freshet.Cli.Transfers;

/// <summary>Starts the session of a command.</summary>
internal static class SessionStart
{
    /// <param name="options">As the command line says.</param>
    /// <param name="isPortFixed">Whether the user named the port. If not, and the usual one is taken, any other will do.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Session> RunAsync(SessionOptions options, bool isPortFixed, CancellationToken cancellationToken)
    {
        if (!isPortFixed)
        {
            try
            {
                return await Session.StartAsync(options, cancellationToken).ConfigureAwait(false);
            }
            catch (FreshetException)
            {
                // If it was not the port, it fails again below, with the reason.
                options = options with { ListenPort = 0 };
            }
        }

        return await Session.StartAsync(options, cancellationToken).ConfigureAwait(false);
    }
}
