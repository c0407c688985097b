using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>
/// Watches the torrents of a session until they are done or the user interrupts, and reports. The caller keeps owning the session and
/// always ends it, so that state is saved.
/// </summary>
internal sealed class TransferRun(Session session, ITransferReporter reporter)
{
    // A seed may run for months.
    private const int MostPeersMet = 1_000;

    private readonly List<Transfer> _transfers = [];
    private readonly Dictionary<InfoHash, Transfer> _byHash = [];
    private readonly HashSet<IPEndPoint> _peersMet = [];
    private readonly SwarmWarnings _warnings = new(reporter);

    public IReadOnlyList<Transfer> Transfers => _transfers;

    /// <summary>Whether a torrent has failed.</summary>
    public bool HasFailed => _transfers.Exists(transfer => transfer.HasFailed);

    /// <summary>Whether everything wanted is complete, so that being stopped counts as success.</summary>
    public bool IsComplete => _transfers.Count > 0 && _transfers.TrueForAll(transfer => transfer.IsComplete);

    /// <summary>Called when a torrent reports completion: returns why the result is useless nevertheless, or null.</summary>
    public Func<Transfer, string?> CompletionCheck { get; set; } = static _ => null;

    /// <summary>The program run for each complete torrent; null for none.</summary>
    public CompletionProgram? Program { get; set; }

    /// <summary>What to do when a disk fails.</summary>
    public DiskErrors DiskErrors { get; set; }

    /// <summary>The number of peers that were connected, up to a limit; known when the run has ended.</summary>
    public int PeersMet => _peersMet.Count;

    public async Task AddAsync(PlannedTransfer planned, CancellationToken cancellationToken)
    {
        Torrent torrent = await session.AddAsync(planned.Source, planned.Options, cancellationToken).ConfigureAwait(false);
        Transfer transfer = new(torrent, planned);
        _transfers.Add(transfer);
        _byHash.Add(torrent.InfoHash, transfer);
        reporter.Added(torrent.InfoHash, torrent.Name, planned.Metainfo is { } known ? new ByteSize(known.Layout.TotalLength) : null);
    }

    /// <summary>
    /// Runs until every torrent is complete or has failed, or, with <paramref name="seed"/>, until all have reached their seed limits or
    /// the user interrupts.
    /// </summary>
    /// <param name="events">The session's events, from before the torrents were added.</param>
    /// <param name="seed">Whether to continue when everything is complete.</param>
    /// <param name="cancellationToken">Cancelled when the user interrupts.</param>
    public async Task RunAsync(IAsyncEnumerable<SessionEvent> events, bool seed, CancellationToken cancellationToken)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] watchers =
        [
            ReportProgressAsync(end.Token),
            ReportEventsAsync(events, end.Token),
            WatchAllAsync(seed, end.Token),
        ];

        // Whichever ends first ends the others: everything is done, the user interrupts, or the reader of the output has gone.
        Task first = await Task.WhenAny(watchers).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(watchers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    /// <summary>A torrent that has failed does not keep the others from seeding.</summary>
    private async Task WatchAllAsync(bool seed, CancellationToken cancellationToken)
    {
        await Task.WhenAll(_transfers.Select(transfer => WatchAsync(transfer, seed, cancellationToken))).ConfigureAwait(false);
        if (!seed)
            return;
        IEnumerable<Task> seeding = _transfers.Where(transfer => transfer.IsComplete).Select(transfer => transfer.SeedingEnd);
        await Task.WhenAll(seeding).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task WatchAsync(Transfer transfer, bool seed, CancellationToken cancellationToken)
    {
        TransferFailure? failure = await LearnAsync(transfer, cancellationToken).ConfigureAwait(false)
            ?? await transfer.WaitForEndAsync(cancellationToken).ConfigureAwait(false);
        TimeSpan took = transfer.Age;
        if (failure is null)
        {
            await transfer.WaitForFinalStatusAsync(cancellationToken).ConfigureAwait(false);
            failure = CompletionCheck(transfer) is { } reason ? new TransferFailure(reason) : null;
        }

        if (failure is not null)
        {
            transfer.HasFailed = true;
            reporter.Error($"{transfer.Torrent.Name}: {failure.Message}", transfer.Torrent.InfoHash, failure.Reason);
            await StopAsync(transfer, cancellationToken).ConfigureAwait(false);
            return;
        }

        transfer.Complete(took);
        reporter.Completed(transfer.Status, took);
        if (seed)
            reporter.Seeding(transfer.Status);
        if (Program is { } program)
            await program.RunAsync(transfer, cancellationToken).ConfigureAwait(false);
    }

    private async Task StopAsync(Transfer transfer, CancellationToken cancellationToken)
    {
        try
        {
            await transfer.Torrent.StopAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (FreshetException e)
        {
            reporter.Warning($"{transfer.Torrent.Name} was stopped. {e.Message}", transfer.Torrent.InfoHash);
        }
    }

    private async Task<TransferFailure?> LearnAsync(Transfer transfer, CancellationToken cancellationToken)
    {
        if (transfer.Metainfo is not null)
            return null;
        try
        {
            reporter.Learned(transfer.Torrent.InfoHash, await transfer.LearnAsync(cancellationToken).ConfigureAwait(false));
            return null;
        }
        catch (TorrentFailedException e)
        {
            return new TransferFailure(e.Message, transfer.Status.ReasonCode);
        }
        catch (CliException e)
        {
            return new TransferFailure(e.Message);
        }
    }

    private async Task ReportProgressAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(reporter.Interval);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            reporter.Progress([.. _transfers.Select(transfer => transfer.Status)]);
    }

    private async Task ReportEventsAsync(IAsyncEnumerable<SessionEvent> events, CancellationToken cancellationToken)
    {
        await foreach (SessionEvent happened in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            switch (happened)
            {
                case SessionEvent.Warning warning:
                    reporter.Warning(
                        warning.Torrent is { } torrent ? $"{torrent.Name}: {warning.Message}" : warning.Message, warning.Torrent?.InfoHash);
                    break;
                case SessionEvent.PeerConnected connected when _peersMet.Count < MostPeersMet:
                    _peersMet.Add(connected.Peer);
                    break;
                case SessionEvent.StateChanged changed when _byHash.TryGetValue(changed.Torrent.InfoHash, out Transfer? transfer):
                    OnStateChanged(transfer, changed);
                    break;
                case SessionEvent.SeedLimitReached reached when _byHash.TryGetValue(reached.Torrent.InfoHash, out Transfer? transfer):
                    reporter.SeedingEnded(transfer.Status, reached.Limit);
                    transfer.EndSeeding();
                    break;
                case SessionEvent.PieceVerified verified when _byHash.TryGetValue(verified.Torrent.InfoHash, out Transfer? transfer):
                    transfer.HasWritten = true;
                    break;
                case SessionEvent.AnnounceFailed failed:
                    reporter.Warning($"{failed.Torrent.Name}: {failed.Tracker}: {failed.Reason}", failed.Torrent.InfoHash);
                    break;
                case SessionEvent.PieceFailed failed:
                    _warnings.OnPieceFailed(failed);
                    break;
                case SessionEvent.PeerBanned banned:
                    _warnings.OnPeerBanned(banned);
                    break;
            }
        }
    }

    private void OnStateChanged(Transfer transfer, SessionEvent.StateChanged changed)
    {
        if (changed.State == TorrentState.WaitingForDisk)
        {
            string message = changed.Reason ?? transfer.Status.Why;
            if (DiskErrors.IsFatal(changed.ReasonCode, transfer.HasWritten))
            {
                transfer.Fail(new TransferFailure(message, changed.ReasonCode));
                return;
            }

            transfer.IsWaitingForDisk = true;
            reporter.WaitingForDisk(transfer.Status, changed.ReasonCode, message);
        }
        else if (changed.State == TorrentState.Downloading && !transfer.IsWaitingForDisk && DiskErrors != DiskErrors.Wait)
        {
            // Something is missing. Without peers, nobody would notice that it cannot be written.
            if (FolderProbe.FindFailure(transfer.Torrent.Folder) is { } failure)
                transfer.Fail(failure);
        }
        else if (transfer.IsWaitingForDisk)
        {
            transfer.IsWaitingForDisk = false;
            if (changed.State is not (TorrentState.Failed or TorrentState.Stopped))
                reporter.Resumed(transfer.Status with { State = changed.State });
        }
    }
}
