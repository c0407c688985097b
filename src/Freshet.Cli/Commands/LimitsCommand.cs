using System.CommandLine;
using System.Text.Json;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Daemons;
using Freshet.Cli.Parsing;
using Freshet.Core.Rates;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet limits</c>: shows or changes the limits of a daemon.</summary>
internal static class LimitsCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        Option<DataRate?> down = Values.RateOption("--max-download", "The most payload received per second, all torrents together.");
        Option<DataRate?> up = Values.RateOption("--max-upload", "The most payload sent per second, all torrents together.");
        Option<bool> none = new("--none") { Description = "Remove all limits." };
        Option<bool?> alternative = new("--alternative")
        {
            Description = "Whether the alternative limits are in force: true or false.",
            HelpName = "BOOL",
        };
        Option<bool> json = CommonOptions.Json();
        DaemonAccess access = new();
        Command command = new("limits", "Show or change the limits of a daemon.") { down, up, none, alternative, json };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using DaemonClient daemon = access.Open(parsed);
            long? otherwise = parsed.GetValue(none) ? 0 : null;
            SessionChange change = new()
            {
                MaxDownloadRate = parsed.GetValue(down)?.BytesPerSecond ?? otherwise,
                MaxUploadRate = parsed.GetValue(up)?.BytesPerSecond ?? otherwise,
                AlternativeLimits = parsed.GetValue(alternative),
            };
            SessionSettings settings = change == new SessionChange()
                ? await daemon.SettingsAsync(cancellationToken).ConfigureAwait(false)
                : await daemon.ChangeAsync(change, cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(json))
            {
                TorrentLines.WriteJson(streams, JsonSerializer.SerializeToElement(settings, JsonContext.Default.SessionSettings));
            }
            else
            {
                SessionState now = (await daemon.SessionAsync(cancellationToken).ConfigureAwait(false)).Status;
                bool isUsual = !settings.AlternativeLimits && !now.ScheduledLimits;
                await streams.Out.WriteLineAsync(
                    LineOf("limits", settings.MaxDownloadRate, settings.MaxUploadRate, isUsual) + "\n"
                    + LineOf("alternative", settings.AlternativeMaxDownloadRate,
                        settings.AlternativeMaxUploadRate, settings.AlternativeLimits))
                    .ConfigureAwait(false);
                if (now.ScheduledLimits)
                {
                    await streams.Out.WriteLineAsync(LineOf("schedule", now.MaxDownloadRate, now.MaxUploadRate, isInForce: true))
                        .ConfigureAwait(false);
                }
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static string LineOf(string name, long down, long up, bool isInForce) =>
        $"{name,-12} down {RateOf(down)}, up {RateOf(up)}{(isInForce ? " (in force)" : "")}";

    private static string RateOf(long rate) => rate == 0 ? "unlimited" : new DataRate(rate).ToString();
}
