using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Daemons;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Core.Rates;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet statistics</c>: what a daemon has transferred, in this run and in all.</summary>
internal static class StatisticsCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        Option<bool> json = CommonOptions.Json();
        DaemonAccess access = new();
        Command command = new("statistics", "Show what a daemon has transferred.") { json };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using DaemonClient daemon = access.Open(parsed);
            SessionStatistics statistics = await daemon.StatisticsAsync(cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                TorrentLines.WriteJson(
                    streams, JsonSerializer.SerializeToElement(statistics, JsonContext.Default.SessionStatistics));
                return ExitCode.Done;
            }

            foreach ((string name, string value) in LinesOf(statistics))
                await streams.Out.WriteLineAsync($"{name,-10} {value}").ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }

    private static (string Name, string Value)[] LinesOf(SessionStatistics statistics)
    {
        string ratio = statistics.Ratio is { } known ? string.Create(CultureInfo.InvariantCulture, $", ratio {known:0.00}") : "";
        return
        [
            ("running", $"for {Words.Of(TimeSpan.FromSeconds(statistics.Uptime))}"),
            ("this run", $"{Totals(statistics.Downloaded, statistics.Uploaded)}; {new ByteSize(statistics.Wasted)} wasted"),
            ("all runs", $"{Totals(statistics.TotalDownloaded, statistics.TotalUploaded)}{ratio}, of the torrents that are here"),
            ("active", $"{Words.Of(TimeSpan.FromSeconds(statistics.ActiveTime))}, all torrents added up"),
            ("memory", $"{new ByteSize(statistics.Memory)}"),
        ];
    }

    private static string Totals(long down, long up) => $"{new ByteSize(down)} downloaded, {new ByteSize(up)} uploaded";
}
