using System.Net;
using Freshet.Cli.Consoles;

namespace Freshet.Cli.Transfers;

/// <summary>
/// The common part of <c>download</c> and <c>seed</c>: a session that is started and, whatever happens, ended cleanly; failures reported as
/// events; a closing line.
/// </summary>
internal sealed class TransferProgram(IConsoleStreams streams, ITransferReporter reporter)
{
    /// <param name="options">The session's options.</param>
    /// <param name="isPortFixed">Whether no other port may be used.</param>
    /// <param name="body">Adds the torrents and runs them.</param>
    /// <param name="cancellationToken">Cancelled when the user interrupts.</param>
    public async Task<int> RunAsync(
        Func<CancellationToken, Task<SessionOptions>> options, bool isPortFixed, Func<Session, TransferRun, Task> body,
        CancellationToken cancellationToken)
    {
        TransferRun? run = null;
        int exitCode;
        try
        {
            SessionOptions sessionOptions = await options(cancellationToken).ConfigureAwait(false);
            (Session session, int? takenPort) = await SessionStart.RunAsync(
                sessionOptions, isPortFixed, cancellationToken).ConfigureAwait(false);
            await using (session.ConfigureAwait(false))
            {
                foreach (IPEndPoint endPoint in session.ListenEndPoints)
                    reporter.Listening(endPoint, takenPort);
                run = new TransferRun(session, reporter);
                await body(session, run).ConfigureAwait(false);
            }

            exitCode = run.HasFailed ? ExitCode.Failed : ExitCode.Done;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            exitCode =
                run is { HasFailed: true } ? ExitCode.Failed : run is { IsComplete: true } ? ExitCode.Done : streams.InterruptedExitCode;
        }
        catch (Exception e) when (Failure.IsExpected(e))
        {
            reporter.Error(Failure.Describe(e), infoHash: null);
            exitCode = ExitCode.Failed;
        }
        catch (Exception e) when (e is not Consoles.OutputClosedException)
        {
            // A bug, which the caller reports; the events must still end.
            reporter.Finished(ExitCode.Failed, summary: null);
            throw;
        }

        reporter.Finished(exitCode, TransferSummary.Of(run?.Transfers ?? []));
        await streams.Out.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        return exitCode;
    }
}
