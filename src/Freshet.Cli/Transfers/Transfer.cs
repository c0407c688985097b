using System.Diagnostics;
using Freshet.Core.Metainfo;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>A torrent of a run, with what the run has to know of it beside its status.</summary>
internal sealed class Transfer(Torrent torrent, PlannedTransfer planned)
{
    private static readonly TimeSpan TickWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan TickPatience = TimeSpan.FromSeconds(2);

    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly TaskCompletionSource _seedingEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<TransferFailure> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Torrent Torrent => torrent;

    /// <summary>What it holds; null as long as its metadata is not known.</summary>
    public TorrentMetainfo? Metainfo { get; private set; } = planned.Metainfo;

    public TorrentStatus Status => torrent.Status;

    /// <summary>From when it was added to when all that was wanted was there; null before.</summary>
    public TimeSpan? CompletedAfter { get; private set; }

    /// <summary>Whether all that was wanted is there.</summary>
    public bool IsComplete => CompletedAfter is not null;

    /// <summary>How long ago it was added.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(_started);

    /// <summary>Ends when it has seeded enough.</summary>
    public Task SeedingEnd => _seedingEnd.Task;

    /// <summary>Whether it was given up.</summary>
    public bool HasFailed { get; set; }

    /// <summary>Whether a piece was written in this run.</summary>
    public bool HasWritten { get; set; }

    /// <summary>Whether its disk fails at the moment.</summary>
    public bool IsWaitingForDisk { get; set; }

    /// <summary>Notes that it has seeded enough.</summary>
    public void EndSeeding() => _seedingEnd.TrySetResult();

    /// <summary>Notes that all that was wanted is there.</summary>
    public void Complete(TimeSpan took) => CompletedAfter = took;

    /// <summary>Gives it up, though the engine would go on trying.</summary>
    public void Fail(TransferFailure failure) => _failure.TrySetResult(failure);

    /// <summary>Waits until the metadata of a magnet link is known, and goes on with the files that are wanted of it.</summary>
    /// <returns>What it holds.</returns>
    /// <exception cref="TorrentFailedException">The torrent has failed without it.</exception>
    /// <exception cref="CliException">It has none of the files that are wanted.</exception>
    public async Task<TorrentMetainfo> LearnAsync(CancellationToken cancellationToken)
    {
        TorrentMetainfo metainfo = await torrent.WaitForMetadataAsync(cancellationToken).ConfigureAwait(false);
        Metainfo = metainfo;
        if (planned.Choose is not { } choose)
            return metainfo;
        TorrentOptions options = torrent.Options with { FilePriorities = choose(metainfo), StopAtMetadata = false };
        await torrent.ApplyAsync(options, cancellationToken).ConfigureAwait(false);
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

    /// <summary>The status is a snapshot of the last tick; the one after the end shows the end.</summary>
    public async Task WaitForFinalStatusAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TickPatience);
        while (Status.State is TorrentState.Checking or TorrentState.Downloading && !patience.IsCancellationRequested)
            await Task.Delay(TickWait, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
