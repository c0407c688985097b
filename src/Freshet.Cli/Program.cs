using Freshet.Cli;
using Freshet.Cli.Consoles;

// Checked first: with too few handles nearly anything may fail.
if (HandleLimit.FindTrouble() is { } trouble)
{
    await Console.Error.WriteLineAsync($"freshet: {trouble}").ConfigureAwait(false);
    return ExitCode.Failed;
}

SocketThreads.Choose();
using Interruption interruption = new();
return await FreshetApp.RunAsync(args, new ProcessStreams(interruption), interruption.Token).ConfigureAwait(false);
