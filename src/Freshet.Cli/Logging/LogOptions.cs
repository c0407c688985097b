using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.Extensions.Logging;

namespace Freshet.Cli.Logging;

/// <summary>The options that show what the engine does: <c>-v</c> on the error stream, <c>--log</c> in a file.</summary>
internal sealed class LogOptions
{
    private readonly Option<bool> _verbose = new("--verbose", "-v")
    {
        Description = "Log to standard error; -vv logs each connection as well.",
    };
    private readonly Option<FileInfo?> _file = new("--log")
    {
        Description = "Append the log, with each connection, to a file.",
        HelpName = "FILE",
    };

    public void AddTo(Command command)
    {
        command.Add(_verbose);
        command.Add(_file);
    }

    /// <param name="parsed">The command line.</param>
    /// <param name="show">Shows a line to the user.</param>
    public LineLoggerFactory Open(ParseResult parsed, Action<string> show)
    {
        LineLoggerFactory loggers = new(TimeProvider.System);
        int verbosity = parsed.GetResult(_verbose) is OptionResult { Implicit: false } result ? result.IdentifierTokenCount : 0;
        if (verbosity > 0)
            loggers.Add(verbosity > 1 ? LogLevel.Debug : LogLevel.Information, show);
        if (parsed.GetValue(_file) is { } file)
            loggers.AddFile(file);
        return loggers;
    }
}
