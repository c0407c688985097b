using Freshet.Daemon.Running;

namespace Freshet.Daemon.Watching;

/// <summary>
/// Polls the watch folders once a second. Polling works everywhere, also where the system reports no changes: on network disks and in
/// containers.
/// </summary>
internal static class FolderWatching
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static Task RunAsync(DaemonParts parts) =>
        Task.WhenAll(parts.Options.WatchFolders.Select(folder =>
            Task.Run(() => RunAsync(WatcherOf(folder, parts), parts.Time, parts.Stopping))));

    private static FolderWatcher WatcherOf(WatchFolder folder, DaemonParts parts) => new(folder, parts.Session, parts.Log, () =>
        parts.Control.Settings.IncompleteFolder is { Length: > 0 } incomplete ? incomplete : null)
    {
        Report = trouble => parts.Troubles.Set(folder.Path, trouble),
    };

    private static async Task RunAsync(FolderWatcher watcher, TimeProvider time, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
                await watcher.ScanAsync(time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException)
        {
            // The daemon is stopping.
        }
    }
}
