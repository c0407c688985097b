using System.Diagnostics;
using Freshet.Core.Metainfo;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>A torrent of a run, with what the run has to know of it beside its status.</summary>
internal sealed class Transfer(Torrent torrent, TorrentMetainfo metainfo)
{
    private static readonly TimeSpan TickWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan TickPatience = TimeSpan.FromSeconds(2);

    private readonly long _started = Stopwatch.GetTimestamp();

    public Torrent Torrent => torrent;

    public TorrentMetainfo Metainfo => metainfo;

    public TorrentStatus Status => torrent.Status;

    /// <summary>From when it was added to when all that was wanted was there; null before.</summary>
    public TimeSpan? CompletedAfter { get; private set; }

    /// <summary>Whether all that was wanted is there.</summary>
    public bool IsComplete => CompletedAfter is not null;

    /// <summary>How long ago it was added.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(_started);

    /// <summary>Notes that all that was wanted is there.</summary>
    public void Complete(TimeSpan took) => CompletedAfter = took;

    /// <summary>The status is a snapshot of the last tick: after the end, the next one tells of it.</summary>
    public async Task WaitForFinalStatusAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TickPatience);
        while (Status.State is TorrentState.Checking or TorrentState.Downloading && !patience.IsCancellationRequested)
            await Task.Delay(TickWait, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
