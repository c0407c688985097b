using System.Collections.Immutable;
using System.Diagnostics;
using Freshet.Core.Metainfo;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>A torrent of a run, with what the run has to know beyond its status.</summary>
internal sealed class Transfer(Torrent torrent, PlannedTransfer planned)
{
    private static readonly TimeSpan TickWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan TickPatience = TimeSpan.FromSeconds(2);

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TaskCompletionSource _seedingEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<TransferFailure> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Torrent Torrent => torrent;

    /// <summary>Its content; null until its metadata is known.</summary>
    public TorrentMetainfo? Metainfo { get; private set; } = planned.Metainfo;

    public TorrentStatus Status => torrent.Status;

    /// <summary>The time from adding to completion; null before that.</summary>
    public TimeSpan? CompletedAfter { get; private set; }

    /// <summary>Whether everything wanted is complete.</summary>
    public bool IsComplete => CompletedAfter is not null;

    /// <summary>The time since it was added.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(_started);

    /// <summary>Completes when it has reached its seed limit.</summary>
    public Task SeedingEnd => _seedingEnd.Task;

    /// <summary>Whether it has failed.</summary>
    public bool HasFailed { get; set; }

    /// <summary>Whether a piece was written in this run.</summary>
    public bool HasWritten { get; set; }

    /// <summary>Whether its disk is failing.</summary>
    public bool IsWaitingForDisk { get; set; }

    /// <summary>Records that it has reached its seed limit.</summary>
    public void EndSeeding() => _seedingEnd.TrySetResult();

    /// <summary>Records that everything wanted is complete.</summary>
    public void Complete(TimeSpan took) => CompletedAfter = took;

    /// <summary>Gives it up, although the engine would keep trying.</summary>
    public void Fail(TransferFailure failure) => _failure.TrySetResult(failure);

    /// <summary>Waits until the metadata of a magnet link is known, and continues with the selected files.</summary>
    /// <returns>Its content.</returns>
    /// <exception cref="TorrentFailedException">The torrent has failed without metadata.</exception>
    /// <exception cref="CliException">It has none of the selected files.</exception>
    public async Task<TorrentMetainfo> LearnAsync(CancellationToken cancellationToken)
    {
        TorrentMetainfo metainfo = await torrent.WaitForMetadataAsync(cancellationToken).ConfigureAwait(false);
        Metainfo = metainfo;
        if (planned.Choose is not { } choose)
            return metainfo;
        ImmutableArray<FilePriority> chosen = choose(metainfo);
        await torrent.ApplyAsync(
            options => options with { FilePriorities = chosen, StopAtMetadata = false }, cancellationToken).ConfigureAwait(false);
        await torrent.StartAsync(cancellationToken).ConfigureAwait(false);
        return metainfo;
    }

    /// <summary>Waits until it is complete or has failed.</summary>
    /// <returns>The failure, or null if it is complete.</returns>
    public async Task<TransferFailure?> WaitForEndAsync(CancellationToken cancellationToken)
    {
        Task ended = await Task.WhenAny(torrent.Completion, _failure.Task).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (ended == _failure.Task)
            return await _failure.Task.ConfigureAwait(false);
        try
        {
            await torrent.Completion.ConfigureAwait(false);
            return null;
        }
        catch (TorrentFailedException e)
        {
            return new TransferFailure(e.Message, Status.ReasonCode);
        }
    }

    /// <summary>The status is a snapshot of the last tick; the one after the end shows the final status.</summary>
    public async Task WaitForFinalStatusAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TickPatience);
        while (Status.State is TorrentState.Checking or TorrentState.Downloading && !patience.IsCancellationRequested)
            await Task.Delay(TickWait, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
