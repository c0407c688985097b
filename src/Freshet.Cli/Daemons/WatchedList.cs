using System.CommandLine;
using System.Globalization;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Cli.Transfers;
using Spectre.Console.Rendering;

namespace Freshet.Cli.Daemons;

/// <summary>
/// Shows the torrents of a daemon again every second: in a terminal in place, as many as fit, which are all that it asks for; elsewhere all
/// of them, one list after the other. A daemon that is away is waited for.
/// </summary>
internal sealed class WatchedList(IConsoleStreams streams, DaemonAccess access, ParseResult parsed, bool json)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly string[] AwayCodes = ["unreachable", "no-answer", "stopping"];

    private readonly SteadyScreen? _screen =
        streams.OutIsTerminal && !json ? new SteadyScreen(SpectreOutput.CreateConsole(streams), streams) : null;
    private bool _isAway;

    /// <summary>Runs until it is interrupted.</summary>
    /// <exception cref="CliException">There is no daemon at the start.</exception>
    /// <exception cref="DaemonException">The daemon refuses, or cannot be reached at the start.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        DaemonClient? daemon = access.Open(parsed);
        try
        {
            await ShowAsync(daemon, cancellationToken).ConfigureAwait(false);
            while (true)
            {
                await Task.Delay(Interval, cancellationToken).ConfigureAwait(false);
                try
                {
                    // It may be served elsewhere when it is back.
                    daemon ??= access.Open(parsed);
                    await ShowAsync(daemon, cancellationToken).ConfigureAwait(false);
                    _isAway = false;
                }
                catch (Exception e) when (IsAway(e))
                {
                    daemon?.Dispose();
                    daemon = null;
                    ReportAway(e.Message);
                }
            }
        }
        finally
        {
            daemon?.Dispose();
            _screen?.Close();
        }
    }

    private static bool IsAway(Exception e) =>
        e is CliException || (e is DaemonException refusal && AwayCodes.Contains(refusal.Problem.Code));

    private async Task ShowAsync(DaemonClient daemon, CancellationToken cancellationToken)
    {
        if (_screen is null)
        {
            TorrentLines.Write(streams, await daemon.ListAsync(cancellationToken: cancellationToken).ConfigureAwait(false), json);
        }
        else
        {
            int most = Math.Max(1, (_screen.Room - 1) / TorrentLines.LinesEach);
            TorrentPage page = await daemon.PageAsync(
                string.Create(CultureInfo.InvariantCulture, $"limit={most}"), cancellationToken).ConfigureAwait(false);
            string count = page.Total > page.Torrents.Count ? $"The first {page.Torrents.Count} of " : "";
            Draw([.. page.Torrents.SelectMany(TorrentLines.Of), $"{count}{Words.Count(page.Total, "torrent")}."]);
        }

        await streams.Out.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private void ReportAway(string reason)
    {
        if (_isAway)
            return;
        _isAway = true;
        const string Hope = "It is shown again when it is back.";
        if (_screen is null)
            streams.Error.WriteLine($"freshet: {reason} {Hope}");
        else
            Draw([reason, Hope]);
        streams.Out.Flush();
    }

    private void Draw(IReadOnlyList<string> lines) => _screen!.Draw([.. lines.Select(line => (IReadOnlyList<Segment>)[new Segment(line)])]);
}
