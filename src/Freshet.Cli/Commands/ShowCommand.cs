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

/// <summary><c>freshet show</c>: shows one torrent of a daemon.</summary>
internal static class ShowCommand
{
    public static Command Create(IConsoleStreams streams)
    {
        Argument<string> torrent = TorrentNames.Argument();
        Option<bool> json = CommonOptions.Json();
        DaemonAccess access = new();
        Command command = new("show", "Show a torrent of a daemon.") { torrent, json };
        access.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using DaemonClient daemon = access.Open(parsed);
            TorrentItem found =
                await TorrentNames.FindOneAsync(daemon, parsed.GetRequiredValue(torrent), cancellationToken).ConfigureAwait(false);
            await ShowAsync(streams, daemon, found.Hash, parsed.GetValue(json), cancellationToken).ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task ShowAsync(
        IConsoleStreams streams, DaemonClient daemon, string hash, bool json, CancellationToken cancellationToken)
    {
        TorrentDetails details = await daemon.ShowAsync(hash, cancellationToken).ConfigureAwait(false);
        if (json)
        {
            TorrentLines.WriteJson(streams, JsonSerializer.SerializeToElement(details, JsonContext.Default.TorrentDetails));
            return;
        }

        TrackerList trackers = await daemon.TrackersAsync(hash, cancellationToken).ConfigureAwait(false);
        SessionInfo session = await daemon.SessionAsync(cancellationToken).ConfigureAwait(false);
        foreach ((string name, string? value) in LinesOf(details, trackers, session.Network))
        {
            if (value is not null)
                await streams.Out.WriteLineAsync($"{name,-10} {SafeText.Of(value)}").ConfigureAwait(false);
        }
    }

    private static (string Name, string? Value)[] LinesOf(TorrentDetails details, TrackerList trackers, NetworkInfo network)
    {
        TorrentItem torrent = details.Torrent;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        return
        [
            ("name", torrent.Name),
            ("info-hash", torrent.Hash),
            ("state", $"{Words.Percent(torrent.Progress)}. {torrent.Why}"),
            ("size", torrent.Size is { } size ? $"{new ByteSize(size)}, {Words.Count(torrent.Pieces, "piece")}" : null),
            ("folder", torrent.Folder),
            ("rates", $"down {new DataRate(torrent.DownloadRate)}, up {new DataRate(torrent.UploadRate)}"),
            ("totals", $"{new ByteSize(torrent.Downloaded)} downloaded, {new ByteSize(torrent.Uploaded)} uploaded"),
            ("peers",
                $"{Words.Count(torrent.Peers, "peer")}, {Words.Count(torrent.Seeds, "seed")}, "
                + $"{Words.Number(torrent.KnownPeers)} more known"),
            ("copies", torrent.Copies is { } copies
                ? string.Create(CultureInfo.InvariantCulture, $"{copies:0.00} among those connected")
                    + (torrent.Availability is { } rarest ? $"; {Words.Count(rarest, "peer")} with the rarest missing piece" : "")
                : null),
            .. trackers.Trackers.Select(tracker => ("tracker", (string?)TrackerLines.Of(tracker, now))),
            ("reachable", $"{YesOrNo(network.Reachable)}: {network.Reason}"),
            ("labels", torrent.Labels.Count > 0 ? string.Join(", ", torrent.Labels) : null),
            ("category", torrent.Category),
            ("comment", details.Metadata?.Comment),
        ];
    }

    private static string YesOrNo(bool? value) => value switch
    {
        true => "yes",
        false => "no",
        null => "unknown",
    };
}
