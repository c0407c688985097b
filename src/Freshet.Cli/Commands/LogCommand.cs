using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Daemons;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet log</c>: shows the log of a daemon.</summary>
internal static class LogCommand
{
    private static readonly string[] Levels = ["debug", "info", "warning", "error"];

    public static Command Create(IConsoleStreams streams)
    {
        Argument<string?> hash = TorrentNames.OptionalArgument("Only what happened to this torrent.");
        Option<string> level = new("--level")
        {
            Description = "The minimum level: debug, info, warning or error.",
            HelpName = "LEVEL",
            DefaultValueFactory = static _ => "info",
        };
        level.AcceptOnlyFromAmong(Levels);
        Option<bool> json = CommonOptions.Json("Print a JSON object on a line for each entry.");
        DaemonAccess access = new();
        Command command = new("log", "Show what happened in a daemon.") { hash, level, json };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using DaemonClient daemon = access.Open(parsed);
            string? torrent = parsed.GetValue(hash) is { } name
                ? (await TorrentNames.FindOneAsync(daemon, name, cancellationToken).ConfigureAwait(false)).Hash
                : null;
            LogPage page = await daemon.LogAsync(torrent, $"limit=1000&level={parsed.GetRequiredValue(level)}", cancellationToken)
                .ConfigureAwait(false);
            foreach (LogItem entry in page.Entries)
            {
                if (parsed.GetValue(json))
                    TorrentLines.WriteJson(streams, JsonSerializer.SerializeToElement(entry, JsonContext.Default.LogItem));
                else
                    await streams.Out.WriteLineAsync(LineOf(entry)).ConfigureAwait(false);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static string LineOf(LogItem entry) =>
        $"{entry.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}  {entry.Level,-7}"
            + $"  {SafeText.Of(entry.Message)}";
}
