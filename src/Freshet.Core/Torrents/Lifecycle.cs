using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// Moves a torrent through its phases: checking, then downloading or seeding depending on whether wanted pieces are missing, waiting while
/// the disk fails, and finally stopped.
/// </summary>
internal sealed class Lifecycle(TorrentContext torrent, PieceCheck check, DiskWatch disk, Fetching fetching, Presence presence)
{
    private bool _owesHaves;
    private bool _owesCompletion;

    public void Start(StartingPoint start, Timestamp now)
    {
        if (torrent.Phase is not (TorrentPhase.Stopped or TorrentPhase.Failed))
            return;
        torrent.BeginRun(now);
        torrent.WriteRight.Begin(isHeld: !start.MustClaim);

        // The stop closed connections that may be reopened, and a user who starts a torrent does not want to wait.
        torrent.Book.WakeAll();
        disk.Reset();
        _owesCompletion = false;
        _owesHaves = false;
        if (torrent.HasContent)
            TakeOver(start);
        CheckOrOpen(start, now);
    }

    /// <summary>
    /// The metadata is known, and what peers sent before is evaluated against it. A run that waited for the metadata does not know what is
    /// on disk.
    /// </summary>
    public void OnMetadata(StartingPoint start, Timestamp now)
    {
        if (torrent.Phase is not (TorrentPhase.FetchingMetadata or TorrentPhase.Queued))
            return;
        _owesHaves = true;
        torrent.WriteRight.Begin(isHeld: !start.MustClaim);
        CheckOrOpen(start, now);
    }

    private void CheckOrOpen(StartingPoint start, Timestamp now)
    {
        if (torrent.HasContent && start.ToCheck is { Count: > 0 } toCheck)
            check.Begin(toCheck);
        else
            Open(now);
    }

    public void Stop(Timestamp now) => End(new TorrentPhase.Stopped(), now);

    public void Fail(string reason, TorrentReason code, Timestamp now) => End(new TorrentPhase.Failed(reason) { Code = code }, now);

    public void OnPieceLost(PieceIndex piece, Timestamp now)
    {
        if (torrent.Ledger.Have[piece])
        {
            torrent.Ledger.MarkLost(piece);
        }
        else
        {
            torrent.Ledger.Discard(piece);
            torrent.Effects.DiscardPiece(piece);
        }

        if (torrent.Phase is TorrentPhase.Downloading)
            fetching.Update(now);
        else
            OnLedgerChanged(now);
    }

    /// <summary>Missing pieces may be written.</summary>
    public void OnDataClaimed(Timestamp now)
    {
        if (torrent.WriteRight.OnGranted())
            fetching.Update(now);
    }

    /// <summary>The disk does not let us take the right to write; once it does, the right is requested again.</summary>
    public void OnDataNotClaimed(DiskFailure failure, Timestamp now)
    {
        torrent.WriteRight.OnNotGranted();
        disk.OnFailed(failure, now);
    }

    public void OnCheckFinished(Timestamp now)
    {
        check.End();
        if (torrent.Phase is TorrentPhase.Checking)
            Open(now);
    }

    public void OnDiskRecovered(Timestamp now)
    {
        if (torrent.Phase is not TorrentPhase.WaitingForDisk)
            return;
        bool mustCheck = disk.MustCheck;
        disk.OnRecovered(now);
        if (check.IsUnfinished)
            check.GoOn(fromTheFirst: mustCheck);
        else
            Open(now);
    }

    /// <summary>A piece has completed or the wanted set has changed: the torrent may now be finished, or no longer.</summary>
    public void OnLedgerChanged(Timestamp now)
    {
        if (torrent.Phase is TorrentPhase.Downloading && torrent.Ledger.IsFinished)
            Finish(now);
        else if (torrent.Phase is TorrentPhase.Seeding && !torrent.Ledger.IsFinished)
            Open(now);
        else if (torrent.Phase is TorrentPhase.Queued queued && queued.HasAll != torrent.Ledger.IsFinished)
            Queue(now);
    }

    /// <summary>The torrent may have become active, or may have to wait.</summary>
    public void OnAllotted(Timestamp now)
    {
        bool isActive = torrent.Phase is TorrentPhase.FetchingMetadata or TorrentPhase.Downloading or TorrentPhase.Seeding;
        if (isActive && torrent.Allotment.Waits is not null)
        {
            Queue(now);
        }
        else if (torrent.Phase is TorrentPhase.Queued && torrent.Allotment.Waits is null)
        {
            // These connections ended only because we left.
            torrent.Book.WakeAll();
            Open(now);
        }
    }

    private void End(TorrentPhase phase, Timestamp now)
    {
        bool wasRunning = torrent.Phase is not (TorrentPhase.Stopped or TorrentPhase.Failed);
        torrent.IsOpenToPeers = false;
        torrent.Enter(phase);
        if (!wasRunning)
            return;
        presence.LeavePeers(now);
        torrent.WriteRight.End();
        torrent.Ledger.EndDownload();
        disk.Reset();
        check.End();
        presence.LeaveTrackers(now);
    }

    /// <summary>Takes over the state on disk at the start of a run.</summary>
    public void TakeOver(StartingPoint start)
    {
        if (start.Have.IsFull)
        {
            torrent.Ledger.MarkAllHave();
            return;
        }

        Bitfield had = torrent.Ledger.Have.Clone();
        for (PieceIndex? piece = had.FirstAtOrAfter(default); piece is { } before; piece = had.FirstAtOrAfter(new(before.Value + 1)))
        {
            if (!start.Have[before])
                torrent.Ledger.MarkLost(before);
        }

        for (PieceIndex? piece = start.Have.FirstAtOrAfter(default);
            piece is { } have;
            piece = start.Have.FirstAtOrAfter(new(have.Value + 1)))
            torrent.Ledger.MarkHave(have);
        foreach (PartialPiece partial in start.Partials)
            torrent.Ledger.TryRestore(partial.Piece, partial.Blocks.Span);
    }

    // Accepts peers and starts fetching what is missing.
    private void Open(Timestamp now)
    {
        if (torrent.Allotment.Waits is not null)
        {
            Queue(now);
            return;
        }

        bool wasSeeding = torrent.Phase is TorrentPhase.Seeding;
        torrent.IsOpenToPeers = true;
        if (!torrent.HasContent)
        {
            Await(now);
            return;
        }

        if (_owesHaves)
            presence.OnFound(now);
        _owesHaves = false;
        if (torrent.Ledger.IsFinished && _owesCompletion)
        {
            // The last piece arrived while the disk was failing for another.
            Finish(now);
            return;
        }

        _owesCompletion = !torrent.Ledger.IsFinished;
        if (_owesCompletion && !torrent.Availability.IsCounting)
            torrent.Ledger.BeginDownload(torrent.Sources.All.Select(source => source.Has));
        else if (!_owesCompletion)
            torrent.Ledger.EndDownload();
        torrent.Book.SetDownloading(_owesCompletion);
        torrent.Enter(_owesCompletion ? new TorrentPhase.Downloading() : new TorrentPhase.Seeding());
        if (wasSeeding)
            presence.OnUnfinished(now);
        SuperSeedingWish.Answer(torrent);
        presence.Begin(now);
        if (_owesCompletion)
            torrent.WriteRight.Want();
        fetching.Update(now);
    }

    // The run continues without the swarm until it is this torrent's turn. Partial pieces are kept.
    private void Queue(Timestamp now)
    {
        bool hasAll = torrent.HasContent && torrent.Ledger.IsFinished;
        if (hasAll && _owesCompletion)
        {
            torrent.Book.SetDownloading(false);
            torrent.Effects.Report(new TorrentFact.Completed(now - torrent.StartedAt));
            torrent.WriteRight.End();
        }

        _owesCompletion = torrent.HasContent && !hasAll;
        torrent.IsOpenToPeers = false;
        torrent.Enter(new TorrentPhase.Queued(hasAll));
        presence.Leave(now);
        if (torrent.HasContent)
            torrent.Ledger.EndDownload();
    }

    // Accepts peers, which can supply the metadata.
    private void Await(Timestamp now)
    {
        torrent.Book.SetDownloading(true);
        torrent.Enter(new TorrentPhase.FetchingMetadata());
        presence.Begin(now);
    }

    private void Finish(Timestamp now)
    {
        _owesCompletion = false;
        torrent.Book.SetDownloading(false);
        torrent.Enter(new TorrentPhase.Seeding());
        torrent.Effects.Report(new TorrentFact.Completed(now - torrent.StartedAt));
        SuperSeedingWish.Answer(torrent);
        fetching.End(now);
        torrent.WriteRight.End();
        torrent.Ledger.EndDownload();
        presence.OnFinished(now);
    }
}
