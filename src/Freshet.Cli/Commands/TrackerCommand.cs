using System.Collections.Frozen;
using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Cli.Sources;
using Freshet.Core.Metainfo;
using Freshet.Tracker;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet tracker</c>: runs the embedded tracker until it is stopped.</summary>
internal static class TrackerCommand
{
    private const int DefaultPort = 6969;
    private const int DefaultInterval = 900;

    public static Command Create(IConsoleStreams streams)
    {
        Option<IPEndPoint?> http = Values.EndPointOption(
            "--http", "Where to serve HTTP; port 0 lets the system choose.", new IPEndPoint(IPAddress.Loopback, DefaultPort));
        Option<IPEndPoint?> udp = Values.EndPointOption(
            "--udp", "Where to serve UDP as well; the port may be the same as for HTTP. If not given, UDP is not served.");
        Option<FileInfo?> allow = new("--allow")
        {
            Description = "Serve only the torrents whose info-hashes are in this file, one per line.",
            HelpName = "FILE",
        };
        Option<int?> interval = Values.SecondsOption(
            "--interval", "How often peers should announce: from 5 seconds to a day, 900 if not given.");
        interval.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int?>() is < 5 or > 86_400)
                result.AddError("--interval is from 5 to 86400 seconds.");
        });
        Command command = new("tracker", "Run a tracker until stopped.") { http, udp, allow, interval };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            TimeSpan between = TimeSpan.FromSeconds(parsed.GetValue(interval) ?? DefaultInterval);
            TrackerOptions options = new()
            {
                HttpEndPoints = [parsed.GetValue(http)!],
                UdpEndPoints = parsed.GetValue(udp) is { } endPoint ? [endPoint] : [],
                Interval = between,
                MinInterval = between < TimeSpan.FromMinutes(1) ? between : TimeSpan.FromMinutes(1),
            };
            if (parsed.GetValue(allow) is { } file)
            {
                FrozenSet<InfoHash> allowed = await InfoHashList.ReadAsync(file.FullName, cancellationToken).ConfigureAwait(false);
                options = options with { Allows = allowed.Contains };
            }

            return await RunAsync(streams, options, cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    private static async Task<int> RunAsync(IConsoleStreams streams, TrackerOptions options, CancellationToken cancellationToken)
    {
        TrackerServer tracker;
        try
        {
            tracker = await TrackerServer.StartAsync(options, loggers: null, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            string endPoints = string.Join(" or ", options.HttpEndPoints.Concat(options.UdpEndPoints).Distinct());
            throw new CliException(
                $"The tracker cannot listen on {endPoints}: {Reason(e)}.", "Choose another with --http or --udp ADDRESS:PORT.", e);
        }

        await using (tracker.ConfigureAwait(false))
        {
            await streams.Out.WriteLineAsync(tracker.AnnounceUrl.ToString()).ConfigureAwait(false);
            if (tracker.UdpAnnounceUrl is { } udp)
                await streams.Out.WriteLineAsync(udp.ToString()).ConfigureAwait(false);
            await streams.Out.FlushAsync(cancellationToken).ConfigureAwait(false);
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            TrackerStatistics statistics = tracker.Statistics;
            await streams.Error.WriteLineAsync(
                $"The tracker has stopped: {Words.Count(statistics.Announces, "announce")}, {Words.Count(statistics.Torrents, "torrent")}.")
                .ConfigureAwait(false);
        }

        // Only a signal ends it, so being stopped counts as success.
        return ExitCode.Done;
    }

    private static string Reason(IOException e) => (e.GetBaseException() as SocketException)?.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "the port is taken by another program",
        SocketError.AddressNotAvailable => "that is no address of this machine",
        SocketError.AccessDenied => "permission was denied",
        _ => e.Message.TrimEnd('.'),
    };
}
