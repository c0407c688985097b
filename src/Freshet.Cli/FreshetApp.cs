using System.CommandLine;
using Freshet.Cli.Commands;
using Freshet.Cli.Consoles;
using Freshet.Cli.Parsing;

namespace Freshet.Cli;

/// <summary>A whole run of <c>freshet</c>: reads the command line, runs the command, and turns the outcome into an exit code.</summary>
internal static class FreshetApp
{
    /// <param name="args">The command line, without the program's name.</param>
    /// <param name="streams">Where the command reads and writes.</param>
    /// <param name="cancellationToken">Cancelled when the user interrupts.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, IConsoleStreams streams, CancellationToken cancellationToken)
    {
        Command root = CommandTree.Create(streams, args);
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        try
        {
            IReadOnlyList<string> unknown = UnknownOptions.Of(parsed);
            int exitCode = parsed.Errors.Count > 0 || unknown.Count > 0
                ? UsageErrors.Report(parsed, unknown, streams)
                : await InvokeAsync(parsed, streams, cancellationToken).ConfigureAwait(false);
            await streams.Out.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            return exitCode;
        }
        catch (OutputClosedException)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The result could not be written: a full disk behind a redirection, or no standard output at all.
            await streams.Error.WriteLineAsync(
                $"freshet: standard output cannot be written: {(e.InnerException ?? e).Message.TrimEnd('.')}.").ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }

    private static async Task<int> InvokeAsync(ParseResult parsed, IConsoleStreams streams, CancellationToken cancellationToken)
    {
        InvocationConfiguration configuration = new()
        {
            Output = streams.Out,
            Error = streams.Error,
            // Signals and failures are handled here.
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception e) when (Failure.IsExpected(e))
        {
            // The result is printed before its errors.
            await streams.Out.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            Failure.Report(e, streams.Error);
            return ExitCode.Failed;
        }
#pragma warning disable CA1031 // The last place where a bug can be reported as one; the exit code stays one that scripts know.
        catch (Exception e) when (e is not OutputClosedException)
        {
            await streams.Error.WriteLineAsync(
                $"freshet: this is a bug in freshet; please report it with what follows.\n{e}").ConfigureAwait(false);
            return ExitCode.Failed;
        }
#pragma warning restore CA1031
    }
}
