using Freshet.Cli.Consoles;

namespace Freshet.Cli.Transfers;

/// <summary>Chooses the reporter of a run.</summary>
internal static class Reporters
{
    public static ITransferReporter Create(IConsoleStreams streams, bool json, bool quiet)
    {
        if (json)
            return new JsonReporter(streams, TimeProvider.System);
        if (quiet)
            return new QuietReporter(streams);
        return streams.OutIsTerminal ? new LiveReporter(streams) : new PlainReporter(streams);
    }
}
