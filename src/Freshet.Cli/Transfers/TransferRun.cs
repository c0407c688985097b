using System.Net;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>
/// Watches the torrents of a session until they are done or the user interrupts, and tells a reporter. The session stays its
/// caller's, who ends it in every case, so that state is saved.
/// </summary>
internal sealed class TransferRun(Session session, ITransferReporter reporter)
{
    private readonly List<Transfer> _transfers = [];
    private readonly HashSet<IPEndPoint> _peersMet = [];

    public IReadOnlyList<Transfer> Transfers => _transfers;

    /// <summary>Whether a torrent has failed.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Asked when a torrent says that it is complete: why it is of no use all the same, or null.</summary>
    public Func<Transfer, string?> CompletionCheck { get; set; } = static _ => null;

    /// <summary>How many peers were connected to; known when the run has ended.</summary>
    public int PeersMet => _peersMet.Count;

    public async Task AddAsync(TorrentSource source, Core.Metainfo.TorrentMetainfo metainfo, TorrentOptions options, CancellationToken cancellationToken)
    {
        Torrent torrent = await session.AddAsync(source, options, cancellationToken).ConfigureAwait(false);
        _transfers.Add(new Transfer(torrent, metainfo));
        reporter.Added(metainfo);
    }

    /// <summary>Runs until every torrent is complete or has failed, or with <paramref name="seed"/> until interrupted.</summary>
    /// <param name="events">The session's events, from before the torrents were added.</param>
    /// <param name="seed">Whether to go on when all is complete.</param>
    /// <param name="cancellationToken">The user's interruption.</param>
    public async Task RunAsync(IAsyncEnumerable<SessionEvent> events, bool seed, CancellationToken cancellationToken)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] watchers =
        [
            ReportProgressAsync(end.Token),
            ReportEventsAsync(events, end.Token),
            WatchAllAsync(seed, end),
        ];

        // Whichever ends first ends the others: all is done, the user interrupts, or nobody reads the output any more.
        Task first = await Task.WhenAny(watchers).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(watchers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first.ConfigureAwait(false);
    }

    private void ReportNow() => reporter.Progress([.. _transfers.Select(transfer => transfer.Status)]);

    private async Task WatchAllAsync(bool seed, CancellationTokenSource end)
    {
        await Task.WhenAll(_transfers.Select(transfer => WatchAsync(transfer, seed, end.Token))).ConfigureAwait(false);
        if (seed && !HasFailed)
            await Task.Delay(Timeout.Infinite, end.Token).ConfigureAwait(false);
    }

    private async Task WatchAsync(Transfer transfer, bool seed, CancellationToken cancellationToken)
    {
        try
        {
            await transfer.Torrent.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (TorrentFailedException e)
        {
            Fail(transfer, e.Message);
            return;
        }

        TimeSpan took = transfer.Age;
        await transfer.WaitForFinalStatusAsync(cancellationToken).ConfigureAwait(false);
        if (CompletionCheck(transfer) is { } reason)
        {
            Fail(transfer, reason);
            return;
        }

        transfer.Complete(took);
        ReportNow();
        reporter.Completed(transfer.Status, took);
        if (seed)
            reporter.Seeding(transfer.Status);
    }

    private void Fail(Transfer transfer, string reason)
    {
        HasFailed = true;
        reporter.Error($"{transfer.Torrent.Name}: {reason}", transfer.Torrent.InfoHash);
    }

    private async Task ReportProgressAsync(CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(reporter.Interval);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            ReportNow();
    }

    private async Task ReportEventsAsync(IAsyncEnumerable<SessionEvent> events, CancellationToken cancellationToken)
    {
        await foreach (SessionEvent happened in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            switch (happened)
            {
                case SessionEvent.Warning warning:
                    reporter.Warning(warning.Torrent is { } torrent ? $"{torrent.Name}: {warning.Message}" : warning.Message, warning.Torrent?.InfoHash);
                    break;
                case SessionEvent.PeerConnected connected:
                    _peersMet.Add(connected.Peer);
                    break;
                case SessionEvent.StateChanged { State: TorrentState.Paused } paused:
                    reporter.Paused(paused.Torrent.Status, paused.Reason ?? paused.Torrent.Status.Why);
                    break;
                case SessionEvent.AnnounceFailed failed:
                    reporter.Warning($"{failed.Torrent.Name}: {failed.Tracker}: {failed.Reason}", failed.Torrent.InfoHash);
                    break;
                case SessionEvent.PieceFailed failed:
                    reporter.Warning($"{failed.Torrent.Name}: piece {failed.Piece} failed its hash and is fetched again", failed.Torrent.InfoHash);
                    break;
                case SessionEvent.PeerBanned banned:
                    reporter.Warning($"{banned.Torrent.Name}: {banned.Peer} is banned: {banned.Reason}", banned.Torrent.InfoHash);
                    break;
            }
        }
    }
}
