using System.CommandLine;
using System.CommandLine.Invocation;
using Freshet.Cli.Consoles;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet --version</c>: name and number on a line.</summary>
internal static class ProgramVersionOption
{
    public static VersionOption Create(IConsoleStreams streams) => new()
    {
        Description = "Show the version.",
        Action = new Print(streams),
    };

    private sealed class Print(IConsoleStreams streams) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            streams.Out.WriteLine("freshet " + ProgramVersion.Number);
            return ExitCode.Done;
        }
    }
}
