using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Cli.Parsing;
using Freshet.Tracker;

namespace Freshet.Cli.Commands;

/// <summary><c>freshet tracker</c>: the embedded tracker, until it is stopped.</summary>
internal static class TrackerCommand
{
    private const int DefaultPort = 6969;
    private const int DefaultInterval = 900;

    public static Command Create(IConsoleStreams streams)
    {
        Option<IPEndPoint> http = Values.EndPointOption(
            "--http", "Where to serve HTTP; port 0 lets the system choose.", new IPEndPoint(IPAddress.Loopback, DefaultPort));
        Option<int?> interval = Values.SecondsOption(
            "--interval", "How often peers are to announce: from 5 seconds to a day, 900 if not given.");
        interval.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int?>() is < 5 or > 86_400)
                result.AddError("--interval is from 5 to 86400 seconds.");
        });
        Command command = new("tracker", "Run a tracker until stopped.") { http, interval };
        command.SetAction((parsed, cancellationToken) =>
            RunAsync(
                streams, parsed.GetRequiredValue(http), TimeSpan.FromSeconds(parsed.GetValue(interval) ?? DefaultInterval),
                cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        IConsoleStreams streams, IPEndPoint endPoint, TimeSpan interval, CancellationToken cancellationToken)
    {
        TrackerOptions options = new()
        {
            HttpEndPoints = [endPoint],
            Interval = interval,
            MinInterval = interval < TimeSpan.FromMinutes(1) ? interval : TimeSpan.FromMinutes(1),
        };
        TrackerServer tracker;
        try
        {
            tracker = await TrackerServer.StartAsync(options, loggers: null, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw new CliException($"The tracker cannot listen on {endPoint}: {Reason(e)}.", "Choose another with --http ADDRESS:PORT.", e);
        }

        await using (tracker.ConfigureAwait(false))
        {
            await streams.Out.WriteLineAsync(tracker.AnnounceUrl.ToString()).ConfigureAwait(false);
            await streams.Out.FlushAsync(cancellationToken).ConfigureAwait(false);
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            TrackerStatistics statistics = tracker.Statistics;
            await streams.Error.WriteLineAsync(
                $"The tracker has stopped: {Words.Count(statistics.Announces, "announce")}, {Words.Count(statistics.Torrents, "torrent")}.")
                .ConfigureAwait(false);
        }

        // Only a signal ends it, so that is what it was asked to do.
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
