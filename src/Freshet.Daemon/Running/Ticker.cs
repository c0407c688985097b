using Freshet.Api;
using Microsoft.Extensions.Logging;

namespace Freshet.Daemon.Running;

/// <summary>Periodic work, once a second: the catalog, the history of rates, and the watchdog of the service manager.</summary>
internal sealed class Ticker(DaemonParts parts, ServiceManager manager, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly Watchdog _watchdog = new(manager.WatchdogInterval, manager.Alive, parts.Time);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
                await TickAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private async Task TickAsync()
    {
        try
        {
            await parts.Catalog.RefreshAsync().ConfigureAwait(false);
            SessionState state = parts.Catalog.State;
            parts.History.Add(state.DownloadRate, state.UploadRate);
        }
#pragma warning disable CA1031 // A bug in one tick must not end all further ones.
        catch (Exception e)
        {
            Log.TickFailed(logger, e);
            return;
        }
#pragma warning restore CA1031
        parts.Health.OnTick();
        _watchdog.OnTick();
    }
}
