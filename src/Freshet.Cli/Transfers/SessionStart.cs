namespace Freshet.Cli.Transfers;

/// <summary>Starts the session of a command.</summary>
internal static class SessionStart
{
    /// <param name="options">The options from the command line.</param>
    /// <param name="isPortFixed">Whether the user has given the port. If not, and the usual one is taken, any other is used.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <returns>The session, and the usual port if it is taken and another one is used.</returns>
    public static async Task<(Session Session, int? TakenPort)> RunAsync(
        SessionOptions options, bool isPortFixed, CancellationToken cancellationToken)
    {
        if (isPortFixed)
            return (await Session.StartAsync(options, cancellationToken).ConfigureAwait(false), null);
        try
        {
            return (await Session.StartAsync(options, cancellationToken).ConfigureAwait(false), null);
        }
        catch (FreshetException e) when (e.Error == FreshetError.CannotListen)
        {
            // If another port cannot be used either, this fails again with the reason.
            Session session = await Session.StartAsync(options with { ListenPort = 0 }, cancellationToken).ConfigureAwait(false);
            return (session, options.ListenPort);
        }
    }
}
